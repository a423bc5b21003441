"""Shifts are made, changed and called off; places move, and those on them hear it once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from dcsn.messages.models import Message
from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, OpportunityFactory, ShiftFactory, in_role
from volunteers.actions.applications import end_application
from volunteers.actions.rotas import cancel_shift, change_shift, make_shifts
from volunteers.actions.shifts import (
    give_back_place,
    mark_place,
    offer_swap,
    swap_place,
    take_shift_place,
)
from volunteers.booking import Span
from volunteers.models import Application, Shift, ShiftPlace
from volunteers.refusals import (
    AlreadyBooked,
    ChangedMeanwhile,
    NoHoursLeft,
    NotPossible,
    PlaceTaken,
)
from volunteers.rotas.clock import remind_of_shifts

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.django_db
_STATE = ShiftPlace.State


def at(text: str) -> datetime:
    """By the clock on the wall in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def span(begins: str, ends: str) -> Span:
    return Span(at(begins), at(ends))


@pytest.fixture(autouse=True)
def _in_spring() -> Any:
    # The clock ticks: who joined first waits first.
    with time_machine.travel("2027-03-01 09:00:00+00:00"):
        yield


@pytest.fixture
def role() -> Any:
    return OpportunityFactory()


def reached(role: Any, **facts: Any) -> Any:
    """A volunteer of the role whom e-mail reaches, with their own account."""
    who = in_role(role, user=UserFactory(), **facts)
    who.person.email, who.person.contact_by = f"{who.reference}@example.org", "email"
    who.person.save()
    return who


def subjects(who: Any) -> list[str]:
    return list(
        Message.objects.filter(about=who.person_id).order_by("id").values_list("subject", flat=True)
    )


def test_a_form_sent_twice_makes_its_shifts_once(role: Any) -> None:
    key = uuid.uuid4()
    spans = [
        span("2027-03-09 10:00", "2027-03-09 12:00"),
        span("2027-03-16 10:00", "2027-03-16 12:00"),
    ]
    first = make_shifts(opportunity=role, spans=spans, series=key, by=TESTS)
    again = make_shifts(opportunity=role, spans=spans, series=key, by=TESTS)
    assert [one.pk for one in first] == [one.pk for one in again]
    assert Shift.objects.count() == 2


def test_a_role_that_is_over_gets_no_shifts() -> None:
    over = OpportunityFactory(state="done")
    with pytest.raises(NotPossible, match="role is over"):
        make_shifts(
            opportunity=over, spans=[span("2027-03-09 10:00", "2027-03-09 12:00")], by=TESTS
        )


def test_the_first_who_waits_moves_up_and_hears_it_once(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    first, second, third = (reached(role) for _number in range(3))
    place = take_shift_place(shift=shift, volunteer=first, by=TESTS)
    for who in (second, third):
        take_shift_place(shift=shift, volunteer=who, by=TESTS, or_wait=True)
    for _time in range(2):
        give_back_place(place=place, by=first.person.user)
    states = {p.volunteer: p.state for p in ShiftPlace.objects.all()}
    assert states == {first: _STATE.GIVEN_BACK, second: _STATE.CONFIRMED, third: _STATE.WAITING}
    assert subjects(second) == ["A place has come free for you"]
    assert subjects(first) == subjects(third) == []
    body = Message.objects.get().body
    assert role.name not in body
    assert "Thursday 4 March" in body


def test_who_is_rung_gets_no_message(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    who, waits = reached(role), in_role(role)
    place = take_shift_place(shift=shift, volunteer=who, by=TESTS)
    waits.person.contact_by, waits.person.phone = "phone", "01632 960 400"
    waits.person.save()
    take_shift_place(shift=shift, volunteer=waits, by=TESTS, or_wait=True)
    give_back_place(place=place, by=TESTS)
    assert ShiftPlace.objects.get(volunteer=waits).state == _STATE.CONFIRMED
    assert not Message.objects.exists()


def test_who_gives_a_role_up_gives_back_its_shifts_and_no_other(role: Any) -> None:
    shift, elsewhere = ShiftFactory(opportunity=role, places=1), ShiftFactory(places=1)
    gone = in_role(role, user=UserFactory())
    also = Application.objects.create(
        volunteer=gone,
        opportunity=elsewhere.opportunity,
        outcome=Application.Outcome.PLACED,
        decided_at=timezone.now(),
    )
    waits = in_role(role)
    take_shift_place(shift=shift, volunteer=gone, by=TESTS)
    take_shift_place(shift=shift, volunteer=waits, by=TESTS, or_wait=True)
    kept = ShiftPlace.objects.create(
        shift=elsewhere, volunteer=gone, state=_STATE.CONFIRMED, joined_at=timezone.now()
    )
    for _click in range(2):
        end_application(application=gone.applications.get(opportunity=role), by=gone.person.user)
    assert ShiftPlace.objects.get(volunteer=gone, shift=shift).state == _STATE.GIVEN_BACK
    assert ShiftPlace.objects.get(volunteer=waits).state == _STATE.CONFIRMED
    kept.refresh_from_db()
    also.refresh_from_db()
    assert (kept.state, also.outcome) == (_STATE.CONFIRMED, Application.Outcome.PLACED)


def test_who_waits_and_is_elsewhere_meanwhile_is_passed_over(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    first, busy, free = (in_role(role) for _number in range(3))
    place = take_shift_place(shift=shift, volunteer=first, by=TESTS)
    for who in (busy, free):
        take_shift_place(shift=shift, volunteer=who, by=TESTS, or_wait=True)
    same_time = ShiftFactory(opportunity=role, starts_at=shift.starts_at)
    take_shift_place(shift=same_time, volunteer=busy, by=TESTS)
    give_back_place(place=place, by=TESTS)
    assert ShiftPlace.objects.get(volunteer=free).state == _STATE.CONFIRMED
    assert ShiftPlace.objects.get(volunteer=busy, shift=shift).state == _STATE.WAITING


def test_an_offered_place_stays_theirs_until_one_takes_it_over(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    gives, takes, late = (reached(role) for _number in range(3))
    place = take_shift_place(shift=shift, volunteer=gives, by=TESTS)
    with pytest.raises(PlaceTaken):
        swap_place(place=place, volunteer=takes, by=takes.person.user)  # nobody has offered it
    for _time in range(2):
        offer_swap(place=place, by=gives.person.user)
    place.refresh_from_db()
    assert place.state == _STATE.CONFIRMED
    assert subjects(takes) == ["Could you step in?"]
    assert subjects(gives) == []
    new = swap_place(place=place, volunteer=takes, by=takes.person.user)
    assert swap_place(place=place, volunteer=takes, by=takes.person.user) == new
    place.refresh_from_db()
    assert (place.state, new.state, new.instead_of) == (_STATE.GIVEN_BACK, _STATE.CONFIRMED, place)
    assert subjects(gives) == ["You need not come to a shift"]
    assert subjects(takes) == ["Could you step in?"]
    with pytest.raises(PlaceTaken):
        swap_place(place=place, volunteer=late, by=late.person.user)


def test_a_place_for_which_somebody_waits_is_given_back_not_offered(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    gives, waits = in_role(role), in_role(role)
    place = take_shift_place(shift=shift, volunteer=gives, by=TESTS)
    take_shift_place(shift=shift, volunteer=waits, by=TESTS, or_wait=True)
    with pytest.raises(NotPossible, match="Give it back"):
        offer_swap(place=place, by=TESTS)


def test_nobody_of_another_role_takes_a_place_over(role: Any) -> None:
    place = take_shift_place(
        shift=ShiftFactory(opportunity=role), volunteer=in_role(role), by=TESTS
    )
    stranger = in_role(OpportunityFactory(organisation=role.organisation))
    with pytest.raises(NotPossible, match="no place in this role"):
        swap_place(place=place, volunteer=stranger, by=TESTS)


def test_another_time_is_told_and_a_second_editor_is_refused(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    who = reached(role)
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    later = span("2027-03-05 14:00", "2027-03-05 16:00")
    change_shift(shift=shift, span=later, places=1, note="", version=1, by=TESTS)
    assert subjects(who) == ["A shift of yours is at another time"]
    assert "2pm to 4pm" in Message.objects.get().body
    with pytest.raises(ChangedMeanwhile):
        change_shift(shift=shift, span=later, places=2, note="", version=1, by=TESTS)
    # The same again is no change, and tells nobody.
    change_shift(shift=shift, span=later, places=1, note="", version=1, by=TESTS)
    assert len(subjects(who)) == 1


def test_a_shift_is_not_moved_onto_another_promise_without_a_reason(role: Any) -> None:
    who = in_role(role)
    shift = ShiftFactory(opportunity=role)
    other = ShiftFactory(opportunity=role, starts_at=shift.starts_at + timedelta(days=1))
    for one in (shift, other):
        take_shift_place(shift=one, volunteer=who, by=TESTS)
    onto = Span(other.starts_at, other.ends_at)
    with pytest.raises(AlreadyBooked, match=who.person.name):
        change_shift(shift=shift, span=onto, places=1, note="", by=TESTS)
    change_shift(
        shift=shift, span=onto, places=1, note="", by=TESTS, override_reason="The same room"
    )
    assert ShiftPlace.objects.get(shift=shift).override_reason == "The same room"


def test_more_places_let_those_who_wait_in_and_fewer_than_taken_are_refused(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    for who in [in_role(role) for _number in range(4)]:
        take_shift_place(shift=shift, volunteer=who, by=TESTS, or_wait=True)
    same = Span(shift.starts_at, shift.ends_at)
    change_shift(shift=shift, span=same, places=3, note="", by=TESTS)
    assert shift.shift_places.filter(state=_STATE.CONFIRMED).count() == 3
    with pytest.raises(NotPossible, match="3 volunteers have a place"):
        change_shift(shift=shift, span=same, places=2, note="", by=TESTS)


def test_calling_off_tells_those_on_it_and_those_who_wait_once(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    both = [reached(role), reached(role)]
    for who in both:
        take_shift_place(shift=shift, volunteer=who, by=TESTS, or_wait=True)
    for _time in range(2):
        cancel_shift(shift=shift, words="The kitchen is being painted.", by=TESTS)
    for who in both:
        assert subjects(who) == ["A shift of yours is called off"]
    assert all("being painted" in one.body for one in Message.objects.all())
    # The time is free again.
    take_shift_place(
        shift=ShiftFactory(opportunity=role, starts_at=shift.starts_at), volunteer=both[0], by=TESTS
    )


def test_was_there_is_said_after_it_began_and_can_be_put_right(role: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    place = take_shift_place(shift=shift, volunteer=in_role(role), by=TESTS)
    with pytest.raises(NotPossible, match="not begun"):
        mark_place(place=place, came=True, by=TESTS)
    with time_machine.travel(shift.starts_at + timedelta(minutes=5), tick=False):
        assert mark_place(place=place, came=False, by=TESTS).state == _STATE.NO_SHOW
        assert mark_place(place=place, came=True, by=TESTS).state == _STATE.DONE


def test_tomorrow_is_londons_and_each_is_reminded_once(role: Any) -> None:
    # Summer time: 00:30 on the 2nd is 23:30 UTC on the 1st.
    night = make_shifts(
        opportunity=role, spans=[span("2027-06-02 00:30", "2027-06-02 02:00")], by=TESTS
    )[0]
    who = reached(role)
    take_shift_place(shift=night, volunteer=who, by=TESTS)
    for moment, said in (("2027-05-31 12:00", 0), ("2027-06-01 09:40", 1), ("2027-06-01 10:40", 0)):
        with time_machine.travel(at(moment), tick=False):
            assert remind_of_shifts() == said
    assert subjects(who) == ["Your shift tomorrow"]
    assert "Wednesday 2 June, 12:30am to 2am" in Message.objects.get().body


def test_no_reminder_for_what_is_called_off_or_given_back(role: Any) -> None:
    off, back = ShiftFactory(opportunity=role), ShiftFactory(opportunity=role, places=2)
    for shift in (off, back):
        who = reached(role)
        place = take_shift_place(shift=shift, volunteer=who, by=TESTS)
    give_back_place(place=place, by=who.person.user)
    Shift.objects.filter(pk=off.pk).update(cancelled_at=off.starts_at)
    with time_machine.travel(off.starts_at - timedelta(days=1), tick=False):
        assert remind_of_shifts() == 0


@pytest.mark.parametrize(
    ("begins", "ends", "may"),
    [
        pytest.param("10:30", "13:00", False, id="volunteer_planner 299: overlapping shifts"),
        pytest.param("10:00", "12:00", False, id="crisischeckin 90: two places at once"),
        pytest.param("11:00", "11:30", False, id="emfcamp 1077: a short one within another"),
        pytest.param("14:00", "16:00", True, id="volunteer-management-software 40: the day is not gone"),
        pytest.param("11:00", "14:00", True, id="what they agreed on: an hour to hand over"),
    ],
)  # fmt: skip
def test_the_public_stories_of_double_booking(role: Any, begins: str, ends: str, may: bool) -> None:
    who = in_role(role)
    day = "2027-03-09 "
    first, other = (
        make_shifts(opportunity=role, spans=[span(day + one, day + two)], by=TESTS)[0]
        for one, two in (("10:00", "12:00"), (begins, ends))
    )
    take_shift_place(shift=first, volunteer=who, by=TESTS)
    if may:
        assert take_shift_place(shift=other, volunteer=who, by=TESTS).state == _STATE.CONFIRMED
        return
    with pytest.raises(AlreadyBooked, match="Tuesday 9 March"):
        take_shift_place(shift=other, volunteer=who, by=TESTS)
    # The waiting list is no way round, and neither is somebody else's place.
    with pytest.raises(AlreadyBooked):
        take_shift_place(shift=other, volunteer=who, by=TESTS, or_wait=True)
    theirs = take_shift_place(shift=other, volunteer=in_role(role), by=TESTS)
    with pytest.raises(AlreadyBooked):
        swap_place(place=theirs, volunteer=who, by=TESTS)


# --- The night on which the clocks change --------------------------------------------------------------


def test_the_night_shift_of_the_change_is_as_long_as_the_night(role: Any) -> None:
    forward, back = make_shifts(
        opportunity=role,
        spans=[
            span("2027-03-27 22:00", "2027-03-28 06:00"),
            span("2027-10-30 22:00", "2027-10-31 06:00"),
        ],
        by=TESTS,
    )
    assert (
        Span(forward.starts_at, forward.ends_at).minutes,
        Span(back.starts_at, back.ends_at).minutes,
    ) == (
        7 * 60,
        9 * 60,
    )
    # Eight hours a week are enough for the shorter night, and not for the longer.
    who = in_role(role, minutes_a_week=8 * 60)
    assert take_shift_place(shift=forward, volunteer=who, by=TESTS).state == _STATE.CONFIRMED
    with pytest.raises(NoHoursLeft, match="more than the hours"):
        take_shift_place(shift=back, volunteer=who, by=TESTS)


def test_the_two_hours_with_one_name_can_both_be_worked(role: Any) -> None:
    midnight = datetime(2027, 10, 31, tzinfo=UTC)  # 1am in London, for the first time
    hour = timedelta(hours=1)
    spans = [Span(midnight, midnight + hour), Span(midnight + hour, midnight + 2 * hour)]
    # 1am to 2am, and 1am to 2am again: one after the other.
    shifts = make_shifts(opportunity=role, spans=spans, by=TESTS)
    who = in_role(role)
    for shift in Shift.objects.order_by("starts_at"):
        take_shift_place(shift=shift, volunteer=who, by=TESTS)
    assert len(shifts) == who.shift_places.count() == 2


def test_who_is_on_until_midnight_may_begin_at_midnight(role: Any) -> None:
    who = in_role(role)
    for begins, ends in (
        ("2027-06-06 20:00", "2027-06-07 00:00"),
        ("2027-06-07 00:00", "2027-06-07 04:00"),
    ):
        shift = make_shifts(opportunity=role, spans=[span(begins, ends)], by=TESTS)[0]
        take_shift_place(shift=shift, volunteer=who, by=TESTS)
    over = make_shifts(
        opportunity=role, spans=[span("2027-06-06 22:00", "2027-06-07 02:00")], by=TESTS
    )[0]
    with pytest.raises(AlreadyBooked):
        take_shift_place(shift=over, volunteer=who, by=TESTS)


def test_a_manager_of_another_organisation_does_nothing(cast: Cast) -> None:
    from django.core.exceptions import PermissionDenied

    here = access_point(cast.organisation_id)
    shift = ShiftFactory(opportunity__organisation=here)
    stranger = cast.stranger("volunteer_manager")
    for act in (
        lambda: cancel_shift(shift=shift, by=stranger),
        lambda: make_shifts(
            opportunity=shift.opportunity, spans=[Span(shift.starts_at, shift.ends_at)], by=stranger
        ),
        lambda: take_shift_place(shift=shift, volunteer=in_role(shift.opportunity), by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()
