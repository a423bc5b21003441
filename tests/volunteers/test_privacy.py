"""A copy of what is known, being forgotten, two records as one, and how long things are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dcsn.privacy import erase_person, export_person, merge_people, undo_merge
from dcsn.privacy.retention import run_retention
from tests.conftest import Cast
from tests.factories.person import PersonFactory
from tests.factories.volunteering import (
    TESTS,
    InterestFactory,
    help_request,
    passed_check,
    volunteer,
)
from volunteers.actions.not_with import keep_apart
from volunteers.models import (
    Availability,
    Check,
    EmergencyContact,
    HelpRequest,
    NotWith,
    ParentConfirmation,
    Volunteer,
)
from volunteers.states import HelpState, VolunteerState

pytestmark = pytest.mark.django_db


def full() -> Volunteer:
    who = volunteer(hopes="To meet people", support_needs="Somebody beside me at first")
    Availability.objects.create(volunteer=who, weekday=2, starts="09:00", ends="12:00")
    EmergencyContact.objects.create(volunteer=who, name="A sister", phone="01632 960 444")
    ParentConfirmation.objects.create(volunteer=who, name="A mother", phone="01632 960 445")
    passed_check(who, certificate_number="001234567890")
    return who


def test_a_copy_says_what_is_known_and_not_whom_they_are_kept_apart_from(cast: Cast) -> None:
    who = full()
    row = help_request(state="matched", who=who)
    keep_apart(volunteer=who, person=PersonFactory(), said_by="staff", by=TESTS, reason="A quarrel")
    text = export_person(who.person.id, by=cast.data_protection_lead).as_json()
    for known in (
        "To meet people",
        "Somebody beside me",
        "A sister",
        "001234567890",
        who.reference,
    ):
        assert known in text
    assert "A quarrel" not in text
    asked = export_person(row.person.id, by=cast.data_protection_lead).as_json()
    assert row.reference in asked
    assert who.person.name not in asked


@pytest.mark.parametrize("state", VolunteerState.values)
def test_a_forgotten_volunteer_is_counted_and_nothing_else(cast: Cast, state: str) -> None:
    who = volunteer(state=state, hopes="To meet people")
    passed_check(who)
    erase_person(who.person.id, by=cast.coordinator, reason="asked")
    who.refresh_from_db()
    assert (who.person, who.hopes, who.anonymised_at is not None) == (None, "", True)
    assert not Check.objects.exists()
    assert not Volunteer.objects.visible_to(cast.volunteer_coordinator).exists()


def test_who_waited_for_a_forgotten_volunteer_is_looked_after(cast: Cast) -> None:
    who = volunteer()
    row = help_request(state="matched", who=who)
    erase_person(who.person.id, by=cast.coordinator, reason="asked")
    row.refresh_from_db()
    assert row.state == HelpState.TRIAGED


@pytest.mark.parametrize("state", HelpState.values)
def test_a_forgotten_request_is_counted_and_nothing_else(cast: Cast, state: str) -> None:
    row = help_request(state=state)
    erase_person(row.person.id, by=cast.coordinator, reason="asked")
    row.refresh_from_db()
    assert (row.person, row.what, row.is_final) == (None, "", True)


def test_two_records_of_one_person_become_one(cast: Cast) -> None:
    who = volunteer()
    NotWith.objects.create(volunteer=volunteer(), person=who.person, said_by="staff")
    other = PersonFactory(organisation=who.person.organisation)
    merge_people(old=who.person.id, current=other.id, by=cast.coordinator)
    assert list(Volunteer.objects.all().of_person(other)) == [who]
    assert NotWith.objects.get().person == other


def test_two_records_that_both_volunteer_become_one_and_two_again(cast: Cast) -> None:
    old, current = full(), volunteer(state="applied")
    organisation = old.organisation
    row = help_request(state="matched", who=old)
    asked = row.offers.get()
    likes = InterestFactory()
    old.interests.add(likes)
    alias = merge_people(old=old.person.id, current=current.person.id, by=cast.coordinator)
    asked.refresh_from_db()
    current.refresh_from_db()
    old.refresh_from_db()
    assert (asked.volunteer, asked.state) == (current, "accepted")
    assert (current.state, old.state) == (VolunteerState.ACTIVE, VolunteerState.LEFT)
    assert list(current.interests.all()) == [likes]
    assert Check.objects.get().volunteer == current
    assert current.standings.current().filter(organisation=organisation).exists()
    assert not Volunteer.objects.all().without_next_step().exists()
    undo_merge(alias=alias, by=cast.coordinator)
    asked.refresh_from_db()
    old.refresh_from_db()
    assert asked.volunteer == old
    assert old.state == VolunteerState.APPLIED
    assert Check.objects.get().volunteer == old
    assert list(old.interests.all()) == [likes]


@pytest.mark.parametrize("state", VolunteerState.values)
def test_no_volunteer_is_kept_for_ever(state: str) -> None:
    who = volunteer(state=state)
    run_retention(now=timezone.now() + timedelta(days=729))
    who.refresh_from_db()
    assert who.anonymised_at is None
    run_retention(now=timezone.now() + timedelta(days=732), key="later")
    who.refresh_from_db()
    assert who.anonymised_at is not None


@pytest.mark.parametrize("state", HelpState.values)
def test_no_request_is_kept_for_ever(state: str) -> None:
    row = help_request(state=state)
    run_retention(now=timezone.now() + timedelta(days=732))
    assert HelpRequest.objects.get(pk=row.pk).anonymised_at is not None
