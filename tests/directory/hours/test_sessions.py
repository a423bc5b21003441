"""Tables of the dates and moments that opening times get wrong.

2026: Good Friday 3 April, Easter Monday 6 April, clocks forward on Sunday 29 March, back on Sunday
25 October. 2028 is a leap year.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from directory.hours import (
    NO_CALENDARS,
    Calendars,
    Doubt,
    Event,
    Exception_,
    Freq,
    HolidayCalendar,
    OnBankHolidays,
    OpenNow,
    Rule,
    Schedule,
    TermCalendar,
    next_session,
    open_now,
    sessions,
    weekly_windows,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
TEN, NOON = time(10), time(12)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def days_of(rule: Rule, first: date, last: date) -> list[date]:
    return [one.day for one in sessions(Schedule.of([rule]), NO_CALENDARS, first, last)]


RECURRENCES = {
    "every Tuesday": (
        Rule(weekday=TUE),
        (2026, 11, 22),
        (2026, 12, 9),
        [(2026, 11, 24), (2026, 12, 1), (2026, 12, 8)],
    ),
    "fortnight over new year, from its anchor": (
        Rule(weekday=TUE, interval=2, anchor=date(2026, 12, 15)),
        (2026, 12, 1),
        (2027, 1, 31),
        [(2026, 12, 1), (2026, 12, 15), (2026, 12, 29), (2027, 1, 12), (2027, 1, 26)],
    ),
    "fortnight over a year of 53 weeks": (
        Rule(weekday=THU, interval=2, anchor=date(2020, 12, 24)),
        (2020, 12, 20),
        (2021, 1, 25),
        [(2020, 12, 24), (2021, 1, 7), (2021, 1, 21)],
    ),
    "fortnight before its anchor counts too": (
        Rule(weekday=TUE, interval=2, anchor=date(2026, 12, 15)),
        (2026, 11, 1),
        (2026, 11, 30),
        [(2026, 11, 3), (2026, 11, 17)],
    ),
    "fortnight whose anchor is another day of its week": (
        Rule(weekday=THU, interval=2, anchor=date(2026, 12, 15)),
        (2026, 12, 14),
        (2027, 1, 3),
        [(2026, 12, 17), (2026, 12, 31)],
    ),
    "every third week": (
        Rule(weekday=MON, interval=3, anchor=date(2026, 11, 23)),
        (2026, 11, 22),
        (2027, 1, 10),
        [(2026, 11, 23), (2026, 12, 14), (2027, 1, 4)],
    ),
    "first Tuesday of the month": (
        Rule(freq=Freq.MONTHLY, weekday=TUE, nth=1),
        (2026, 11, 22),
        (2027, 2, 28),
        [(2026, 12, 1), (2027, 1, 5), (2027, 2, 2)],
    ),
    "last Friday, in months of four and of five": (
        Rule(freq=Freq.MONTHLY, weekday=FRI, nth=-1),
        (2026, 10, 1),
        (2027, 2, 28),
        [(2026, 10, 30), (2026, 11, 27), (2026, 12, 25), (2027, 1, 29), (2027, 2, 26)],
    ),
    "fifth Monday, only where there is one": (
        Rule(freq=Freq.MONTHLY, weekday=MON, nth=5),
        (2026, 9, 1),
        (2027, 3, 31),
        [(2026, 11, 30), (2027, 3, 29)],
    ),
    "the 31st skips shorter months": (
        Rule(freq=Freq.MONTHLY, monthday=31),
        (2026, 1, 1),
        (2026, 6, 30),
        [(2026, 1, 31), (2026, 3, 31), (2026, 5, 31)],
    ),
    "the last day of the month, in a leap year": (
        Rule(freq=Freq.MONTHLY, monthday=-1),
        (2028, 1, 1),
        (2028, 4, 30),
        [(2028, 1, 31), (2028, 2, 29), (2028, 3, 31), (2028, 4, 30)],
    ),
    "the 29th, in February of a common and a leap year": (
        Rule(freq=Freq.MONTHLY, monthday=29),
        (2027, 2, 1),
        (2028, 3, 1),
        [
            (2027, 3, 29), (2027, 4, 29), (2027, 5, 29), (2027, 6, 29), (2027, 7, 29),
            (2027, 8, 29), (2027, 9, 29), (2027, 10, 29), (2027, 11, 29), (2027, 12, 29),
            (2028, 1, 29), (2028, 2, 29),
        ],
    ),
    "every Tuesday passes 29 February": (
        Rule(weekday=TUE),
        (2028, 2, 20),
        (2028, 3, 8),
        [(2028, 2, 22), (2028, 2, 29), (2028, 3, 7)],
    ),
    "every second month": (
        Rule(freq=Freq.MONTHLY, weekday=TUE, nth=1, interval=2, anchor=date(2026, 12, 1)),
        (2026, 11, 1),
        (2027, 5, 31),
        [(2026, 12, 1), (2027, 2, 2), (2027, 4, 6)],
    ),
    "from one date to another": (
        Rule(weekday=TUE, valid_from=date(2026, 11, 25), valid_to=date(2026, 12, 8)),
        (2026, 11, 1),
        (2026, 12, 31),
        [(2026, 12, 1), (2026, 12, 8)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RECURRENCES.values(), ids=RECURRENCES.keys())
def test_dates_of_a_rule(case: tuple) -> None:
    rule, first, last, expected = case
    assert days_of(rule, date(*first), date(*last)) == [date(*parts) for parts in expected]


CLOCKS = {
    "in winter": (date(2026, 11, 24), time(10), time(12), (2026, 11, 24, 10), (2026, 11, 24, 12)),
    "in summer": (date(2026, 6, 23), time(10), time(12), (2026, 6, 23, 9), (2026, 6, 23, 11)),
    "past midnight": (date(2026, 11, 27), time(22), time(2), (2026, 11, 27, 22), (2026, 11, 28, 2)),
    "until midnight": (date(2026, 11, 27), time(22), time(0), (2026, 11, 27, 22), (2026, 11, 28, 0)),
    "round the clock": (date(2026, 11, 27), time(0), time(0), (2026, 11, 27, 0), (2026, 11, 28, 0)),
    "night the clocks go forward": (
        date(2026, 3, 28), time(22), time(6), (2026, 3, 28, 22), (2026, 3, 29, 5),
    ),
    "night the clocks go back": (
        date(2026, 10, 24), time(22), time(6), (2026, 10, 24, 21), (2026, 10, 25, 6),
    ),
    "begins in the hour that is skipped": (
        date(2026, 3, 29), time(1, 30), time(4), (2026, 3, 29, 1), (2026, 3, 29, 3),
    ),
    "ends in the hour that is skipped": (
        date(2026, 3, 28), time(22), time(1, 30), (2026, 3, 28, 22), (2026, 3, 29, 1),
    ),
    "begins in the hour that comes twice: at the first": (
        date(2026, 10, 25), time(1, 30), time(4), (2026, 10, 25, 0, 30), (2026, 10, 25, 4),
    ),
    "ends in the hour that comes twice: at the first": (
        date(2026, 10, 24), time(22), time(1, 30), (2026, 10, 24, 21), (2026, 10, 25, 0, 30),
    ),
    "lasts over the hour that comes twice": (
        date(2026, 10, 25), time(1), time(2), (2026, 10, 25, 0), (2026, 10, 25, 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CLOCKS.values(), ids=CLOCKS.keys())
def test_moments_of_a_session(case: tuple) -> None:
    day, opens_at, closes_at, starts, ends = case
    rule = Rule(weekday=day.weekday(), opens_at=opens_at, closes_at=closes_at)
    [session] = sessions(Schedule.of([rule]), NO_CALENDARS, day, day)
    assert (session.starts_at, session.ends_at) == (utc(*starts), utc(*ends))
    assert session.day == day


def test_a_session_wholly_in_the_hour_that_is_skipped_does_not_take_place() -> None:
    schedule = Schedule.of([Rule(weekday=SUN, opens_at=time(1), closes_at=time(2))])
    assert sessions(schedule, NO_CALENDARS, date(2026, 3, 29), date(2026, 3, 29)) == []
    assert len(sessions(schedule, NO_CALENDARS, date(2026, 3, 22), date(2026, 4, 5))) == 2


def test_the_same_rule_twice_is_one_session() -> None:
    rule = Rule(weekday=TUE, opens_at=TEN, closes_at=NOON)
    assert (
        len(
            sessions(
                Schedule.of([rule, rule]), NO_CALENDARS, date(2026, 11, 24), date(2026, 11, 24)
            )
        )
        == 1
    )


# --- Days that differ -------------------------------------------------------------------------------

TUESDAYS = Rule(weekday=TUE, opens_at=TEN, closes_at=NOON)


def test_closed_days_win_over_rules() -> None:
    christmas = Exception_(date(2026, 12, 21), date(2027, 1, 1))
    schedule = Schedule.of([TUESDAYS], [christmas])
    days = [s.day for s in sessions(schedule, NO_CALENDARS, date(2026, 12, 14), date(2027, 1, 10))]
    assert days == [date(2026, 12, 15), date(2027, 1, 5)]


def test_other_hours_replace_every_session_of_the_day() -> None:
    afternoon = Rule(weekday=TUE, opens_at=time(14), closes_at=time(16))
    other = Exception_(
        date(2026, 12, 22), date(2026, 12, 22), closed=False, opens_at=time(9), closes_at=time(11)
    )
    schedule = Schedule.of([TUESDAYS, afternoon], [other])
    [session] = sessions(schedule, NO_CALENDARS, date(2026, 12, 22), date(2026, 12, 22))
    assert (session.opens_at, session.closes_at) == (time(9), time(11))


def test_other_hours_open_a_day_that_has_no_rule() -> None:
    saturday = date(2026, 12, 19)
    other = Exception_(saturday, saturday, closed=False, opens_at=TEN, closes_at=NOON)
    assert days_with(Schedule.of([TUESDAYS], [other]), saturday) == [saturday]


def test_one_day_open_beats_a_month_closed_and_closed_wins_a_tie() -> None:
    august = Exception_(date(2026, 8, 1), date(2026, 8, 31))
    one_day = date(2026, 8, 12)
    open_on_it = Exception_(one_day, one_day, closed=False, opens_at=TEN, closes_at=NOON)
    closed_on_it = Exception_(one_day, one_day)
    assert days_with(Schedule.of([], [august, open_on_it]), one_day) == [one_day]
    assert days_with(Schedule.of([], [august, open_on_it, closed_on_it]), one_day) == []


def test_a_closure_stops_the_night_that_begins_on_it_not_the_one_that_ends_on_it() -> None:
    nights = Rule(weekday=THU, opens_at=time(22), closes_at=time(2))
    fridays = Rule(weekday=FRI, opens_at=time(22), closes_at=time(2))
    friday = date(2026, 11, 27)
    schedule = Schedule.of([nights, fridays], [Exception_(friday, friday)])
    assert [s.day for s in sessions(schedule, NO_CALENDARS, date(2026, 11, 26), friday)] == [
        date(2026, 11, 26)
    ]
    assert open_now(schedule, NO_CALENDARS, utc(2026, 11, 27, 1)) == OpenNow.YES
    assert open_now(schedule, NO_CALENDARS, utc(2026, 11, 27, 23)) == OpenNow.NO


def days_with(schedule: Schedule, day: date, calendars: Calendars = NO_CALENDARS) -> list[date]:
    return [one.day for one in sessions(schedule, calendars, day, day)]


# --- Calendars --------------------------------------------------------------------------------------

EASTER_MONDAY = date(2026, 4, 6)
CALENDARS = Calendars(
    HolidayCalendar(((EASTER_MONDAY, EASTER_MONDAY),), covers_until=date(2026, 12, 31)),
    TermCalendar(((date(2026, 4, 13), date(2026, 5, 22)),), covers_until=date(2026, 5, 31)),
)
MONDAYS = Rule(weekday=MON, opens_at=TEN, closes_at=NOON)


@pytest.mark.parametrize(
    ("policy", "taking_place", "doubt"),
    [
        (OnBankHolidays.CLOSED, False, None),
        (OnBankHolidays.OPEN, True, None),
        (OnBankHolidays.NOT_KNOWN, True, Doubt.BANK_HOLIDAY),
    ],
)
def test_bank_holidays(policy: OnBankHolidays, taking_place: bool, doubt: Doubt | None) -> None:
    schedule = Schedule.of([MONDAYS], bank_holidays=policy)
    found = sessions(schedule, CALENDARS, EASTER_MONDAY, EASTER_MONDAY)
    assert [one.doubt for one in found] == ([doubt] if taking_place else [])
    # An ordinary Monday is the same for all three.
    [ordinary] = sessions(schedule, CALENDARS, date(2026, 4, 13), date(2026, 4, 13))
    assert ordinary.doubt is None


def test_after_the_last_bank_holiday_that_is_known() -> None:
    late = date(2027, 1, 4)
    schedule = Schedule.of([MONDAYS], bank_holidays=OnBankHolidays.CLOSED)
    [session] = sessions(schedule, CALENDARS, late, late)
    assert session.doubt == Doubt.HOLIDAYS_NOT_KNOWN
    always = Schedule.of([MONDAYS], bank_holidays=OnBankHolidays.OPEN)
    assert sessions(always, CALENDARS, late, late)[0].doubt is None


def test_other_hours_on_a_bank_holiday_win_over_closed() -> None:
    other = Exception_(EASTER_MONDAY, EASTER_MONDAY, closed=False, opens_at=TEN, closes_at=NOON)
    schedule = Schedule.of([MONDAYS], [other], bank_holidays=OnBankHolidays.CLOSED)
    [session] = sessions(schedule, CALENDARS, EASTER_MONDAY, EASTER_MONDAY)
    assert session.doubt is None


def test_school_terms() -> None:
    rule = Rule(weekday=TUE, opens_at=TEN, closes_at=NOON, term_time_only=True)
    found = sessions(Schedule.of([rule]), CALENDARS, date(2026, 4, 1), date(2026, 6, 9))
    in_term = [date(2026, 4, 14 + 7 * n) for n in range(3)] + [
        date(2026, 5, d) for d in (5, 12, 19)
    ]
    not_known = [date(2026, 6, 2), date(2026, 6, 9)]
    assert [one.day for one in found] == in_term + not_known
    assert [one.doubt for one in found] == [None] * 6 + [Doubt.TERM_NOT_KNOWN] * 2


def test_school_terms_that_nobody_has_entered() -> None:
    rule = Rule(weekday=TUE, opens_at=TEN, closes_at=NOON, term_time_only=True)
    found = next_session(Schedule.of([rule]), NO_CALENDARS, utc(2026, 11, 22))
    assert found is not None
    assert found.doubt == Doubt.TERM_NOT_KNOWN


# --- Events -----------------------------------------------------------------------------------------


def test_events_stand_beside_rules_in_order() -> None:
    event = Event(utc(2026, 11, 24, 9), utc(2026, 11, 24, 9, 30), title="Coffee")
    schedule = Schedule.of([TUESDAYS], events=[event])
    found = sessions(schedule, NO_CALENDARS, date(2026, 11, 24), date(2026, 11, 24))
    assert [(one.title, one.opens_at) for one in found] == [("Coffee", time(9)), ("", TEN)]


def test_a_cancelled_event_takes_the_session_of_its_start_with_it() -> None:
    cancelled = Event(utc(2026, 11, 24, 10), utc(2026, 11, 24, 12), cancelled=True)
    schedule = Schedule.of([TUESDAYS], events=[cancelled])
    [found] = sessions(schedule, NO_CALENDARS, date(2026, 11, 24), date(2026, 11, 24))
    assert found.cancelled
    following = next_session(schedule, NO_CALENDARS, utc(2026, 11, 22))
    assert following is not None
    assert following.day == date(2026, 12, 1)
    assert open_now(schedule, NO_CALENDARS, utc(2026, 11, 24, 11)) == OpenNow.NO


def test_an_event_is_on_the_london_date() -> None:
    event = Event(utc(2026, 6, 30, 23, 30), utc(2026, 7, 1, 0, 30))
    [found] = sessions(
        Schedule.of(events=[event]), NO_CALENDARS, date(2026, 7, 1), date(2026, 7, 1)
    )
    assert found.opens_at == time(0, 30)


# --- The next one, and now --------------------------------------------------------------------------


def test_next_counts_the_one_under_way_until_it_ends() -> None:
    schedule = Schedule.of([TUESDAYS])
    for now, day in [
        (utc(2026, 11, 24, 9, 59), date(2026, 11, 24)),
        (utc(2026, 11, 24, 11, 59), date(2026, 11, 24)),
        (utc(2026, 11, 24, 12, 0), date(2026, 12, 1)),
    ]:
        found = next_session(schedule, NO_CALENDARS, now)
        assert found is not None
        assert found.day == day


def test_next_is_still_last_night_after_midnight() -> None:
    schedule = Schedule.of([Rule(weekday=FRI, opens_at=time(22), closes_at=time(2))])
    found = next_session(schedule, NO_CALENDARS, utc(2026, 11, 28, 1))
    assert found is not None
    assert found.day == date(2026, 11, 27)


def test_next_29_february() -> None:
    rule = Rule(freq=Freq.MONTHLY, monthday=29, interval=12, anchor=date(2024, 2, 29))
    found = next_session(Schedule.of([rule]), NO_CALENDARS, utc(2024, 3, 1))
    assert found is not None
    assert found.day == date(2028, 2, 29)


def test_no_next_when_all_is_over_or_never_was() -> None:
    over = Rule(weekday=TUE, valid_to=date(2026, 1, 1))
    assert next_session(Schedule(), NO_CALENDARS, utc(2026, 11, 22)) is None
    assert next_session(Schedule.of([over]), NO_CALENDARS, utc(2026, 11, 22)) is None


def test_closed_for_now() -> None:
    until = Schedule((TUESDAYS,), closed_before=date(2026, 12, 2))
    found = next_session(until, NO_CALENDARS, utc(2026, 11, 22))
    assert found is not None
    assert found.day == date(2026, 12, 8)
    assert open_now(until, NO_CALENDARS, utc(2026, 11, 24, 11)) == OpenNow.NO
    for_ever = Schedule((TUESDAYS,), closed_before=date.max)
    assert next_session(for_ever, NO_CALENDARS, utc(2026, 11, 22)) is None


OPEN_NOW = {
    "nothing known": (Schedule(), utc(2026, 11, 24, 11), OpenNow.NOT_KNOWN),
    "in the session": (Schedule.of([TUESDAYS]), utc(2026, 11, 24, 11), OpenNow.YES),
    "at the first moment": (Schedule.of([TUESDAYS]), utc(2026, 11, 24, 10), OpenNow.YES),
    "at the last moment": (Schedule.of([TUESDAYS]), utc(2026, 11, 24, 12), OpenNow.NO),
    "on another day": (Schedule.of([TUESDAYS]), utc(2026, 11, 25, 11), OpenNow.NO),
    "in summer, an hour earlier": (Schedule.of([TUESDAYS]), utc(2026, 6, 23, 9), OpenNow.YES),
    "that day, times not known": (
        Schedule.of([Rule(weekday=TUE)]), utc(2026, 11, 24, 11), OpenNow.NOT_KNOWN,
    ),
    "the day after one with times not known": (
        Schedule.of([Rule(weekday=TUE)]), utc(2026, 11, 25, 11), OpenNow.NO,
    ),
    "rules that are over": (
        Schedule.of([Rule(weekday=TUE, opens_at=TEN, closes_at=NOON, valid_to=date(2026, 1, 1))]),
        utc(2026, 11, 24, 11), OpenNow.NOT_KNOWN,
    ),
    "only events, and none now": (
        Schedule.of(events=[Event(utc(2026, 12, 1, 10), utc(2026, 12, 1, 12))]),
        utc(2026, 11, 24, 11), OpenNow.NOT_KNOWN,
    ),
    "in an event": (
        Schedule.of(events=[Event(utc(2026, 11, 24, 10), utc(2026, 11, 24, 12))]),
        utc(2026, 11, 24, 11), OpenNow.YES,
    ),
    "began, end not known": (
        Schedule.of([Rule(weekday=TUE, opens_at=TEN)]), utc(2026, 11, 24, 11), OpenNow.NOT_KNOWN,
    ),
    "not begun, end not known": (
        Schedule.of([Rule(weekday=TUE, opens_at=TEN)]), utc(2026, 11, 24, 9), OpenNow.NO,
    ),
    "closed today by a notice": (
        Schedule.of([TUESDAYS], [Exception_(date(2026, 11, 24), date(2026, 11, 24))]),
        utc(2026, 11, 24, 11), OpenNow.NO,
    ),
    "only a notice is known, on its day": (
        Schedule.of([], [Exception_(date(2026, 11, 24), date(2026, 11, 24))]),
        utc(2026, 11, 24, 11), OpenNow.NO,
    ),
    "only a notice is known, on another day": (
        Schedule.of([], [Exception_(date(2026, 11, 24), date(2026, 11, 24))]),
        utc(2026, 11, 25, 11), OpenNow.NOT_KNOWN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN_NOW.values(), ids=OPEN_NOW.keys())
def test_open_now(case: tuple) -> None:
    schedule, at, expected = case
    assert open_now(schedule, NO_CALENDARS, at) == expected


def test_open_now_on_a_bank_holiday_that_nobody_knows_about() -> None:
    at = utc(2026, 4, 6, 10)
    assert open_now(Schedule.of([MONDAYS]), CALENDARS, at) == OpenNow.NOT_KNOWN
    closed = Schedule.of([MONDAYS], bank_holidays=OnBankHolidays.CLOSED)
    assert open_now(closed, CALENDARS, at) == OpenNow.NO


# --- When I am free ---------------------------------------------------------------------------------


def test_weekly_windows() -> None:
    rules = [
        TUESDAYS,
        Rule(
            weekday=TUE,
            interval=2,
            anchor=date(2026, 11, 24),
            opens_at=time(14),
            closes_at=time(16),
        ),
        Rule(freq=Freq.MONTHLY, weekday=FRI, nth=-1),
        Rule(weekday=SUN, opens_at=time(22), closes_at=time(2)),
        Rule(weekday=SAT, opens_at=time(20), closes_at=time(0)),
        Rule(freq=Freq.MONTHLY, monthday=15, opens_at=TEN, closes_at=NOON),
        Rule(weekday=WED, opens_at=TEN, closes_at=NOON, valid_to=date(2026, 1, 1)),
    ]
    assert weekly_windows(rules, on=date(2026, 11, 22)) == [
        (MON, 0, 120),
        (TUE, 600, 720),
        (TUE, 840, 960),
        (FRI, 0, 1440),
        (SAT, 1200, 1440),
        (SUN, 1320, 1440),
    ]
