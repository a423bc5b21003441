"""Every state ages out: final ones, drafts, those of which nothing more was heard, and every enquiry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dcsn.privacy import erase_person, export_person
from dcsn.privacy.retention import run_retention
from members.models import Person
from referrals.models import Concern, Enquiry, FollowUp, Referral
from referrals.states import FINAL, OPEN, State
from tests.conftest import Cast
from tests.factories.checklist import checklist
from tests.factories.concern import concern
from tests.factories.hold import LegalHoldFactory
from tests.factories.person import PersonFactory
from tests.factories.referral import EnquiryFactory, referral

pytestmark = pytest.mark.django_db

DRAFT, INFORMATION, CASE = 90, 730, 2922
KEPT_FOR = dict.fromkeys(State, CASE) | {
    State.DRAFT: DRAFT,
    State.ENTERED_IN_ERROR: DRAFT,
}
ENQUIRY_KEPT_FOR = dict.fromkeys(Enquiry.State, INFORMATION) | {
    Enquiry.State.OPEN: DRAFT,
    Enquiry.State.ABANDONED: DRAFT,
    Enquiry.State.ENTERED_IN_ERROR: DRAFT,
}


def run_in(days: int, **other: Any) -> Any:
    return run_retention(now=timezone.now() + timedelta(days=days, **other))


@pytest.mark.parametrize("state", State.values)
def test_a_referral_in_every_state_is_emptied_in_its_time_and_not_before(state: str) -> None:
    made = referral(state=state, reason_text="She fell on Monday")
    days = KEPT_FOR[State(state)]

    run_in(days - 1)
    made.refresh_from_db()
    assert made.anonymised_at is None
    assert made.reason_text == "She fell on Monday"

    run_in(days + 1)
    made.refresh_from_db()
    assert (made.person, made.reason_text, made.consent) == (None, "", None)
    assert made.anonymised_at is not None
    assert made.state in FINAL, "nobody waits for an answer about somebody who is forgotten"
    if state in FINAL:
        assert made.state == state, "what came of it still counts"
    texts = set(made.changes.values_list("reason_text", "by_name", "by_user"))
    assert texts == {("", "", None)}


def test_no_state_is_forgotten_by_the_table_above() -> None:
    assert set(KEPT_FOR) == set(State)
    assert {State.DRAFT} | OPEN | FINAL == set(State)


@pytest.mark.parametrize("state", Enquiry.State.values)
@pytest.mark.parametrize("anonymous", [True, False], ids=["anonymous", "of a person"])
def test_an_enquiry_in_every_state_is_emptied_in_its_time_and_not_before(
    state: str, anonymous: bool
) -> None:
    finished = None if state == Enquiry.State.OPEN else timezone.now()
    made = EnquiryFactory(
        state=state,
        started_at=timezone.now() - timedelta(minutes=5),
        finished_at=finished,
        person=None if anonymous else PersonFactory(),
        words="My neighbour Winifred fell",
        wants="A rail",
        outward="DL3",
    )
    days = ENQUIRY_KEPT_FOR[Enquiry.State(state)]

    run_in(days - 1)
    made.refresh_from_db()
    assert made.words == "My neighbour Winifred fell"

    run_in(days + 1)
    made.refresh_from_db()
    assert (made.person, made.words, made.wants, made.outward) == (None, "", "", "")
    assert made.anonymised_at is not None
    assert made.state == (Enquiry.State.ABANDONED if state == Enquiry.State.OPEN else state)


def test_an_enquiry_is_kept_as_long_as_its_referral_and_goes_after_it() -> None:
    made = referral(state="completed")
    Enquiry.objects.update(state="referred", finished_at=timezone.now())
    run_in(INFORMATION + 1)
    assert Enquiry.objects.get().anonymised_at is None
    run_in(CASE + 1)
    run_in(CASE + 1, seconds=1)
    made.refresh_from_db()
    assert made.anonymised_at is not None
    assert Enquiry.objects.get().anonymised_at is not None


def test_whoever_comes_back_keeps_their_earlier_enquiries() -> None:
    person = PersonFactory()
    for days in (900, 100):
        made = EnquiryFactory(person=person, finished=True)
        day = timezone.now() - timedelta(days=days)
        Enquiry.objects.filter(pk=made.pk).update(started_at=day, finished_at=day)
    run_retention()
    assert not Enquiry.objects.exclude(anonymised_at=None).exists()
    run_in(INFORMATION - 99)
    assert Enquiry.objects.exclude(anonymised_at=None).count() == 2


def test_somebody_who_was_helped_is_remembered_eight_years_somebody_informed_two() -> None:
    helped, informed, waiting = PersonFactory(), PersonFactory(), PersonFactory()
    referral(state="completed", person=helped)
    referral(state="requested", person=waiting)
    EnquiryFactory(person=informed, finished=True)

    run_in(INFORMATION + 1)
    forgotten = set(Person.objects.exclude(erased_at=None).values_list("pk", flat=True))
    assert forgotten == {informed.pk}

    # A night forgets the referrals, the next the person: nothing is kept for want of the other.
    for second in range(3):
        run_in(CASE + 1, seconds=second)
    assert set(Person.objects.filter(erased_at=None)) == set()


def test_a_draft_alone_is_no_case() -> None:
    person = PersonFactory()
    referral(person=person)
    run_in(INFORMATION + 1)
    run_in(INFORMATION + 1, seconds=1)
    person.refresh_from_db()
    assert person.erased_at is not None


def test_a_hold_keeps_referrals_and_enquiries_too() -> None:
    made = referral(state="rejected", reason_text="Kept for the court")
    LegalHoldFactory(subject=made.person_id)
    run_in(CASE + 1)
    made.refresh_from_db()
    assert made.reason_text == "Kept for the court"
    assert made.enquiry.anonymised_at is None


@pytest.mark.parametrize("state", sorted({State.DRAFT} | OPEN))
def test_who_is_forgotten_while_a_referral_is_under_way_leaves_none_behind(
    state: str, cast: Cast
) -> None:
    made = referral(state=state)
    erase_person(made.person_id, by=cast.coordinator, reason="asked")
    made.refresh_from_db()
    assert made.state in FINAL
    assert made.person is None
    assert not FollowUp.objects.filter(referral=made, state__in=["due", "waiting"]).exists()


def test_counts_stay(cast: Cast) -> None:
    for state in FINAL:
        referral(state=state)
    before = {state: Referral.objects.filter(state=state).count() for state in FINAL}
    run_in(CASE + 1)
    assert {state: Referral.objects.filter(state=state).count() for state in FINAL} == before
    assert Referral.objects.filter(person__isnull=False).count() == 0


def test_a_copy_holds_what_was_asked_and_what_came_of_it(cast: Cast) -> None:
    made = referral(state="rejected", reason_text="A rail by the bath")
    text = export_person(made.person_id, by=cast.data_protection_lead).as_json()
    assert "A rail by the bath" in text
    assert "turned down" in text
    assert "Mum fell and wants help with baths" in text


def test_who_came_with_a_checklist_is_forgotten_with_its_enquiry() -> None:
    visit = checklist()
    assert visit.visitor_name
    for second in range(2):
        run_in(CASE + 1, seconds=second)
    visit.refresh_from_db()
    assert visit.visitor_name == ""
    assert visit.enquiry.anonymised_at is not None


def test_a_settled_concern_is_kept_eight_years_and_an_open_one_longer() -> None:
    settled = concern(state=Concern.State.NO_FURTHER_ACTION, what="He takes her money")
    waiting = concern(what="He takes her money")
    run_in(CASE - 1)
    settled.refresh_from_db()
    assert settled.what == "He takes her money"
    run_in(CASE + 1)
    settled.refresh_from_db()
    waiting.refresh_from_db()
    assert (settled.what, settled.person, waiting.what) == ("", None, "He takes her money")
