"""What volunteers agree to is written version by version, and never changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.volunteering import TESTS, volunteer
from volunteers.actions.policies import agree_policy, write_policy
from volunteers.becoming.policies import policies_for
from volunteers.models import PolicyVersion
from volunteers.refusals import ChangedMeanwhile, NotPossible

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


def write(organisation: Any, **more: Any) -> PolicyVersion:
    return write_policy(
        organisation=organisation,
        by=TESTS,
        **{"title": "Safe", "text": "Tell us.", "in_force_from": timezone.localdate(), **more},
    )


def typed(day: date, **more: Any) -> dict[str, Any]:
    return {
        "title": "Keeping people safe",
        "text": "Tell us the same day.",
        "in_force_from_day": day.day,
        "in_force_from_month": day.month,
        "in_force_from_year": day.year,
        **more,
    }


def test_a_new_version_is_asked_for_anew_and_what_was_agreed_stays(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    who = volunteer(organisation=ours)
    client = client_as(cast.volunteer_manager)
    today = timezone.localdate()
    new = reverse("volunteers:desk_policy_new")
    wrong = client.post(new, typed(today - timedelta(days=1), title="", whose=ours.pk))
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Choose today or a later day" in text
    assert "Tell us the same day." in text, "nothing that was typed is lost"
    for _time in range(2):
        client.post(new, typed(today, whose=ours.pk))
    first = PolicyVersion.objects.get()
    agree_policy(volunteer=who, policy=first, how="spoken", by=TESTS)
    assert policies_for(who) == []
    page = reverse("volunteers:desk_policy", args=[first.pk])
    client.post(page, typed(today, text="Tell us within the hour."))
    second = PolicyVersion.objects.get(number=2)
    assert policies_for(who) == [second]
    first.refresh_from_db()
    assert first.text == "Tell us the same day."
    assert who.agreements.get().policy == first
    late = client.post(page, typed(today, text="Somebody else’s words."))
    assert late.status_code == 422
    assert "Somebody else has written the next version" in late.content.decode()
    assert "Tell us the same day." in client.get(page).content.decode()


def test_a_version_still_to_come_is_not_asked_for_yet(ours: Any) -> None:
    who = volunteer(organisation=ours)
    first = write(ours)
    write(ours, after=first, in_force_from=timezone.localdate() + timedelta(days=9))
    assert policies_for(who) == [first]


def test_two_at_once_and_the_same_title_again(ours: Any) -> None:
    first = write(ours)
    assert write(ours) == first
    with pytest.raises(NotPossible):
        write(ours, text="Other words.")
    write(ours, after=first, text="One.")
    with pytest.raises(ChangedMeanwhile):
        write(ours, after=first, text="Two.")


def test_a_manager_writes_for_their_own_organisation_only(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    networks = write(None, title="For everybody")
    manager = cast.volunteer_manager
    with pytest.raises(PermissionDenied):
        write_policy(
            organisation=None,
            title="Mine",
            text="–",
            in_force_from=timezone.localdate(),
            by=manager,
        )
    client = client_as(manager)
    assert client.get(reverse("volunteers:desk_policy", args=[networks.pk])).status_code == 404
    listed = reverse("volunteers:desk_policies_written")
    assert "For everybody" not in client.get(listed).content.decode()
    assert "For everybody" in client_as(cast.volunteer_coordinator).get(listed).content.decode()


def test_twice_as_many_take_as_many_queries(cast: Cast, ours: Any, client_as: Any) -> None:
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_policies_written")
    counts = []
    for begin in (0, 3):
        for number in range(begin, begin + 3):
            write(ours, title=f"Policy {number}")
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
