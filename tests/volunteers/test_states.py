"""The machines of states: held against the database's own tables, and walked."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from dcsn.audit.models import AppendOnlyError
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    help_request,
    offer,
    passed_check,
    volunteer,
)
from volunteers import states
from volunteers.actions.volunteers import Suggestion, move_volunteer, redirect
from volunteers.models import (
    HelpChange,
    Redirection,
    Volunteer,
    VolunteerChange,
)
from volunteers.refusals import NotPossible, ReasonMissing, SuggestionMissing
from volunteers.states import (
    HELP,
    HELP_FINAL,
    HelpState,
    OfferState,
    Party,
    VolunteerReason,
    VolunteerState,
    steps_to,
)

pytestmark = pytest.mark.django_db


@transaction.atomic
def write_state(row: Volunteer, state: str) -> None:
    """As an import, or a hand on the database, might."""
    Volunteer.objects.filter(pk=row.pk).update(state=state)
    check_now()


def check_now() -> None:
    """What the database would check at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("name", ["VOLUNTEER", "HELP", "OFFER", "CHECK", "OPPORTUNITY"])
def test_the_database_has_the_same_table(name: str) -> None:
    migration = importlib.import_module("volunteers.migrations.0002_guards")
    written = set(re.findall(r"\('([a-z-]+)', '([a-z-]+)'\)", getattr(migration, name)))
    table = getattr(states, name)
    assert written == {(a, b) for a, following in table.items() for b in following}


@pytest.mark.parametrize("state", VolunteerState.values)
def test_a_volunteer_gets_to_every_state_with_its_row_of_history(state: str) -> None:
    row = volunteer(state=state)
    assert row.state == state
    assert row.changes.last().to_state == state
    check_now()


@pytest.mark.parametrize("state", HelpState.values)
def test_a_request_gets_to_every_state_with_its_row_of_history(state: str) -> None:
    row = help_request(state=state)
    assert row.state == state
    assert row.changes.last().to_state == state
    assert (row.ended_at is not None) == (state in HELP_FINAL)
    check_now()


def test_nobody_is_stuck_before_helping() -> None:
    """From every state but the ends there is a way to helping, and nobody only falls out."""
    for state in VolunteerState.values:
        assert set(states.VOLUNTEER[state]) - {"left"}
    assert steps_to("interested", "active") == [
        "applied", "checking", "cleared", "inducted", "active",
    ]  # fmt: skip
    assert steps_to("redirected", "active")[0] == "applied"
    assert steps_to("active", "checking") == []


def test_an_ended_request_stays_ended() -> None:
    for state in HELP_FINAL:
        assert HELP[state] == {}


def test_redirected_needs_something_to_be_redirected_to() -> None:
    row = volunteer(state="applied")
    with pytest.raises(SuggestionMissing):
        move_volunteer(volunteer=row, to=VolunteerState.REDIRECTED, by=TESTS)
    with pytest.raises(SuggestionMissing):
        redirect(volunteer=row, suggestions=[Suggestion(note="Try elsewhere")], by=TESTS)
    role = OpportunityFactory()
    after = redirect(volunteer=row, suggestions=[Suggestion(opportunity=role)], by=TESTS)
    assert after.state == VolunteerState.REDIRECTED
    assert Redirection.objects.get().opportunity == role


def test_the_database_refuses_a_redirection_to_nothing() -> None:
    row = volunteer(state="redirected")
    Redirection.objects.filter(volunteer=row).delete()
    with pytest.raises(IntegrityError, match="at least one suggestion"):
        write_state(row, "redirected")
    # What was written before waits for the end of the transaction still.
    Redirection.objects.create(volunteer=row, organisation=row.organisation)


def test_not_suitable_needs_a_reason() -> None:
    row = volunteer(state="checking")
    with pytest.raises(ReasonMissing):
        move_volunteer(volunteer=row, to=VolunteerState.NOT_SUITABLE, by=TESTS)
    after = move_volunteer(
        volunteer=row, to=VolunteerState.NOT_SUITABLE, by=TESTS, reason_code=VolunteerReason.CHECK
    )
    assert after.state_reason == VolunteerReason.CHECK


def test_a_state_without_its_row_of_history_is_refused() -> None:
    row = volunteer()
    with pytest.raises(IntegrityError, match="no row of history"):
        write_state(row, "paused")


@pytest.mark.parametrize("model", [VolunteerChange, HelpChange])
def test_history_only_grows(model: Any) -> None:
    help_request(state="offered")
    step = model.objects.first()
    with pytest.raises(AppendOnlyError):
        step.delete()
    with pytest.raises(AppendOnlyError):
        model.objects.all().update(party="staff")
    table = model._meta.db_table
    for sql in ("DELETE FROM " + table, "UPDATE " + table + " SET party = 'person'"):  # noqa: S608
        with (
            pytest.raises((IntegrityError, InternalError), match="neither changed nor deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    model.objects.filter(pk=step.pk).forget_words()


@pytest.mark.parametrize(
    ("make", "to"),
    [
        (lambda: offer(help_request(), volunteer()), "done"),
        (lambda: passed_check(volunteer()), "seen"),
        (lambda: OpportunityFactory(state="cancelled"), "open"),
    ],
    ids=["offer", "check", "opportunity"],
)
def test_the_database_refuses_a_way_that_is_not_in_the_table(make: Any, to: str) -> None:
    row = make()
    with pytest.raises(IntegrityError, match="cannot become"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(state=to)


def test_a_step_that_does_not_follow_is_refused() -> None:
    row = help_request(state="asked")
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpChange.objects.create(
            help_request=row, number=1, from_state="triaged", to_state="offered", party="staff"
        )


def test_who_may_say_what() -> None:
    assert states.may(states.VOLUNTEER, "active", "paused", Party.VOLUNTEER)
    assert not states.may(states.VOLUNTEER, "checking", "cleared", Party.VOLUNTEER)
    assert not states.may(states.HELP, "asked", "triaged", Party.PERSON)
    assert states.allowed(states.HELP, "asked", Party.PERSON) == [HelpState.CANCELLED]
    assert OfferState.LAPSED not in states.allowed(states.OFFER, "offered", Party.VOLUNTEER)


def test_a_way_that_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(NotPossible, match="cannot become"):
        move_volunteer(volunteer=volunteer(state="applied"), to=VolunteerState.ACTIVE, by=TESTS)
