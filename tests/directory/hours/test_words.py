"""What a reader is told, word for word."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from directory.hours import (
    NO_CALENDARS,
    Calendars,
    Exception_,
    Freq,
    HolidayCalendar,
    OnBankHolidays,
    Rule,
    Schedule,
    TermCalendar,
    changes,
    next_session,
    say_session,
    say_time,
    say_times,
    unbroken,
    week,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
TODAY = date(2026, 11, 22)  # a Sunday
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def at(weekday: int, opens: int = 10, closes: int = 12, **more: object) -> Rule:
    return Rule(weekday=weekday, opens_at=time(opens), closes_at=time(closes), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(9), "9am"),
        (time(10, 30), "10:30am"),
        (time(12), "noon"),
        (time(12, 30), "12:30pm"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_times(moment: time, words: str) -> None:
    assert say_time(moment) == words


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (time(10), time(12), "10am to noon"),
        (time(22), time(0), "10pm to midnight"),
        (time(22), time(2), "10pm to 2am the next morning"),
        (time(18), time(17), "6pm to 5pm the next day"),
        (time(0), time(0), "all day and all night"),
        (time(10), None, "from 10am"),
        (None, time(12), "until noon"),
        (None, None, "times not known"),
    ],
)
def test_spans(opens: time | None, closes: time | None, words: str) -> None:
    assert say_times(opens, closes) == words


WEEKS = {
    "weekdays": ([at(d, 9, 17) for d in range(5)], ["Monday to Friday, 9am to 5pm"]),
    "two a day": ([at(TUE), at(TUE, 14, 16)], ["Tuesday, 10am to noon and 2pm to 4pm"]),
    "two days": ([at(MON), at(TUE)], ["Monday and Tuesday, 10am to noon"]),
    "days apart": (
        [at(MON), at(WED), at(FRI)],
        ["Monday, Wednesday and Friday, 10am to noon"],
    ),
    "a run and a day apart": (
        [at(d) for d in (0, 1, 2, 3, 5)],
        ["Monday to Thursday and Saturday, 10am to noon"],
    ),
    "every day": ([at(d) for d in range(7)], ["Every day, 10am to noon"]),
    "round the clock": ([at(d, 0, 0) for d in range(7)], ["Every day, all day and all night"]),
    "a shorter Friday": (
        [*(at(d, 9, 17) for d in range(4)), at(FRI, 9, 16)],
        ["Monday to Thursday, 9am to 5pm", "Friday, 9am to 4pm"],
    ),
    "fortnight": (
        [at(TUE, interval=2, anchor=date(2026, 11, 24))],
        ["Every second Tuesday, 10am to noon"],
    ),
    "opposite fortnights": (
        [
            at(TUE, interval=2, anchor=date(2026, 11, 24)),
            at(THU, interval=2, anchor=date(2026, 12, 3)),
        ],
        ["Every second Tuesday, 10am to noon", "Every second Thursday, 10am to noon"],
    ),
    "seventh week": (
        [at(TUE, interval=7, anchor=date(2026, 11, 24))],
        ["Tuesday every 7 weeks, 10am to noon"],
    ),
    "first Tuesday": (
        [at(TUE, freq=Freq.MONTHLY, nth=1)],
        ["First Tuesday of the month, 10am to noon"],
    ),
    "first and third": (
        [at(TUE, freq=Freq.MONTHLY, nth=3), at(TUE, freq=Freq.MONTHLY, nth=1)],
        ["First and third Tuesday of the month, 10am to noon"],
    ),
    "last Friday, late": (
        [at(FRI, 22, 2, freq=Freq.MONTHLY, nth=-1)],
        ["Last Friday of the month, 10pm to 2am the next morning"],
    ),
    "second month": (
        [at(TUE, freq=Freq.MONTHLY, nth=1, interval=2, anchor=date(2026, 12, 1))],
        ["First Tuesday of every second month, 10am to noon"],
    ),
    "days of the month": (
        [
            Rule(freq=Freq.MONTHLY, monthday=n, opens_at=time(10), closes_at=time(12))
            for n in (-1, 1, 22, 13)
        ],
        ["The 1st, the 13th, the 22nd and the last day of the month, 10am to noon"],
    ),
    "weekly before monthly": (
        [at(MON, freq=Freq.MONTHLY, nth=1), at(FRI)],
        ["Friday, 10am to noon", "First Monday of the month, 10am to noon"],
    ),
    "only one in term": (
        [at(TUE, term_time_only=True), at(WED)],
        ["Tuesday, 10am to noon, school term only", "Wednesday, 10am to noon"],
    ),
    "only one to ring for": (
        [at(TUE, by_appointment=True), at(WED)],
        ["Tuesday, 10am to noon, ring first", "Wednesday, 10am to noon"],
    ),
    "dates to come": (
        [at(TUE, valid_from=date(2027, 1, 5), valid_to=date(2027, 3, 30))],
        ["Tuesday, 10am to noon, from 5 January 2027, until 30 March 2027"],
    ),
    "dates past": (
        [at(TUE, valid_from=date(2026, 1, 6)), at(WED, valid_to=date(2026, 11, 21))],
        ["Tuesday, 10am to noon"],
    ),
    "a note on one": (
        [at(TUE, note="women only"), at(WED)],
        ["Tuesday, 10am to noon (women only)", "Wednesday, 10am to noon"],
    ),
    "times not known": ([Rule(weekday=TUE)], ["Tuesday, times not known"]),
    "nothing": ([], []),
}


@pytest.mark.parametrize("case", WEEKS.values(), ids=WEEKS.keys())
def test_the_week(case: tuple) -> None:
    rules, lines = case
    assert list(week(Schedule.of(rules), NO_CALENDARS, TODAY).lines) == lines


def test_what_holds_for_every_line_is_said_once() -> None:
    rules = [at(TUE, by_appointment=True, term_time_only=True, note="side door")]
    terms = TermCalendar(((date(2026, 9, 1), date(2026, 12, 18)),), covers_until=date(2027, 7, 20))
    said = week(Schedule.of(rules), Calendars(terms=terms), TODAY)
    assert said.lines == ("Tuesday, 10am to noon",)
    assert said.notes == (
        "Ring first",
        "School term only",
        "School terms: not known after 20 July 2027, ask",
        "Bank holidays: not known, ask",
        "side door",
    )


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (OnBankHolidays.CLOSED, "Closed on bank holidays"),
        (OnBankHolidays.OPEN, "Open on bank holidays"),
        (OnBankHolidays.NOT_KNOWN, "Bank holidays: not known, ask"),
    ],
)
def test_bank_holidays_are_always_said(policy: OnBankHolidays, words: str) -> None:
    schedule = Schedule.of([at(TUE)], bank_holidays=policy)
    assert week(schedule, NO_CALENDARS, TODAY).notes == (words,)
    # Where no time is known, nothing is said about bank holidays either.
    assert week(Schedule(), NO_CALENDARS, TODAY).notes == ()


NEXT = {
    "this week": (at(TUE), "Tuesday 24 November, 10am to noon"),
    "tomorrow": (at(MON), "Tomorrow, Monday 23 November, 10am to noon"),
    "today": (at(SUN), "Today, Sunday 22 November, 10am to noon"),
    "past midnight": (at(FRI, 22, 2), "Friday 27 November, 10pm to 2am the next morning"),
    "last night, still on": (at(SAT, 22, 10), "Now, until 10am"),
    "ring first": (at(TUE, by_appointment=True), "Tuesday 24 November, 10am to noon, ring first"),
    "in term": (
        at(TUE, term_time_only=True),
        "Tuesday 24 November, 10am to noon (in school terms only: ask if it is on)",
    ),
    "far away": (
        at(TUE, valid_from=date(2027, 9, 1)),
        "Tuesday 7 September 2027, 10am to noon",
    ),
    "new year": (at(TUE, valid_from=date(2027, 1, 1)), "Tuesday 5 January, 10am to noon"),
}


@pytest.mark.parametrize("case", NEXT.values(), ids=NEXT.keys())
def test_the_next_session(case: tuple) -> None:
    rule, words = case
    session = next_session(Schedule.of([rule]), NO_CALENDARS, NOW)
    assert session is not None
    assert say_session(session, NOW) == words


def test_the_next_session_on_a_bank_holiday() -> None:
    monday = date(2026, 11, 23)
    calendars = Calendars(HolidayCalendar(((monday, monday),), date(2027, 12, 31)))
    session = next_session(Schedule.of([at(MON)]), calendars, NOW)
    assert session is not None
    assert say_session(session, NOW).endswith("10am to noon (a bank holiday: ask if it is on)")


def test_days_that_differ() -> None:
    schedule = Schedule.of(
        [at(TUE)],
        [
            Exception_(date(2026, 12, 24), date(2027, 1, 1), reason="Christmas"),
            Exception_(date(2026, 12, 1), date(2026, 12, 1), False, time(9), time(11)),
            Exception_(date(2026, 11, 1), date(2026, 11, 8), reason="over"),
            Exception_(date(2027, 8, 1), date(2027, 8, 8), reason="far away"),
        ],
    )
    assert changes(schedule, TODAY) == (
        "Tuesday 1 December, 9am to 11am",
        "Closed Thursday 24 December to Friday 1 January: Christmas",
    )


def test_unbroken_ties_times_and_dates_and_nothing_else() -> None:
    assert unbroken("Tuesday 24 November, 10am to noon and 2:30pm to 4pm, ring first") == (
        "Tuesday 24\u00a0November, 10am\u00a0to\u00a0noon and 2:30pm\u00a0to\u00a04pm, ring first"
    )
    assert unbroken("Monday to Friday") == "Monday to Friday"
