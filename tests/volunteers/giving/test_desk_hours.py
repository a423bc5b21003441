"""The desk: several confirmed at once, what two do not agree on, and what one volunteer gave."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.user import UserFactory
from tests.factories.volunteering import given_hours, volunteer
from tests.volunteers.test_races import at_once
from volunteers.actions.hours import confirm_hours, settle_hours
from volunteers.models import Hours, Volunteer
from volunteers.refusals import SameSide

pytestmark = pytest.mark.django_db


def test_several_are_confirmed_at_once_and_a_stranger_s_are_not(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    mine = [given_hours(who, minutes=30 * n) for n in (1, 2, 3)]
    theirs = given_hours(volunteer())
    client, address = client_as(cast.volunteer_manager), reverse("volunteers:hours_confirm")
    assert client.post(address, {"hours": [mine[0].pk, theirs.pk]}).status_code == 404
    assert not Hours.objects.counted().exists()
    page = client.post(address, {"hours": [m.pk for m in mine[:2]]}, follow=True).content.decode()
    assert "2 entries are confirmed" in page
    assert set(Hours.objects.counted()) == set(mine[:2])
    assert client.post(address, {"hours": ["no"]}).status_code == 404
    assert "Tick the hours" in client.post(address, {}, follow=True).content.decode()


def test_lists_and_the_trail_of_who_was_on_them(cast: Cast, who: Volunteer, client_as: Any) -> None:
    given_hours(who)
    given_hours(who, side="organisation")
    given_hours(who, state="disputed")
    client = client_as(cast.volunteer_manager)
    for show in ("confirm", "disputed", "theirs", "counted"):
        page = client.get(reverse("volunteers:hours_desk") + f"?show={show}").content.decode()
        assert (who.person.family_name in page) is (show != "counted")
    assert client.get(reverse("volunteers:hours_desk") + "?show=x").status_code == 404
    seen = Event.objects.filter(type="hours:listed").first()
    assert seen.details["people"] == [str(who.person_id)]


def test_disputed_then_settled_with_a_reason(cast: Cast, who: Volunteer, client_as: Any) -> None:
    hours = given_hours(who)
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:hours_one", args=[hours.pk])
    answer = client.post(address, {"do": "dispute", "words": ""})
    assert answer.status_code == 422
    client.post(address, {"do": "dispute", "words": "It was one hour", "hours": "1"})
    hours.refresh_from_db()
    assert (hours.state, hours.minutes_disputed) == ("disputed", 60)
    said = client.post(address, {"do": "settle", "hours": "1", "because": ""}).content.decode()
    assert "Say why: both sides read it" in said
    client.post(address, {"do": "settle", "hours": "1", "because": "The rota says one hour"})
    hours.refresh_from_db()
    assert (hours.state, hours.minutes, hours.minutes_logged) == ("settled", 60, 90)
    own = client_as(cast.nobody).get(reverse("volunteers:my_hours_one", args=[hours.pk]))
    assert "The rota says one hour" in own.content.decode()


def test_said_on_the_phone_is_written_down_by_a_colleague(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    hours = given_hours(who, side="organisation", logged_by=cast.volunteer_manager)
    address = reverse("volunteers:hours_one", args=[hours.pk])
    client_as(cast.volunteer_manager).post(address, {"do": "told"})
    hours.refresh_from_db()
    assert hours.state == "logged"
    colleague = UserFactory(
        role="volunteer_manager", role__organisation_id=cast.organisation_id, second_factor=True
    )
    client_as(colleague).post(address, {"do": "told"})
    hours.refresh_from_db()
    assert (hours.state, hours.confirmed_by) == ("confirmed", colleague)
    with pytest.raises(SameSide):
        confirm_hours(hours=given_hours(who), by=colleague, on_the_phone=True)


def test_the_desk_writes_down_for_its_own_organisation_alone(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    other = volunteer()
    client = client_as(cast.volunteer_manager)
    assert client.get(reverse("volunteers:hours_add", args=[other.pk])).status_code == 404
    today = timezone.localdate()
    client.post(
        reverse("volunteers:hours_add", args=[who.pk]),
        {
            "task": f"at:{who.organisation_id}", "hours": "2", "key": str(uuid.uuid4()),
            "day_day": today.day, "day_month": today.month, "day_year": today.year,
        },
    )  # fmt: skip
    hours = Hours.objects.get()
    assert (hours.minutes, hours.logged_side) == (120, "organisation")
    assert "2 hours" in client.get(reverse("volunteers:given", args=[who.pk])).content.decode()


@pytest.mark.parametrize("name", ["hours_desk", "given"])
def test_twice_the_rows_take_as_many_queries(
    cast: Cast, who: Volunteer, client_as: Any, name: str
) -> None:
    client = client_as(cast.volunteer_manager)
    address = reverse(f"volunteers:{name}", args=[who.pk] if name == "given" else [])

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    for _number in range(3):
        given_hours(who if name == "given" else volunteer(organisation=who.organisation))
    client.get(address)
    few = queries()
    for _number in range(3):
        given_hours(who if name == "given" else volunteer(organisation=who.organisation))
    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_two_people_settle_and_confirm_at_once() -> None:
    who = volunteer()
    managers = [
        UserFactory(role="volunteer_coordinator", second_factor=True) for _number in range(2)
    ]
    hours = given_hours(who)
    came = at_once(*(lambda m=m: confirm_hours(hours=hours, by=m) for m in managers))  # type: ignore[misc]
    assert {one.confirmed_by_id for one in came} < {m.pk for m in managers}
    assert Event.objects.filter(type="hours:confirmed").count() == 1
    disputed = given_hours(who, state="disputed")
    came = at_once(
        *(
            lambda m=m, n=n: settle_hours(hours=disputed, minutes=n, because="Heard both", by=m)
            for n, m in enumerate(managers, start=30)
        )  # type: ignore[misc]
    )
    assert len([one for one in came if isinstance(one, Exception)]) == 1
