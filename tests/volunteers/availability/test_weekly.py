"""When somebody is free: London's weeks, days that differ, midnight and the nights the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers.availability import (
    Change,
    Span,
    Window,
    free_spans,
    joined,
    part_of_day,
    room_around,
    without,
)

LONDON = ZoneInfo("Europe/London")
TUESDAY = date(2026, 11, 24)
TUESDAY_AFTERNOON = Window(2, time(13), time(17))


def london(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON, fold=fold)


def span(day: date, first: int, last: int) -> Span:
    return Span(london(day, first), london(day, last))


def test_a_window_is_the_same_time_on_the_wall_in_summer_and_in_winter():
    winter = free_spans([TUESDAY_AFTERNOON], [], TUESDAY, TUESDAY)
    summer = free_spans([TUESDAY_AFTERNOON], [], date(2026, 6, 23), date(2026, 6, 23))
    assert winter == (
        Span(datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 24, 17, tzinfo=UTC)),
    )
    assert summer == (
        Span(datetime(2026, 6, 23, 12, tzinfo=UTC), datetime(2026, 6, 23, 16, tzinfo=UTC)),
    )


def test_a_window_on_another_weekday_does_not_count():
    assert free_spans([TUESDAY_AFTERNOON], [], TUESDAY + timedelta(1), TUESDAY + timedelta(6)) == ()


def test_until_midnight_ends_with_the_day():
    (evening,) = free_spans([Window(2, time(18), time(0))], [], TUESDAY, TUESDAY)
    assert evening.minutes == 6 * 60
    assert evening.last_day == TUESDAY
    assert part_of_day(evening) == "Tuesday evening"


def test_past_midnight_belongs_to_the_evening_and_is_found_from_the_day_after():
    night = Window(2, time(22), time(2))
    (found,) = free_spans([night], [], TUESDAY + timedelta(1), TUESDAY + timedelta(1))
    assert found == Span(london(TUESDAY, 22), london(TUESDAY + timedelta(1), 2))


def test_two_windows_that_touch_at_midnight_are_one_free_time():
    free = free_spans(
        [Window(2, time(20), time(0)), Window(3, time(0), time(3))],
        [],
        TUESDAY,
        TUESDAY + timedelta(1),
    )
    visit = Span(london(TUESDAY, 23), london(TUESDAY + timedelta(1), 1))
    assert room_around(visit, free) == 5 * 60


def test_the_night_when_the_clocks_go_back_lasts_an_hour_longer():
    saturday = date(2026, 10, 24)
    (night,) = free_spans([Window(6, time(22), time(6))], [], saturday, saturday)
    assert night.minutes == 9 * 60


def test_the_night_when_the_clocks_go_forward_is_an_hour_shorter_and_a_skipped_hour_is_nothing():
    saturday, sunday = date(2026, 3, 28), date(2026, 3, 29)
    (night,) = free_spans([Window(6, time(22), time(6))], [], saturday, saturday)
    assert night.minutes == 7 * 60
    assert free_spans([Window(7, time(1), time(2))], [], sunday, sunday) == ()


def test_the_hour_that_comes_twice_is_free_both_times():
    sunday = date(2026, 10, 25)
    free = free_spans([Window(7, time(1), time(2))], [], sunday, sunday)
    first = Span(london(sunday, 1, 0, fold=0), london(sunday, 1, 30, fold=0))
    second = Span(london(sunday, 1, 0, fold=1), london(sunday, 1, 30, fold=1))
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    assert room_around(first, free) == 90
    assert room_around(second, free) == 90


def test_a_visit_just_after_midnight_in_summer_is_on_londons_day():
    """23:30 UTC on Friday is half past midnight on Saturday: free on Saturday is what counts."""
    visit = Span(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), datetime(2026, 7, 4, 0, 30, tzinfo=UTC))
    assert visit.first_day == date(2026, 7, 4)
    saturday = free_spans([Window(6, time(0), time(4))], [], visit.first_day, visit.last_day)
    friday = free_spans([Window(5, time(12), time(0))], [], visit.first_day, visit.last_day)
    assert room_around(visit, saturday) == 180
    assert room_around(visit, friday) is None


def test_away_cuts_days_and_hours_out():
    whole_day = Change(TUESDAY, TUESDAY)
    an_hour = Change(TUESDAY, TUESDAY, starts=time(14), ends=time(15))
    assert free_spans([TUESDAY_AFTERNOON], [whole_day], TUESDAY, TUESDAY) == ()
    assert free_spans([TUESDAY_AFTERNOON], [an_hour], TUESDAY, TUESDAY) == (
        span(TUESDAY, 13, 14),
        span(TUESDAY, 15, 17),
    )


def test_a_free_day_is_added_and_away_wins_where_the_two_meet():
    wednesday = TUESDAY + timedelta(1)
    free = Change(wednesday, wednesday, free=True, starts=time(9), ends=time(12))
    away = Change(wednesday, wednesday, starts=time(11), ends=time(12))
    assert free_spans([], [free, away], TUESDAY, wednesday) == (span(wednesday, 9, 11),)


def test_holidays_that_began_long_ago_still_count():
    away = Change(date(2026, 1, 1), date(2026, 12, 31))
    assert free_spans([TUESDAY_AFTERNOON], [away], TUESDAY, TUESDAY) == ()


@pytest.mark.parametrize("weekday", [0, 8])
def test_weekdays_are_iso(weekday):
    with pytest.raises(ValueError, match="ISO weekday"):
        Window(weekday, time(9), time(10))


def test_a_span_needs_moments_in_order():
    with pytest.raises(ValueError, match="after it starts"):
        Span(london(TUESDAY, 10), london(TUESDAY, 10))
    with pytest.raises(ValueError, match="between moments"):
        Span(datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 10))


def test_last_day_before_the_first_is_refused():
    with pytest.raises(ValueError, match="before the first"):
        Change(TUESDAY, TUESDAY - timedelta(1))


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (2, "early on Tuesday"),
        (9, "Tuesday morning"),
        (12, "Tuesday afternoon"),
        (17, "Tuesday evening"),
        (22, "Tuesday night"),
    ],
)
def test_parts_of_the_day(hour, words):
    assert part_of_day(span(TUESDAY, hour, hour + 1)) == words


minutes = st.integers(0, 600)
spans = st.builds(
    lambda start, length: Span(
        datetime(2026, 10, 24, 20, tzinfo=UTC) + timedelta(minutes=start),
        datetime(2026, 10, 24, 20, tzinfo=UTC) + timedelta(minutes=start + length),
    ),
    minutes,
    st.integers(1, 200),
)


def covered(some) -> set[int]:
    begin = datetime(2026, 10, 24, 20, tzinfo=UTC)
    return {
        minute
        for one in some
        for minute in range(
            (one.starts_at - begin) // timedelta(minutes=1),
            (one.ends_at - begin) // timedelta(minutes=1),
        )
    }


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_joining_and_cutting_are_what_sets_of_minutes_say(some, taken):
    whole = joined(some)
    assert covered(whole) == covered(some)
    assert all(one.ends_at < two.starts_at for one, two in pairwise(whole))
    assert covered(without(some, taken)) == covered(some) - covered(taken)
