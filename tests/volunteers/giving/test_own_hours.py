"""A volunteer's own pages: signed in, and by their link."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from dcsn.messages.sealed import opened
from tests.conftest import Cast
from tests.factories.person import PersonFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    agreed_visit,
    given_hours,
    help_request,
    volunteer,
)
from volunteers.actions.help import finish_help
from volunteers.giving.links import token_of
from volunteers.models import Hours, ShiftPlace, Visit, Volunteer

pytestmark = pytest.mark.django_db


def typed(task: str, **more: Any) -> dict[str, Any]:
    return {"task": task, "key": str(uuid.uuid4()), **more}


def past_visit(who: Volunteer, *, minutes: int = 60) -> Visit:
    row = help_request(state="matched", organisation=who.organisation, who=who)
    visit = agreed_visit(row.offers.get(state="accepted"))
    begins = timezone.now() - timedelta(days=1)
    Visit.objects.filter(pk=visit.pk).update(
        starts_at=begins, ends_at=begins + timedelta(minutes=minutes)
    )
    visit.refresh_from_db()
    return visit


def test_a_part_of_a_shift_is_written_down_once(cast: Cast, who: Volunteer, client_as: Any) -> None:
    role = OpportunityFactory(organisation=who.organisation)
    begins = timezone.now() - timedelta(days=2)
    shift = ShiftFactory(opportunity=role, starts_at=begins)
    place = ShiftPlace.objects.create(shift=shift, volunteer=who, state="confirmed")
    client, address = client_as(cast.nobody), reverse("volunteers:my_hours_add")
    assert role.name in client.get(address).content.decode()
    for _press in range(2):
        client.post(address, typed(f"shift:{place.pk}", minutes="45"))
    hours = Hours.objects.get()
    assert (hours.minutes, hours.shift_place, hours.logged_side) == (45, place, "volunteer")
    assert hours.day == timezone.localdate(begins)
    # It is not offered again.
    assert f"shift:{place.pk}" not in client.get(address).content.decode()


def test_a_whole_visit_needs_no_time_and_names_nobody(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    visit = past_visit(who, minutes=80)
    client, address = client_as(cast.nobody), reverse("volunteers:my_hours_add")
    page = client.get(address).content.decode()
    assert visit.offer.help_request.person.family_name not in page
    client.post(address, typed(f"visit:{visit.pk}"))
    assert (Hours.objects.get().minutes, Hours.objects.get().offer) == (80, visit.offer)


def test_nothing_typed_is_lost(cast: Cast, who: Volunteer, client_as: Any) -> None:
    data = typed(f"at:{who.organisation_id}", hours="2", minutes="75", day_day="3", day_month="")
    page = client_as(cast.nobody).post(reverse("volunteers:my_hours_add"), data).content.decode()
    assert not Hours.objects.exists()
    assert "less than or equal to 59" in page
    assert "The date must include a month" in page
    assert 'value="75"' in page
    page = (
        client_as(cast.nobody)
        .post(reverse("volunteers:my_hours_add"), {"key": ""})
        .content.decode()
    )
    assert "Choose what it was for" in page


def test_another_s_task_cannot_be_chosen(cast: Cast, who: Volunteer, client_as: Any) -> None:
    theirs = past_visit(volunteer(organisation=who.organisation))
    client_as(cast.nobody).post(
        reverse("volunteers:my_hours_add"), typed(f"visit:{theirs.pk}", minutes="30")
    )
    assert not Hours.objects.exists()


def test_what_the_organisation_wrote_is_confirmed_or_disputed(
    cast: Cast, who: Volunteer, client_as: Any
) -> None:
    right, wrong = (given_hours(who, side="organisation") for _number in range(2))
    client = client_as(cast.nobody)
    assert "Is this right?" in client.get(reverse("volunteers:my_hours")).content.decode()
    client.post(reverse("volunteers:my_hours_one", args=[right.pk]))
    address = reverse("volunteers:my_hours_one", args=[wrong.pk])
    said = client.post(address, {"words": "", "hours": "2"}).content.decode()
    assert "Say what is not right" in said
    client.post(address, {"words": "I stayed longer", "hours": "2", "minutes": ""})
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert (right.state, right.confirmed_by) == ("confirmed", cast.nobody)
    assert (wrong.state, wrong.minutes_disputed) == ("disputed", 120)


def test_nobody_opens_another_s(cast: Cast, who: Volunteer, client_as: Any) -> None:
    theirs = given_hours(volunteer(), side="organisation")
    client = client_as(cast.nobody)
    for method in (client.get, client.post):
        address = reverse("volunteers:my_hours_one", args=[theirs.pk])
        assert method(address).status_code == 404
    link = reverse("volunteers:link_hours_one", args=[token_of(who.pk), theirs.pk])
    assert Client().post(link).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "logged"


def test_the_link_does_the_same_and_ends(who: Volunteer) -> None:
    hours = given_hours(who, side="organisation")
    token = token_of(who.pk)
    client = Client()
    answer = client.get(reverse("volunteers:link_hours", args=[token]))
    assert answer["Cache-Control"].startswith("no-store, private")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    client.post(reverse("volunteers:link_hours_one", args=[token, hours.pk]))
    hours.refresh_from_db()
    assert (hours.state, hours.confirmed_by) == ("confirmed", None)
    add = reverse("volunteers:link_hours_add", args=[token])
    today = timezone.localdate()
    client.post(
        add,
        typed(
            f"at:{who.organisation_id}", hours="1", day_day=today.day, day_month=today.month,
            day_year=today.year,
        ),
    )  # fmt: skip
    assert Hours.objects.waiting().get().logged_side == "volunteer"
    assert client.get(reverse("volunteers:link_hours", args=[token[:-1] + "x"])).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert client.get(reverse("volunteers:link_hours", args=[token])).status_code == 404


def test_help_that_is_done_is_written_down_for_the_volunteer_to_confirm(
    cast: Cast, who: Volunteer
) -> None:
    visit = past_visit(who, minutes=50)
    for _press in range(2):
        finish_help(help_request=visit.offer.help_request, by=cast.volunteer_manager)
    hours = Hours.objects.get()
    assert (hours.minutes, hours.logged_side, hours.state) == (50, "organisation", "logged")
    message = Message.objects.get(to_address="robin@example.org", subject__startswith="Is this")
    # The link stands in no table.
    assert token_of(who.pk)[:32] not in message.body
    link = re.search(rf"{settings.SITE_ADDRESS}(\S+)", opened(message.body))
    assert link is not None
    assert "50 minutes" in Client().get(link[1]).content.decode()


def test_help_without_a_visit_counts_what_was_asked_and_the_volunteer_s_word_is_theirs(
    cast: Cast, who: Volunteer
) -> None:
    row = help_request(state="in-progress", organisation=who.organisation, who=who)
    finish_help(help_request=row, by=cast.nobody)
    hours = Hours.objects.get()
    assert (hours.minutes, hours.logged_side, hours.logged_by) == (60, "volunteer", cast.nobody)


def test_the_person_s_word_is_enough(who: Volunteer) -> None:
    from tests.factories.user import UserFactory

    neighbour = UserFactory()
    person = PersonFactory(organisation=who.organisation, user=neighbour)
    row = help_request(state="in-progress", organisation=who.organisation, who=who, person=person)
    finish_help(help_request=row, by=neighbour)
    assert Hours.objects.get().logged_side == "organisation"


def test_what_was_written_down_before_stays(cast: Cast, who: Volunteer, client_as: Any) -> None:
    visit = past_visit(who)
    client_as(cast.nobody).post(
        reverse("volunteers:my_hours_add"), typed(f"visit:{visit.pk}", minutes="20")
    )
    finish_help(help_request=visit.offer.help_request, by=TESTS)
    assert Hours.objects.get().minutes == 20


def test_twice_the_rows_take_as_many_queries(cast: Cast, who: Volunteer, client_as: Any) -> None:
    client, address = client_as(cast.nobody), reverse("volunteers:my_hours")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    for _number in range(3):
        given_hours(who, side="organisation", offer=past_visit(who).offer)
    client.get(address)
    few = queries()
    for _number in range(3):
        given_hours(who, side="organisation", offer=past_visit(who).offer)
    assert queries() == few


def test_who_is_no_volunteer_is_shown_the_roles(cast: Cast, client_as: Any) -> None:
    page = client_as(cast.nobody).get(reverse("volunteers:my_hours")).content.decode()
    assert reverse("volunteers:roles") in page
