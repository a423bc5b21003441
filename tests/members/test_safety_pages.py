"""What must be known for safety: seen by few, never for ever, never in what leaves the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.privacy import export_person
from members.actions.safety import end_flag, set_flag
from members.models import SafetyFlag
from members.refusals import Refused
from tests.factories.person import PersonFactory
from tests.factories.safety_flag import SafetyFlagFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def person(desk):
    return PersonFactory(organisation=desk)


def page(name, *ids):
    return reverse(f"members:{name}", args=[getattr(one, "id", one) for one in ids])


def days(name, day):
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


def filled_in(**changes):
    return {
        "kind": "staff",
        "what_to_do": "Two together. Ring first.",
        **days("review_on", TODAY + timedelta(days=30)),
        **days("expires_on", TODAY + timedelta(days=90)),
        **changes,
    }


def test_a_flag_is_set_and_stands_on_their_page_for_those_who_visit(cast, client_as, person):
    lead = client_as(cast.hub_lead)
    answer = lead.post(page("person_flags", person), filled_in(), follow=True)
    assert "It is noted." in answer.text
    assert "Two together. Ring first." in answer.text
    staff = client_as(cast.access_point_staff)
    assert "Safety of staff and volunteers. Two together." in staff.get(page("person", person)).text
    assert Event.objects.filter(type="safety_flag:set", subject=person.id).count() == 1
    assert Event.objects.filter(type="safety_flag:viewed", subject=person.id).exists()


def test_that_an_adult_is_at_risk_is_seen_by_few(cast, client_as, person):
    SafetyFlagFactory(person=person, kind="adult", what_to_do="Speak to her alone.")
    words = "Speak to her alone."
    assert words in client_as(cast.hub_lead).get(page("person", person)).text
    assert words not in client_as(cast.access_point_staff).get(page("person", person)).text


def test_one_that_is_over_is_not_shown_as_a_warning(cast, client_as, person):
    SafetyFlagFactory(
        person=person, review_on=TODAY - timedelta(days=9), expires_on=TODAY - timedelta(days=1)
    )
    lead = client_as(cast.hub_lead)
    assert "Tuesday mornings" not in lead.get(page("person", person)).text
    assert "Last day was" in lead.get(page("person_flags", person)).text


def test_one_that_is_due_says_so(cast, client_as, person):
    SafetyFlagFactory(person=person, review_on=TODAY)
    assert (
        "To be looked at again</strong>"
        in client_as(cast.hub_lead).get(page("person_flags", person)).text
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose what kind it is"),
        ({"what_to_do": " "}, "Say what to do, or not to do"),
        ({"what_to_do": "x" * 10_000}, "Use 500 characters or fewer: this has 10000"),
        (days("expires_on", TODAY - timedelta(days=1)), "This day is over already"),
        (days("expires_on", TODAY + timedelta(days=400)), "At most a year from now"),
        (days("review_on", TODAY + timedelta(days=91)), "looked at again before its last day"),
        ({"expires_on_day": "", "expires_on_month": "", "expires_on_year": ""}, "Enter the last day"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_set(cast, client_as, person, changes, words):
    answer = client_as(cast.hub_lead).post(page("person_flags", person), filled_in(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert not SafetyFlag.objects.exists()


def test_it_is_looked_at_again_and_kept_on_or_taken_off(cast, client_as, person):
    lead = client_as(cast.hub_lead)
    flag = SafetyFlagFactory(person=person)
    sent = filled_in(what_to_do="Ring on Fridays only.")
    lead.post(page("person_flag", person, flag), sent)
    flag.refresh_from_db()
    assert flag.what_to_do == "Ring on Fridays only."
    assert flag.reviewed_at is not None
    assert flag.kind == "abuse", "what kind it is stays"
    refused = lead.post(page("person_flag", person, flag), {"why_ended": ""}).text
    assert "Say why it is taken off" in refused
    assert "<title>Error: " in refused
    lead.post(page("person_flag", person, flag), {"why_ended": "They moved."})
    flag.refresh_from_db()
    assert (flag.ended_at is not None, flag.why_ended) == (True, "They moved.")
    assert lead.get(page("person_flag", person, flag)).status_code == 404
    assert "They moved." in lead.get(page("person_flags", person)).text
    with pytest.raises(Refused):
        end_flag(flag=flag, why="Again.", by=cast.hub_lead)


def test_staff_may_not_set_and_strangers_find_nothing(cast, client_as, person):
    with pytest.raises(PermissionDenied):
        set_flag(
            person=person, kind="staff", what_to_do="x", review_on=TODAY, expires_on=TODAY,
            by=cast.access_point_staff,
        )  # fmt: skip
    stranger = client_as(cast.stranger("hub_lead"))
    assert stranger.post(page("person_flags", person), filled_in()).status_code == 404
    flag = SafetyFlagFactory(person=person)
    answer = stranger.post(page("person_flag", person, flag), {"why_ended": "x"})
    assert answer.status_code == 404
    flag.refresh_from_db()
    assert flag.ended_at is None


def test_another_persons_flag_is_not_reached_from_here(cast, client_as, person, desk):
    flag = SafetyFlagFactory(person=PersonFactory(organisation=desk))
    assert client_as(cast.hub_lead).get(page("person_flag", person, flag)).status_code == 404


def test_it_is_not_in_the_copy_that_they_are_given(cast, person):
    SafetyFlagFactory(person=person, what_to_do="Speak to her alone.")
    assert "Speak to her" not in export_person(person.id, by=cast.data_protection_lead).as_json()
