"""Times as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time

import pytest

from directory.imports.opening_words import NotUnderstood, Times, parse_time, parse_times
from tests.slow_texts import SLOW_TEXTS, in_time


def said(text: str) -> list[tuple]:
    return [
        (rule.weekday, str(rule.opens_at)[:5], str(rule.closes_at)[:5])
        for rule in parse_times(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon 9am-5pm", [(0, "09:00", "17:00")]),
        ("Monday 09:00 to 17:00", [(0, "09:00", "17:00")]),
        ("Mondays, 9.30am – noon", [(0, "09:30", "12:00")]),
        ("Tue, Thu 2-4pm", [(1, "14:00", "16:00"), (3, "14:00", "16:00")]),
        ("Tue 11-1pm", [(1, "11:00", "13:00")]),
        ("Sat-Mon 10am-4pm", [(5, "10:00", "16:00"), (6, "10:00", "16:00"), (0, "10:00", "16:00")]),
        ("Mon 9:00-12:00, 13:00-17:00", [(0, "09:00", "12:00"), (0, "13:00", "17:00")]),
        ("Fri 9pm-2am", [(4, "21:00", "02:00")]),
        ("Sun midday - midnight", [(6, "12:00", "00:00")]),
        ("Mon 10am-noon; Wed 1pm-3pm", [(0, "10:00", "12:00"), (2, "13:00", "15:00")]),
        ("Wed", [(2, "None", "None")]),
    ],
)
def test_days_and_times(text, expected):
    assert said(text) == expected


def test_every_day():
    assert [rule.weekday for rule in parse_times("daily 8am-8pm")] == list(range(7))


def test_every_second_week_needs_a_date_on_which_it_took_place():
    (rule,) = parse_times("every 2nd Tue 10am-noon from 2026-01-06")
    assert (rule.interval, rule.anchor, rule.weekday) == (2, date(2026, 1, 6), 1)
    with pytest.raises(NotUnderstood, match="date on which it took place"):
        parse_times("every 2nd Tue 10am-noon")


@pytest.mark.parametrize(
    ("text", "nth"), [("1st Wed of the month 2pm-4pm", 1), ("last Wed 2pm-4pm", -1)]
)
def test_a_weekday_of_the_month(text, nth):
    assert parse_times(text) == [
        Times(freq="MONTHLY", weekday=2, nth=nth, opens_at=time(14), closes_at=time(16))
    ]


def test_a_day_of_the_month():
    assert parse_times("15th of the month 10am-noon")[0].monthday == 15
    assert parse_times("last day of the month 10am-noon")[0].monthday == -1


def test_term_time_and_ring_first():
    (rule,) = parse_times("Wed 4pm-6pm, term time only")
    assert rule.term_time_only
    (rule,) = parse_times("Fri, ring first")
    assert (rule.by_appointment, rule.opens_at) == (True, None)


@pytest.mark.parametrize(
    "text",
    [
        "by arrangement",
        "see our website",
        "9-5",
        "Tuesdays at 4pm",
        "Mon 25:00-26:00",
        "0th of the month",
    ],
)
def test_what_is_not_understood_is_not_guessed(text):
    with pytest.raises(NotUnderstood):
        parse_times(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9am", time(9)), ("12am", time(0)), ("12pm", time(12)), ("24:00", time(0)), ("9.05", time(9, 5)),
     ("17:30:00", time(17, 30)), ("noon", time(12))],
)  # fmt: skip
def test_a_time(text, expected):
    assert parse_time(text) == expected


@pytest.mark.parametrize("text", ["13pm", "24:01", "9:60", "", "nine"])
def test_no_time(text):
    with pytest.raises(NotUnderstood):
        parse_time(text)


@pytest.mark.parametrize("text", SLOW_TEXTS, ids=lambda text: repr(text[:4]))
def test_no_cell_keeps_an_import_waiting(text: str) -> None:
    with in_time(), suppress(NotUnderstood):
        parse_times(text)


def test_opening_times_have_an_end() -> None:
    with pytest.raises(NotUnderstood):
        parse_times("Mon 9am-5pm; " * 200)
