"""Review dates: vector 23, leap days and the ends of months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.reviews.dates import Rhythm, Window, due, first_review, next_review_by

USUAL = Rhythm()


def test_a_plan_of_new_years_day_is_looked_at_in_the_middle_of_february() -> None:
    assert first_review(USUAL, date(2026, 1, 1)) == Window(date(2026, 2, 12), date(2026, 2, 26))


@pytest.mark.parametrize(
    ("held", "by"),
    [
        (date(2026, 2, 20), date(2027, 2, 20)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_the_next_is_within_twelve_months(held: date, by: date) -> None:
    assert next_review_by(USUAL, held) == by


@pytest.mark.parametrize(
    ("held", "months", "by"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 3, 31), 3, date(2026, 6, 30)),
    ],
)
def test_the_end_of_a_short_month_stands_for_its_missing_days(
    held: date, months: int, by: date
) -> None:
    assert next_review_by(Rhythm(then_within_months=months), held) == by


def test_a_change_after_a_review_is_looked_at_soon() -> None:
    window = due(USUAL, changed_on=date(2026, 5, 1), held_on=date(2026, 3, 1))
    assert window == first_review(USUAL, date(2026, 5, 1))


def test_a_review_on_the_day_of_the_change_counts() -> None:
    window = due(USUAL, changed_on=date(2026, 5, 1), held_on=date(2026, 5, 1))
    assert window.closes == date(2027, 5, 1)


def test_the_last_day_is_not_missed_yet() -> None:
    window = first_review(USUAL, date(2026, 1, 1))
    assert date(2026, 2, 26) in window
    assert not window.is_missed(date(2026, 2, 26))
    assert window.is_missed(date(2026, 2, 27))
    assert date(2026, 2, 11) not in window


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 30), st.integers(0, 30))
def test_a_window_opens_before_it_closes(day: date, after: int, more: int) -> None:
    window = first_review(Rhythm(after, after + more), day)
    assert window.opens <= window.closes
    assert window.closes - window.opens == timedelta(weeks=more)


@pytest.mark.parametrize("wrong", [(8, 6, 12), (-1, 6, 12), (6, 8, 0)])
def test_a_rhythm_that_cannot_be_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"window|months"):
        Rhythm(*wrong)
