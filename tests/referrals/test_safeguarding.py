"""A concern's states, who decides, who is told, and that nobody else learns of it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dcsn.audit import SystemJob
from dcsn.audit.models import AppendOnlyError, Event
from dcsn.messages.models import Message
from dcsn.privacy import erase_person, export_person
from dcsn.privacy.models import Erasure
from referrals.actions.enquiries import open_enquiry
from referrals.models import Concern, ConcernChange
from referrals.models.concern import add_working_days
from referrals.refusals import ChangedMeanwhile, NotPossible, ReasonMissing, Refused
from referrals.safeguarding.deciding import move_concern
from referrals.safeguarding.privacy import empty_concerns
from referrals.safeguarding.raising import Source, Worry, raise_concern, source_or_404
from referrals.safeguarding.telling import escalate_waiting
from tests.conftest import Cast
from tests.factories.concern import WHAT, concern, lead_at, source_for, staff_at
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import EnquiryFactory, referral

State = Concern.State
pytestmark = pytest.mark.django_db


# --- Raising ---


def test_raising_needs_no_consent_and_writes_history_audit_and_a_reference() -> None:
    desk = access_point()
    person = PersonFactory(organisation=desk)
    staff = staff_at(desk)
    raised = raise_concern(
        source=source_for(person), worry=Worry(at_risk="them", what=WHAT, knows="yes"), by=staff
    )
    row = raised.concern
    assert row.reference.startswith("N-")
    assert [(step.number, step.to_state, step.by) for step in row.changes.all()] == [
        (0, State.RAISED, staff)
    ]
    assert row.look_by == add_working_days(timezone.localdate(), 1)
    event = Event.objects.get(type="concern:raised")
    assert event.subject == row.id, "about the concern: no list of what happened to a person has it"


def test_the_same_form_sent_twice_is_one_concern() -> None:
    desk = access_point()
    staff, source = staff_at(desk), source_for(PersonFactory(organisation=desk))
    worry = Worry(at_risk="them", what=WHAT, knows="no")
    first = raise_concern(source=source, worry=worry, by=staff, key=source.id)
    again = raise_concern(source=source, worry=worry, by=staff, key=source.id)
    assert first.concern == again.concern
    assert Concern.objects.count() == 1


def test_somebody_elses_key_finds_nothing_and_loses_nothing() -> None:
    desk = access_point()
    source = source_for(PersonFactory(organisation=desk))
    worry = Worry(at_risk="them", what=WHAT, knows="no")
    both = [
        raise_concern(source=source, worry=worry, by=staff_at(desk), key=source.id).concern
        for _person in range(2)
    ]
    assert both[0].pk != both[1].pk
    assert both[0].raised_by != both[1].raised_by


@pytest.mark.parametrize(
    "worry",
    [
        Worry(at_risk="them", what="   ", knows="no", who="A neighbour"),
        Worry(at_risk="them", what=WHAT, knows="no", who="  "),
        Worry(at_risk="nobody", what=WHAT, knows="no", who="A neighbour"),
        Worry(at_risk="them", what="x" * 4001, knows="no", who="A neighbour"),
    ],
    ids=["says nothing", "about nobody", "no such risk", "too long"],
)
def test_a_concern_that_cannot_be_is_refused(worry: Worry) -> None:
    desk = access_point()
    with pytest.raises(ValidationError):
        raise_concern(source=Source("enquiry", desk.id, desk), worry=worry, by=staff_at(desk))
    assert not Concern.objects.exists()


def test_it_is_raised_only_from_what_one_may_see(cast: Cast) -> None:
    row = referral(state="requested", requester=access_point(cast.organisation_id))
    assert source_or_404(cast.access_point_staff, "referral", row.id).person == row.person
    assert source_or_404(cast.access_point_staff, "enquiry", row.enquiry_id).enquiry == row.enquiry
    assert source_or_404(cast.access_point_staff, "person", row.person_id).person == row.person
    for user in (cast.stranger("access_point_staff"), cast.stranger("referral_receiver")):
        for kind, identifier in (
            ("referral", row.id),
            ("enquiry", row.enquiry_id),
            ("person", row.person_id),
            ("checklist", row.id),
            ("no such kind", row.id),
        ):
            with pytest.raises(Http404):
                source_or_404(user, kind, identifier)


# --- Deciding ---


@pytest.mark.parametrize("to", Concern.SETTLED)
def test_what_is_decided_at_the_first_look_goes_by_way_of_looking(to: str) -> None:
    row = concern(state=to)
    assert [step.to_state for step in row.changes.order_by("number")] == ["raised", "triaged", to]
    assert row.settled_at is not None


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(State.values), st.sampled_from(["Why so", "", "  "])),
        max_size=6,
    )
)
@pytest.mark.usefixtures("transactional_examples")
def test_no_way_leaves_a_settled_state_and_none_goes_without_its_reason(
    steps: list[tuple[str, str]],
) -> None:
    row = concern()
    lead = lead_at(row.organisation)
    for to, why in steps:
        before = row.state
        try:
            row = move_concern(concern=row, to=to, by=lead, decision=why)
        except Refused:
            row.refresh_from_db()
            assert row.state == before
            continue
        assert before not in Concern.SETTLED
        assert why.strip()
    history = list(row.changes.order_by("number"))
    assert history[-1].to_state == row.state
    for one, following in itertools.pairwise(history):
        assert following.from_state == one.to_state
        assert following.to_state in Concern.WAYS[one.to_state]
        assert following.decision
        assert following.by is not None


@pytest.fixture
def transactional_examples(db: None) -> None:
    """The rows of all examples go with the test."""


def test_two_leads_deciding_at_once_the_second_is_told() -> None:
    row = concern()
    first, second = lead_at(row.organisation), lead_at(row.organisation)
    version = row.version
    move_concern(concern=row, to=State.TRIAGED, by=first, decision="Rang her", version=version)
    with pytest.raises(ChangedMeanwhile, match="looked at"):
        move_concern(
            concern=row, to=State.NO_FURTHER_ACTION, by=second, decision="Nothing", version=version
        )
    row.refresh_from_db()
    assert row.state == State.TRIAGED


@pytest.mark.django_db(transaction=True)
def test_two_decisions_in_the_same_moment_are_one_after_the_other() -> None:
    row = concern()
    leads = [lead_at(row.organisation), lead_at(row.organisation)]
    outcomes: list[str] = []

    def decide(lead: Any, to: str) -> None:
        try:
            move_concern(concern=row, to=to, by=lead, decision="Now", version=row.version)
            outcomes.append("done")
        except ChangedMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=pair)
        for pair in zip(leads, (State.MANAGED_AT_HUB, State.PASSED_TO_COUNCIL), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "told"]


@pytest.mark.parametrize("why", ["", "   ", "x" * 2001])
def test_no_decision_without_its_reason(why: str) -> None:
    row = concern()
    with pytest.raises(ReasonMissing):
        move_concern(concern=row, to=State.TRIAGED, by=lead_at(row.organisation), decision=why)


def test_a_settled_one_stays_settled() -> None:
    row = concern(state=State.MANAGED_AT_HUB)
    for to in State.values:
        with pytest.raises(NotPossible):
            move_concern(concern=row, to=to, by=lead_at(row.organisation), decision="Again")


def test_only_the_leads_of_the_access_point_decide(cast: Cast) -> None:
    row = concern(organisation=access_point(cast.organisation_id))
    for user in (
        cast.stranger("safeguarding_lead"), cast.hub_lead, cast.access_point_staff,
        cast.coordinator, cast.administrator, cast.data_protection_lead,
    ):  # fmt: skip
        with pytest.raises(Http404):
            move_concern(concern=row, to=State.TRIAGED, by=user, decision="Mine")


def test_the_database_holds_the_same_ways() -> None:
    guards = import_module("referrals.migrations.0006_checklist_and_concern_guards")
    text = guards.CREATE
    for here, ways in Concern.WAYS.items():
        for to in State.values:
            assert (f"('{here}', '{to}')" in text) == (to in ways)


def test_the_database_refuses_a_state_without_history_and_changed_history() -> None:
    row = concern()
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE referrals_concern SET state = 'triaged'; SET CONSTRAINTS ALL IMMEDIATE"
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        ConcernChange.objects.create(
            concern=row, number=1, from_state="raised", to_state="managed-at-hub", decision="x"
        )
    step = row.changes.get()
    with pytest.raises(AppendOnlyError):
        step.delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_concernchange SET to_state = 'triaged'")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM referrals_concernchange")


def test_when_the_audit_fails_nothing_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("referrals.safeguarding.raising.record", broken)
    with pytest.raises(RuntimeError):
        concern()
    assert not Concern.objects.exists()
    assert not Message.objects.exists()


# --- Telling ---


def test_the_leads_are_written_to_without_a_word_about_it() -> None:
    desk = access_point(name="Desk with a name")
    lead = lead_at(desk)
    lead_at(access_point())
    person = PersonFactory(organisation=desk)
    row = concern(person=person)
    message = Message.objects.get()
    assert message.to_address == lead.email
    assert (message.about, message.organisation_id) == (None, None)
    said = f"{message.subject} {message.body}".casefold()
    for word in (
        person.family_name, row.reference, WHAT, desk.name, "safeguard", "concern", "risk",
    ):  # fmt: skip
        assert word.casefold() not in said
    assert not Event.objects.filter(type="message:queued", subject__isnull=False).exists()


def test_where_an_access_point_has_no_lead_all_of_the_network_are_told() -> None:
    elsewhere = lead_at(access_point())
    row = concern()
    assert Message.objects.get().to_address == elsewhere.email
    assert row.escalated_at is not None
    assert Concern.objects.visible_to(elsewhere).get() == row


def test_a_network_without_any_lead_says_so() -> None:
    desk = access_point()
    raised = raise_concern(
        source=source_for(PersonFactory(organisation=desk)),
        worry=Worry(at_risk="them", what=WHAT, knows="no"),
        by=staff_at(desk),
    )
    assert raised.told is False
    # And as soon as there is one, the sweep tells them.
    late = add_working_days(timezone.localdate(), 2)
    assert escalate_waiting(late) == 0
    lead_at(access_point())
    assert escalate_waiting(late) == 1


def test_after_one_working_day_the_others_are_told_once() -> None:
    row = concern(organisation=(desk := access_point()))
    Concern.objects.filter(pk=row.pk).update(escalated_at=None)
    own, other = lead_at(desk), lead_at(access_point())
    assert escalate_waiting(row.look_by) == 0, "not late yet"
    assert not Concern.objects.visible_to(other).exists()
    late = row.look_by + timedelta(days=1)
    assert escalate_waiting(late) == 1
    assert escalate_waiting(late) == 0, "never twice"
    assert set(Message.objects.values_list("to_address", flat=True)) == {own.email, other.email}
    assert Concern.objects.visible_to(other).get() == row


def test_one_that_was_looked_at_is_not_late() -> None:
    row = concern(state=State.TRIAGED)
    assert escalate_waiting(row.look_by + timedelta(days=30)) == 0


# --- Nobody else learns of it ---


def test_the_persons_copy_and_their_events_say_nothing(cast: Cast) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    row = concern(person=person)
    text = export_person(person.id, by=cast.data_protection_lead).as_json()
    for word in (row.reference, WHAT, "oncern", "afeguarding"):
        assert word not in text
    assert not Event.objects.about(person.id).filter(type__startswith="concern").exists()


def test_the_administrators_trail_does_not_show_them(
    cast: Cast, client_as: Callable[..., Any]
) -> None:
    row = concern()
    other = EnquiryFactory()
    open_enquiry(organisation=other.organisation, by=SystemJob("tests"))
    client = client_as(cast.administrator)
    everything = client.get("/desk/done/").content.decode()
    assert "began an enquiry" in everything
    assert "concern" not in everything
    assert "concern" not in client.get(f"/desk/done/?about={row.id}").content.decode()


def test_a_request_to_be_forgotten_does_not_end_it(cast: Cast) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id), with_everything=True)
    row = concern(person=person)
    report = erase_person(person.id, by=cast.coordinator, reason=Erasure.Reason.choices[0][0])
    row.refresh_from_db()
    assert row.person is None
    assert person.name in row.who
    assert "1944" in row.who
    assert row.what == WHAT
    assert "referrals.Concern" not in report.rows
    assert "oncern" not in str(report.kept), "the report is read out to whoever asked"
    # After a restore it is done again, and finds nothing.
    said = row.who
    erase_person(person.id, by=cast.coordinator, reason=Erasure.Reason.choices[0][0])
    row.refresh_from_db()
    assert row.who == said


def test_after_its_time_a_settled_one_is_emptied_and_still_counts() -> None:
    settled, waiting = concern(state=State.NO_FURTHER_ACTION), concern()
    assert empty_concerns(Concern.objects.all()) == 1
    settled.refresh_from_db()
    assert (settled.person, settled.who, settled.what) == (None, "", "")
    assert not settled.changes.exclude(decision="").exists()
    waiting.refresh_from_db()
    assert waiting.what == WHAT
    assert empty_concerns(Concern.objects.all()) == 0
