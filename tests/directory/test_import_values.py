"""Cells made into values."""

from __future__ import annotations

from datetime import date

import pytest

from directory.imports.readers.values import (
    a_date,
    ages,
    amounts,
    cost_of,
    is_all_ages,
    items,
    language,
    pence,
    whole_number,
    yes,
)
from tests.slow_texts import SLOW_TEXTS, in_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 years - 14 years", (6, 14)),
        ("4 to 18", (4, 18)),
        ("13-25", (13, 25)),
        ("0-19 years", (0, 19)),
        ("11+", (11, None)),
        ("7 years upwards", (7, None)),
        ("From 5 years upwards", (5, None)),
        ("50 and over", (50, None)),
        ("Over 60s", (60, None)),
        ("over 50", (50, None)),
        ("Under 5s", (None, 5)),
        ("16 or under", (None, 16)),
        ("All ages", (None, None)),
        ("25 to 30 people", None),
        ("retired people", None),
        ("", None),
    ],
)
def test_ages(text, expected):
    assert ages(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("31/01/2026", date(2026, 1, 31)),
        ("12/24/2015", date(2015, 12, 24)),
        ("03/04/2026", date(2026, 4, 3)),
        ("1 May 2026", date(2026, 5, 1)),
        ("2026-01-31T10:00:00Z", date(2026, 1, 31)),
        ("January 01, 0001", None),
        ("30/02/2026", None),
        ("soon", None),
    ],
)
def test_dates_have_the_day_before_the_month_unless_that_cannot_be(text, expected):
    assert a_date(text) == expected


@pytest.mark.parametrize(
    ("is_free", "fees", "prices", "expected"),
    [
        (True, "donations welcome", [], "free"),
        (None, "", [], "not_known"),
        (None, "", [None], "not_known"),
        (None, "£3 a week", [], "paid"),
        (None, "None.", [], "free"),
        (None, "Free of charge", [], "free"),
        (None, "", [0], "free"),
        (None, "", [0, 300], "paid"),
        (False, "", [], "paid"),
    ],
)
def test_nothing_said_of_the_cost_is_not_free(is_free, fees, prices, expected):
    assert cost_of(is_free=is_free, fees=fees, prices=prices) == expected


def test_money_is_whole_pence():
    assert [pence(text) for text in ("13", "£13.00", "1,250.5", "0.29", "free", "-1", "NaN", "1e9")] == [
        1300, 1300, 125050, 29, None, None, None, None,
    ]  # fmt: skip
    assert amounts("£3 a session, £1,200 a year") == [300, 120_000]


def test_lists_are_cut_at_commas_outside_brackets():
    assert items("Chinese (Mandarin, Cantonese), Spanish; Welsh") == [
        "Chinese (Mandarin, Cantonese)",
        "Spanish",
        "Welsh",
    ]


def test_languages_have_codes():
    assert language("Polish") == ("pl", "Polish")
    assert language("Urdu", "UR") == ("ur", "Urdu")
    assert language("Klingon of the north") == ("klingon-of", "Klingon of the north")


def test_whole_numbers_and_answers():
    assert [whole_number(t) for t in ("12", "12.0", "12.5", "1e400", "x")] == [
        12,
        12,
        None,
        None,
        None,
    ]
    assert [yes(t) for t in ("Yes", "t", "no", "0", "maybe", "")] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]


@pytest.mark.parametrize("text", SLOW_TEXTS, ids=lambda text: repr(text[:4]))
def test_no_cell_keeps_an_import_waiting(text: str) -> None:
    with in_time():
        assert ages(text) is None
        is_all_ages(text)
