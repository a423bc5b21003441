"""The machine of a referral's states: walked at random, and held against the database's own table."""

from __future__ import annotations

import importlib
import itertools
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dcsn.audit import SystemJob
from referrals.actions.moving import Saying, move_referral
from referrals.models import FollowUp, Referral, Reminder, StateChange
from referrals.refusals import NotPossible, ReasonMissing
from referrals.states import (
    FINAL,
    NEEDS_REASON,
    TRANSITIONS,
    Loop,
    Party,
    Reason,
    State,
    Via,
    allowed,
    steps_to,
)
from tests.factories.referral import referral

TESTS = SystemJob("tests")


def say(party: Party, to: str, **said: object) -> Saying:
    if to in NEEDS_REASON:
        said.setdefault("reason_code", Reason.NO_CAPACITY)
    return Saying(party, via=Via.SYSTEM, **said)  # type: ignore[arg-type]


def test_the_states_are_those_of_fhir_without_ready() -> None:
    # FHIR R4 Task.status has twelve; SDOH Clinical Care drops "ready".
    assert set(State.values) == {
        "draft", "requested", "received", "accepted", "rejected", "cancelled", "in-progress",
        "on-hold", "failed", "completed", "entered-in-error",
    }  # fmt: skip
    assert set(TRANSITIONS) == set(State.values)


def test_the_database_has_the_same_table() -> None:
    migration = importlib.import_module("referrals.migrations.0002_guards")
    written = set(re.findall(r"\('([a-z-]+)', '([a-z-]+)'\)", migration.WAYS))
    assert written == {(a, b) for a, following in TRANSITIONS.items() for b in following}


def test_only_a_mistake_leaves_a_final_state() -> None:
    for state in FINAL:
        assert set(TRANSITIONS[state]) <= {State.ENTERED_IN_ERROR}
    assert TRANSITIONS[State.ENTERED_IN_ERROR] == {}


def test_every_state_is_reached_from_a_draft() -> None:
    for state in set(State.values) - {State.DRAFT, State.ON_HOLD}:
        assert steps_to(State.DRAFT, state)[-1] == state


def test_the_way_to_finished_passes_every_step_between() -> None:
    assert steps_to(State.REQUESTED, State.COMPLETED) == ["accepted", "in-progress", "completed"]
    assert steps_to(State.COMPLETED, State.ACCEPTED) == []


def test_a_receiver_neither_sends_nor_undoes() -> None:
    assert allowed(State.DRAFT, Party.RECEIVER) == []
    for state in State:
        assert State.ENTERED_IN_ERROR not in allowed(state, Party.RECEIVER)


class RandomWalks(TestCase):
    """Whoever says whatever in whatever order: the rules hold."""

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(State.values),
                st.sampled_from(list(Party)),
                st.sampled_from(["", *Reason.values]),
                st.booleans(),
            ),
            max_size=12,
        )
    )
    def test_no_way_leaves_a_final_state_and_every_step_has_its_row(
        self, said: list[tuple[str, Party, str, bool]]
    ) -> None:
        row = referral()
        for to, party, reason, catch_up in said:
            before = Referral.objects.get(pk=row.pk)
            steps = before.changes.count()
            try:
                with transaction.atomic():
                    row = move_referral(
                        referral=row,
                        to=to,
                        by=TESTS,
                        saying=Saying(party, via=Via.SYSTEM, reason_code=reason, reason_text="so"),
                        catch_up=catch_up,
                    )
            except (NotPossible, ReasonMissing):
                after = Referral.objects.get(pk=row.pk)
                assert (after.state, after.changes.count()) == (before.state, steps)
                continue
            if before.state == to:
                assert row.changes.count() == steps
                continue
            if before.state in FINAL:
                assert to == State.ENTERED_IN_ERROR
            last = row.changes.last()
            assert last.to_state == row.state == to
            assert last.party == party
            assert last.reason_code or to not in NEEDS_REASON
            assert (row.ended_at is not None) == (row.state in FINAL)
            if row.closed_at is not None:
                assert row.state in FINAL
                assert row.loop != Loop.AWAITING_PERSON
        history = list(row.changes.values_list("from_state", "to_state"))
        assert history[0] == ("", "draft")
        for (_a, to), (following, _b) in itertools.pairwise(history):
            assert to == following
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


pytestmark = pytest.mark.django_db


def _change_behind_the_scenes(row: Referral) -> None:
    Referral.objects.filter(pk=row.pk).update(state=State.ACCEPTED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_state_without_its_history() -> None:
    row = referral(state=State.REQUESTED)
    with (
        pytest.raises((IntegrityError, InternalError), match="no row of history"),
        transaction.atomic(),
    ):
        _change_behind_the_scenes(row)


def test_the_database_refuses_a_way_that_is_not_in_the_table() -> None:
    row = referral(state=State.REJECTED)
    with (
        pytest.raises((IntegrityError, InternalError), match="cannot become"),
        transaction.atomic(),
    ):
        StateChange.objects.create(
            referral=row,
            number=row.changes.count(),
            from_state=State.REJECTED,
            to_state=State.ACCEPTED,
            party=Party.RECEIVER,
            via=Via.SYSTEM,
        )


@pytest.mark.parametrize("sql", ["UPDATE referrals_statechange SET reason_code = 'other'",
                                 "DELETE FROM referrals_statechange"])  # fmt: skip
def test_the_database_refuses_to_rewrite_history(sql: str) -> None:
    referral(state=State.REJECTED)
    with (
        pytest.raises((IntegrityError, InternalError), match="neither changed nor deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_words_can_be_forgotten_and_nothing_else() -> None:
    row = referral(state=State.REQUESTED)
    move_referral(
        referral=row,
        to=State.REJECTED,
        by=TESTS,
        saying=say(Party.RECEIVER, "rejected", reason_text="Knows us well", by_name="Sam"),
    )
    assert StateChange.objects.filter(referral=row).forget_words() == 3
    last = row.changes.last()
    assert (last.reason_text, last.by_name, last.reason_code) == ("", "", Reason.NO_CAPACITY)


def test_the_clock_starts_when_it_is_sent_and_stops_when_it_is_answered() -> None:
    row = referral(state=State.REQUESTED)
    assert set(row.reminders.values_list("kind", flat=True)) == set(Reminder.Kind.values)
    row = move_referral(
        referral=row, to=State.RECEIVED, by=TESTS, saying=say(Party.RECEIVER, "received")
    )
    assert row.acknowledged_at is not None
    waiting = row.reminders.filter(not_needed_at=None).values_list("kind", flat=True)
    assert set(waiting) == {"remind", "escalate", "overdue"}
    row = move_referral(
        referral=row, to=State.ACCEPTED, by=TESTS, saying=say(Party.RECEIVER, "accepted")
    )
    assert not row.reminders.filter(not_needed_at=None).exists()
    assert row.next_due_on is not None


def test_the_person_is_asked_after_the_end_whatever_the_end_was() -> None:
    for state in (State.COMPLETED, State.REJECTED, State.FAILED, State.CANCELLED):
        row = referral(state=state)
        days = [(one.due_on - timezone.localdate(row.ended_at)) for one in row.follow_ups.all()]
        assert days == [timedelta(days=14), timedelta(days=90)]
        assert (row.loop, row.closed_at) == (Loop.AWAITING_PERSON, None)


@pytest.mark.parametrize("reason", [Reason.DUPLICATE, Reason.CONSENT_WITHDRAWN])
def test_nobody_is_asked_about_what_was_withdrawn_or_made_twice(reason: str) -> None:
    row = referral(state=State.CANCELLED, reason=reason)
    assert not row.follow_ups.exists()
    assert row.loop == Loop.NOT_ASKED
    assert row.closed_at is not None


def test_somebody_who_did_not_agree_to_be_asked_is_left_alone() -> None:
    row = referral(state=State.COMPLETED, may_ask=False)
    assert not FollowUp.objects.filter(referral=row).exists()
    assert row.loop == Loop.ASKED_NOT_TO_BE_CONTACTED


def test_a_mistake_found_after_the_end_stops_the_asking() -> None:
    row = referral(state=State.COMPLETED)
    row = move_referral(
        referral=row,
        to=State.ENTERED_IN_ERROR,
        by=TESTS,
        saying=say(Party.REQUESTER, "entered-in-error"),
    )
    assert set(row.follow_ups.values_list("state", flat=True)) == {FollowUp.State.NOT_ASKED}
    assert row.loop == Loop.NOT_ASKED


def test_saying_it_twice_is_saying_it_once() -> None:
    row = referral(state=State.REQUESTED)
    for _click in range(2):
        row = move_referral(
            referral=row, to=State.ACCEPTED, by=TESTS, saying=say(Party.RECEIVER, "accepted")
        )
    assert row.changes.count() == 3


def test_a_reason_is_needed_and_another_reason_needs_words() -> None:
    row = referral(state=State.REQUESTED)
    for said in ({}, {"reason_code": "other"}, {"reason_code": "made-up"},
                 {"reason_code": Reason.CONSENT_WITHDRAWN}):  # fmt: skip
        with pytest.raises(ReasonMissing):
            move_referral(
                referral=row,
                to=State.REJECTED,
                by=TESTS,
                saying=Saying(Party.RECEIVER, via=Via.SYSTEM, **said),  # type: ignore[arg-type]
            )
