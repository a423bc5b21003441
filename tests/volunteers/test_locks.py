"""Rows are held in one order: two who meet wait for each other in turn, and the database throws nobody out.

Each meeting is arranged: a row is held until both wait, the one before the other, and is then let go. With
locks in two orders one of the two is thrown out each time, not now and then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    help_request,
    in_role,
    volunteer,
)
from volunteers.actions.applications import apply, end_application, place_volunteer
from volunteers.actions.exchanges import accept_exchange, ask_exchange
from volunteers.actions.offers import decline, make_offer
from volunteers.actions.rotas import cancel_series, cancel_shift
from volunteers.actions.shifts import take_shift_place
from volunteers.actions.volunteers import Suggestion, move_volunteer, redirect
from volunteers.models import (
    Application,
    Redirection,
    Shift,
    ShiftExchange,
    ShiftPlace,
    Volunteer,
)
from volunteers.refusals import Refused
from volunteers.states import OfferState, Party

pytestmark = pytest.mark.django_db(transaction=True)
# How long a call may take until it waits for a row; on a busy machine it takes some seconds.
PATIENCE = 60


class Meeting:
    """Calls that begin one after the other, each when the one before waits for a row."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.threads: list[threading.Thread] = []

    def begin(self, call: Callable[[], Any]) -> None:
        """Returns when ``call`` waits. A row that it needs must be held."""
        number = len(self.came)
        self.came.append(None)

        def run() -> None:
            try:
                self.came[number] = call()
            except Exception as problem:
                self.came[number] = problem
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        self.threads.append(thread)
        thread.start()
        until = time.monotonic() + PATIENCE
        while _waiting() <= number:
            assert thread.is_alive(), f"it did not wait: {self.came[number]!r}"
            assert time.monotonic() < until, "it neither waits nor ends"
            time.sleep(0.05)

    def end(self) -> list[Any]:
        for thread in self.threads:
            thread.join()
        wrong = [one for one in self.came if isinstance(one, Exception)]
        assert wrong == []
        return self.came


def _waiting() -> int:
    """How many connections to this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
            "WHERE NOT l.granted AND a.datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def one_after_the_other(rows: QuerySet[Any], *calls: Callable[[], Any]) -> list[Any]:
    """Hold ``rows`` until each of ``calls`` waits; then let go. What one of them raised fails the test."""
    meeting = Meeting()
    try:
        with transaction.atomic():
            list(rows.select_for_update())
            for call in calls:
                meeting.begin(call)
    finally:
        came = meeting.end()
    return came


def by_key(*rows: Any) -> list[Any]:
    return sorted(rows, key=lambda one: one.pk)


def two_in(*roles: Any) -> list[Volunteer]:
    """Two who have a place in each of these roles; the one whose row is held first comes first."""
    both = [in_role(roles[0]) for _number in range(2)]
    for who in both:
        for role in roles[1:]:
            application = apply(person=who.person, opportunity=role, by=TESTS)
            place_volunteer(application=application, by=TESTS)
    return by_key(*both)


def place_on(role: Any, who: Volunteer, day: int, **facts: Any) -> ShiftPlace:
    when = timezone.now() + timedelta(days=day)
    shift = ShiftFactory(opportunity=role, starts_at=when, **facts)
    return take_shift_place(shift=shift, volunteer=who, by=TESTS)


def rows_of(*found: Any) -> QuerySet[Any]:
    return type(found[0])._default_manager.filter(pk__in=[one.pk for one in found])


def holders() -> dict[Any, Any]:
    return {one.shift_id: one.volunteer for one in ShiftPlace.objects.filter(state="confirmed")}


def test_a_role_is_given_up_while_two_exchange_shifts_of_another() -> None:
    """Whoever waits for a shift of the one role moves up, and exchanges with the same in the other."""
    role, other = OpportunityFactory(), OpportunityFactory()
    first, second = two_in(role, other)
    given = place_on(role, second, 3)
    take_shift_place(shift=given.shift, volunteer=first, by=TESTS, or_wait=True)
    mine, theirs = place_on(other, second, 5), place_on(other, first, 6)
    exchange = ask_exchange(place=mine, wanted=theirs, by=TESTS)
    application = Application.objects.get(volunteer=second, opportunity=role)
    one_after_the_other(
        rows_of(second),
        lambda: end_application(application=application, by=TESTS),
        lambda: accept_exchange(exchange=exchange, by=TESTS),
    )
    assert holders() == {given.shift_id: first, mine.shift_id: first, theirs.shift_id: second}


def test_a_series_is_called_off_while_two_of_its_shifts_are_exchanged() -> None:
    role, series = OpportunityFactory(), uuid4()
    keys = sorted(uuid4() for _number in range(2))
    mine, theirs = (
        place_on(role, in_role(role), day, id=key, series=series)
        for day, key in enumerate(keys, start=3)
    )
    exchange = ask_exchange(place=mine, wanted=theirs, by=TESTS)
    one_after_the_other(
        rows_of(theirs.shift),
        lambda: cancel_series(shift=mine.shift, by=TESTS),
        # Refused or done before: here they are called off first.
        lambda: _or_refused(lambda: accept_exchange(exchange=exchange, by=TESTS)),
    )
    assert Shift.objects.filter(cancelled_at=None).count() == 0
    exchange.refresh_from_db()
    assert exchange.state == "over"


def test_a_series_is_called_off_while_those_on_it_exchange_others() -> None:
    role, series = OpportunityFactory(), uuid4()
    first, second = two_in(role)
    off = [
        place_on(role, who, day, series=series) for day, who in ((3, second), (4, first))
    ]  # the first day is theirs whose row comes later
    mine, theirs = place_on(role, first, 6), place_on(role, second, 7)
    exchange = ask_exchange(place=mine, wanted=theirs, by=TESTS)
    called_off, _exchanged = one_after_the_other(
        rows_of(second),
        lambda: cancel_series(shift=off[0].shift, by=TESTS),
        lambda: accept_exchange(exchange=exchange, by=TESTS),
    )
    assert [one.pk for one in called_off] == [one.shift_id for one in off]
    now = holders()
    assert (now[mine.shift_id], now[theirs.shift_id]) == (second, first)


def test_a_yes_ends_other_askings_while_one_of_their_shifts_is_called_off() -> None:
    role = OpportunityFactory()
    mine, theirs, third = (place_on(role, in_role(role), day) for day in (3, 4, 5))
    asked, low, high = (
        ShiftExchange.objects.create(id=UUID(int=number), offered=offered, wanted=wanted)
        for number, offered, wanted in (
            (5, mine, theirs), (1, theirs, third), (7, mine, third),
        )
    )  # fmt: skip
    one_after_the_other(
        rows_of(high),
        lambda: accept_exchange(exchange=asked, by=TESTS),
        lambda: cancel_shift(shift=third.shift, by=TESTS),
    )
    states = {one.pk: one.state for one in ShiftExchange.objects.all()}
    assert states == {asked.pk: "done", low.pk: "over", high.pk: "over"}


def test_somebody_says_no_to_a_request_while_they_exchange_with_whoever_is_asked_next() -> None:
    role = OpportunityFactory()
    first, second = two_in(role)
    mine, theirs = place_on(role, first, 3), place_on(role, second, 4)
    exchange = ask_exchange(place=mine, wanted=theirs, by=TESTS)
    asked = make_offer(help_request=help_request(), volunteers=[second, first], by=TESTS)
    one_after_the_other(
        rows_of(second),
        lambda: decline(offer=asked, by=TESTS, side=Party.VOLUNTEER),
        lambda: accept_exchange(exchange=exchange, by=TESTS),
    )
    following = asked.help_request.offers.get(volunteer=first)
    assert following.state == OfferState.OFFERED
    assert holders()[mine.shift_id] == second


def test_somebody_is_steered_to_a_role_in_which_they_get_a_place_at_this_moment() -> None:
    """A suggestion points at the role and does not wait for whoever counts its places."""
    role = OpportunityFactory(places=3)
    who = volunteer(state="applied", organisation=role.organisation)
    application = apply(person=who.person, opportunity=role, by=TESTS)
    one_after_the_other(
        rows_of(who),
        lambda: redirect(volunteer=who, suggestions=[Suggestion(opportunity=role)], by=TESTS),
        lambda: _or_refused(lambda: place_volunteer(application=application, by=TESTS)),
    )
    assert Redirection.objects.get().opportunity == role


def test_what_somebody_takes_on_while_they_leave_is_given_back_too() -> None:
    role = OpportunityFactory()
    who = in_role(role)
    shift = ShiftFactory(opportunity=role, starts_at=timezone.now() + timedelta(days=3))
    meeting = Meeting()
    try:
        with transaction.atomic():
            list(rows_of(who).select_for_update())
            meeting.begin(
                lambda: move_volunteer(volunteer=who, to="left", by=TESTS, reason_code="moved")
            )
            take_shift_place(shift=shift, volunteer=who, by=TESTS)
            # Holds the shift, then wants whoever is on it.
            meeting.begin(lambda: cancel_shift(shift=shift, by=TESTS))
    finally:
        meeting.end()
    assert ShiftPlace.objects.get().state == "given-back"


def _or_refused(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Refused as refusal:
        return str(refusal)
