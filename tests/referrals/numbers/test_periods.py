"""Months, quarters and financial years: their days, the one before, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcsn.figures.periods import (
    NoSuchPeriod,
    Period,
    choices,
    current,
    last_full,
    period_of,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("code", "first", "last", "before", "said"),
    [
        ("month-2026-02", date(2026, 2, 1), date(2026, 2, 28), "month-2026-01", "February 2026"),
        ("month-2024-02", date(2024, 2, 1), date(2024, 2, 29), "month-2024-01", "February 2024"),
        ("quarter-2026-01", date(2026, 1, 1), date(2026, 3, 31), "quarter-2025-10",
         "January to March 2026"),
        ("quarter-2026-10", date(2026, 10, 1), date(2026, 12, 31), "quarter-2026-07",
         "October to December 2026"),
        ("year-2025-04", date(2025, 4, 1), date(2026, 3, 31), "year-2024-04",
         "April 2025 to March 2026"),
    ],
)  # fmt: skip
def test_its_days_and_the_one_before(code, first, last, before, said):
    period = period_of(code, TODAY)
    assert (period.first, period.last, period.before().code) == (first, last, before)
    assert (str(period), period.code) == (said, code)


@pytest.mark.parametrize(
    "code",
    ["month-2026-12", "quarter-2027-01", "year-2027-04", "month-2026-13", "quarter-2026-08",
     "year-2026-01", "month-1999-01", "week-2026-01", "", "month-2026-1", "month-2026-01x", "🙂"],
)  # fmt: skip
def test_what_is_in_the_future_or_no_period_is_refused_with_a_sentence(code):
    with pytest.raises(NoSuchPeriod, match=r"Choose"):
        period_of(code, TODAY)


def test_a_period_that_is_not_over_may_be_looked_at():
    assert not period_of("quarter-2026-10", TODAY).is_over(TODAY)
    assert period_of("quarter-2026-07", TODAY).is_over(TODAY)
    assert last_full("quarter", TODAY).code == "quarter-2026-07"


def test_a_day_begins_at_midnight_in_london():
    start, end = period_of("month-2026-07", TODAY).bounds
    assert start == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert end == datetime(2026, 7, 31, 23, tzinfo=UTC)
    start, end = period_of("month-2026-03", TODAY).bounds
    assert (start, end) == (
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 31, 23, tzinfo=UTC),
    )


@given(st.dates(date(2012, 1, 1), date(2090, 1, 1)), st.sampled_from(["month", "quarter", "year"]))
def test_periods_of_a_kind_follow_each_other_without_gap_or_overlap(day, kind):
    period = current(kind, day)
    assert period.first <= day <= period.last
    assert period.before().after == period.first
    assert period_of(period.code, day) == period


def test_the_public_is_offered_only_what_is_over_and_nothing_twice():
    offered = [code for _heading, group in choices(TODAY, running=False) for code, _said in group]
    assert len(offered) == len(set(offered))
    assert all(period_of(code, TODAY).is_over(TODAY) for code in offered)
    running = [code for _heading, group in choices(TODAY, running=True) for code, _said in group]
    assert set(running) - set(offered) == {"month-2026-11", "quarter-2026-10", "year-2026-04"}
    assert all(isinstance(period_of(code, TODAY), Period) for code in running)
