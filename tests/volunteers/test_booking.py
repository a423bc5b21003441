"""Who is where, and when: the four double-booking stories of casework.md 3a, and the clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    help_request,
    offer,
    volunteer,
)
from volunteers.actions.applications import apply, place_volunteer
from volunteers.actions.offers import accept
from volunteers.actions.shifts import take_shift_place
from volunteers.booking import Span, clash, clashes, minutes_left, occurrences, week_of
from volunteers.models import Offer, Volunteer
from volunteers.refusals import AlreadyBooked, NoHoursLeft
from volunteers.states import Party

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    """A time by the clock on the wall in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def span(begins: str, ends: str) -> Span:
    return Span(at(begins), at(ends))


def promise(who: Volunteer, begins: str, ends: str, **facts: object) -> Offer:
    """An offer that the volunteer accepted."""
    row = help_request(
        organisation=who.organisation, starts_at=at(begins), ends_at=at(ends), **facts
    )
    return accept(offer=offer(row, who), by=TESTS, side=Party.VOLUNTEER)


@pytest.fixture(autouse=True)
def _in_spring() -> object:
    with time_machine.travel("2027-03-01 09:00:00+00:00", tick=False):
        yield


def test_overlapping_promises_are_refused() -> None:
    """volunteer_planner 299, crisischeckin 90: overlapping shifts were accepted without a word."""
    who = volunteer()
    promise(who, "2027-03-09 10:00", "2027-03-09 14:00")
    row = help_request(
        organisation=who.organisation,
        starts_at=at("2027-03-09 11:00"),
        ends_at=at("2027-03-09 12:00"),
    )
    with pytest.raises(AlreadyBooked, match="Tuesday 9 March"):
        offer(row, who)


def test_two_short_tasks_at_the_same_time_are_no_handover() -> None:
    """emfcamp 1077: less than an hour, and still nobody is in two places."""
    assert clash(
        span("2027-03-09 10:00", "2027-03-09 10:30"), span("2027-03-09 10:00", "2027-03-09 10:30")
    )
    assert clash(
        span("2027-03-09 10:00", "2027-03-09 12:00"), span("2027-03-09 10:30", "2027-03-09 11:00")
    )


def test_a_whole_day_is_not_blocked_by_a_part_of_it() -> None:
    """volunteer-management-software 40: one shift, and the day was gone."""
    who = volunteer()
    promise(who, "2027-03-09 10:00", "2027-03-09 12:00")
    promise(who, "2027-03-09 12:00", "2027-03-09 14:00")
    assert who.offers.filter(state="accepted").count() == 2


def test_an_hours_handover_is_let_through_and_more_is_not() -> None:
    """The answer that all four came to: block, allow an hour's handover, let a manager override."""
    first = span("2027-03-09 10:00", "2027-03-09 12:00")
    assert not clash(first, span("2027-03-09 11:00", "2027-03-09 14:00"))
    assert clash(first, span("2027-03-09 10:59", "2027-03-09 14:00"))


def test_a_manager_overrides_with_a_reason_that_is_kept() -> None:
    who = volunteer()
    promise(who, "2027-03-09 10:00", "2027-03-09 14:00")
    row = help_request(
        organisation=who.organisation,
        starts_at=at("2027-03-09 11:00"),
        ends_at=at("2027-03-09 12:00"),
    )
    asked = offer(row, who, override_reason="Both are in the same house")
    assert asked.override_reason == "Both are in the same house"
    assert accept(offer=asked, by=TESTS, side=Party.VOLUNTEER).state == "accepted"


def test_a_shift_and_a_request_do_not_overlap_either() -> None:
    who = volunteer()
    role = OpportunityFactory(organisation=who.organisation)
    place_volunteer(application=apply(person=who.person, opportunity=role, by=TESTS), by=TESTS)
    promise(who, "2027-03-09 10:00", "2027-03-09 14:00")
    shift = ShiftFactory(
        opportunity=role, starts_at=at("2027-03-09 12:00"), ends_at=at("2027-03-09 16:00")
    )
    with pytest.raises(AlreadyBooked):
        take_shift_place(shift=shift, volunteer=who, by=TESTS)


def test_every_tuesday_stays_at_ten_when_the_clocks_change() -> None:
    # British Summer Time begins on 28 March 2027.
    weekly = list(
        occurrences(span("2027-03-23 10:00", "2027-03-23 11:00"), "weekly", at("2027-04-07 00:00"))
    )
    assert [f"{one.starts_at.astimezone(LONDON):%d %H:%M}" for one in weekly] == [
        "23 10:00", "30 10:00", "06 10:00",
    ]  # fmt: skip
    assert weekly[1].starts_at - weekly[0].starts_at == timedelta(days=7) - timedelta(hours=1)


def test_a_weekly_promise_stands_in_the_way_after_the_clocks_change() -> None:
    who = volunteer()
    promise(who, "2027-03-23 10:00", "2027-03-23 11:00", repeats="weekly")
    assert clashes(who, span("2027-04-06 10:00", "2027-04-06 11:00"))
    assert not clashes(who, span("2027-04-06 11:00", "2027-04-06 12:00"))
    assert not clashes(who, span("2027-04-07 10:00", "2027-04-07 11:00"))


def test_a_night_shift_is_as_long_as_the_night_really_is() -> None:
    assert span("2027-03-27 22:00", "2027-03-28 06:00").minutes == 7 * 60
    assert span("2027-10-30 22:00", "2027-10-31 06:00").minutes == 9 * 60


def test_the_hour_that_there_is_twice_is_told_apart() -> None:
    first = datetime(2027, 10, 31, 1, 15, tzinfo=LONDON)
    second = first.replace(fold=1)
    assert not clash(
        Span(first, first + timedelta(minutes=30)), Span(second, second + timedelta(minutes=30))
    )


def test_the_week_is_londons() -> None:
    # Sunday 23:30 UTC is Monday 00:30 in summer.
    begins, ends = week_of(datetime.fromisoformat("2027-06-06T23:30:00+00:00"))
    assert begins == at("2027-06-07 00:00")
    assert ends == at("2027-06-14 00:00")


def test_no_more_hours_a_week_than_they_can_give() -> None:
    who = volunteer(minutes_a_week=150)
    promise(who, "2027-03-09 10:00", "2027-03-09 12:00")
    assert minutes_left(who, at("2027-03-10 10:00")) == 30
    assert minutes_left(who, at("2027-03-16 10:00")) == 150
    row = help_request(
        organisation=who.organisation,
        starts_at=at("2027-03-11 10:00"),
        ends_at=at("2027-03-11 11:00"),
    )
    with pytest.raises(NoHoursLeft):
        offer(row, who)


_MINUTE = st.integers(min_value=0, max_value=2000)


@given(_MINUTE, _MINUTE, _MINUTE, _MINUTE)
def test_a_clash_is_mutual_and_needs_an_overlap(a: int, b: int, c: int, d: int) -> None:
    base = datetime.fromisoformat("2027-03-09T00:00:00+00:00")
    one = Span(base + timedelta(minutes=a), base + timedelta(minutes=a + b + 1))
    other = Span(base + timedelta(minutes=c), base + timedelta(minutes=c + d + 1))
    assert clash(one, other) == clash(other, one)
    if clash(one, other):
        assert one.starts_at < other.ends_at
        assert other.starts_at < one.ends_at
    assert clash(one, one)
