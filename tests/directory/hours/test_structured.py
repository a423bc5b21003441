"""What search engines are told about opening times."""

from __future__ import annotations

from datetime import date, time

from directory.hours import (
    NO_CALENDARS,
    Calendars,
    Exception_,
    Freq,
    HolidayCalendar,
    OnBankHolidays,
    Rule,
    Schedule,
    opening_hours,
)

TODAY = date(2026, 11, 22)
TUESDAYS = Rule(weekday=1, opens_at=time(10), closes_at=time(12))
HOLIDAY = date(2026, 12, 8)
CALENDARS = Calendars(HolidayCalendar(((HOLIDAY, HOLIDAY),), date(2027, 12, 31)))


def special(schedule: Schedule, calendars: Calendars = NO_CALENDARS) -> list[tuple[str, str, str]]:
    found = opening_hours(schedule, calendars, TODAY).get("specialOpeningHoursSpecification", [])
    assert all(one["validFrom"] == one["validThrough"] for one in found)
    return [(one["validFrom"], one["opens"], one["closes"]) for one in found]


def test_every_week() -> None:
    assert opening_hours(Schedule.of([TUESDAYS]), NO_CALENDARS, TODAY) == {
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": "https://schema.org/Tuesday",
                "opens": "10:00",
                "closes": "12:00",
            }
        ]
    }


def test_nothing_known_says_nothing() -> None:
    assert opening_hours(Schedule(), NO_CALENDARS, TODAY) == {}
    assert opening_hours(Schedule.of([Rule(weekday=1)]), NO_CALENDARS, TODAY) == {}


def test_round_the_clock_is_not_said_as_closed() -> None:
    always = Schedule.of([Rule(weekday=d, opens_at=time(0), closes_at=time(0)) for d in range(7)])
    [first, *_rest] = opening_hours(always, NO_CALENDARS, TODAY)["openingHoursSpecification"]
    assert (first["opens"], first["closes"]) == ("00:00", "23:59")


def test_what_it_cannot_say_is_written_as_dates() -> None:
    fortnight = Rule(
        weekday=1, interval=2, anchor=date(2026, 11, 24), opens_at=time(14), closes_at=time(16)
    )
    last_friday = Rule(Freq.MONTHLY, weekday=4, nth=-1, opens_at=time(22), closes_at=time(2))
    assert special(Schedule.of([fortnight, last_friday]))[:3] == [
        ("2026-11-24", "14:00", "16:00"),
        ("2026-11-27", "22:00", "02:00"),
        ("2026-12-08", "14:00", "16:00"),
    ]


def test_a_special_day_repeats_the_regular_session_that_it_would_hide() -> None:
    first = Rule(Freq.MONTHLY, weekday=1, nth=1, opens_at=time(14), closes_at=time(16))
    assert special(Schedule.of([TUESDAYS, first]))[:2] == [
        ("2026-12-01", "10:00", "12:00"),
        ("2026-12-01", "14:00", "16:00"),
    ]


def test_closures_and_bank_holidays() -> None:
    closure = Exception_(date(2026, 11, 23), date(2026, 11, 29))
    schedule = Schedule.of([TUESDAYS], [closure], bank_holidays=OnBankHolidays.CLOSED)
    assert special(schedule, CALENDARS) == [
        ("2026-11-24", "00:00", "00:00"),
        ("2026-12-08", "00:00", "00:00"),
    ]


def test_days_in_doubt_are_left_out() -> None:
    assert special(Schedule.of([TUESDAYS]), CALENDARS) == []


def test_closed_for_now() -> None:
    schedule = Schedule((TUESDAYS,), closed_before=date(2026, 12, 2))
    assert special(schedule) == [("2026-11-24", "00:00", "00:00"), ("2026-12-01", "00:00", "00:00")]
