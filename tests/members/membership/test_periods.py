"""The worked dates of CiviCRM's user guide, and the edges of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.membership.periods import ONE_DAY, Period, Unit, first_span, last_day, next_span


@dataclass
class Terms:
    period: str = Period.ROLLING
    duration: int = 1
    unit: str = Unit.YEAR
    fixed_month: int | None = None
    fixed_day: int | None = None
    rollover_month: int | None = None
    rollover_day: int | None = None


YEAR = Terms()
CALENDAR_YEAR = Terms(Period.FIXED, 1, Unit.YEAR, 1, 1, 9, 1)
HALF_YEAR = Terms(Period.FIXED, 6, Unit.MONTH, rollover_day=15)
TWELVE_MONTHS = Terms(Period.FIXED, 12, Unit.MONTH, rollover_day=1)


@pytest.mark.parametrize(
    ("terms", "joined", "ends"),
    [
        # CiviCRM user guide, "Defining memberships".
        (CALENDAR_YEAR, date(2018, 8, 31), date(2018, 12, 31)),
        (CALENDAR_YEAR, date(2018, 9, 1), date(2019, 12, 31)),
        (HALF_YEAR, date(2018, 1, 14), date(2018, 6, 30)),
        (HALF_YEAR, date(2018, 1, 15), date(2018, 7, 31)),
        (TWELVE_MONTHS, date(2018, 8, 1), date(2019, 8, 31)),
        (TWELVE_MONTHS, date(2018, 8, 31), date(2019, 8, 31)),
        # Ours: the edges.
        (CALENDAR_YEAR, date(2018, 1, 1), date(2018, 12, 31)),
        (CALENDAR_YEAR, date(2018, 12, 31), date(2019, 12, 31)),
        (YEAR, date(2026, 11, 22), date(2027, 11, 21)),
        (YEAR, date(2024, 2, 29), date(2025, 2, 28)),
        (YEAR, date(2027, 2, 28), date(2028, 2, 27)),
        (YEAR, date(2027, 3, 1), date(2028, 2, 29)),
        (Terms(Period.ROLLING, 4, Unit.YEAR), date(2024, 2, 29), date(2028, 2, 28)),
        (Terms(Period.ROLLING, 3, Unit.MONTH), date(2026, 11, 30), date(2027, 2, 28)),
        (Terms(Period.ROLLING, 3, Unit.MONTH), date(2026, 11, 28), date(2027, 2, 27)),
        (Terms(Period.ROLLING, 1, Unit.MONTH), date(2027, 1, 31), date(2027, 2, 28)),
        (Terms(Period.ROLLING, 1, Unit.MONTH), date(2027, 3, 31), date(2027, 4, 30)),
        (Terms(Period.ROLLING, 1, Unit.MONTH), date(2027, 4, 30), date(2027, 5, 29)),
    ],
)
def test_when_it_ends(terms: Terms, joined: date, ends: date) -> None:
    assert first_span(joined, terms).ends_on == ends


def test_a_financial_year_with_a_rollover_after_new_year() -> None:
    terms = Terms(Period.FIXED, 1, Unit.YEAR, 4, 1, 2, 1)
    assert first_span(date(2027, 1, 31), terms).ends_on == date(2027, 3, 31)
    assert first_span(date(2027, 2, 1), terms).ends_on == date(2028, 3, 31)
    assert first_span(date(2027, 4, 1), terms).ends_on == date(2028, 3, 31)


def test_a_fixed_period_of_two_years_rolls_over_only_in_its_last() -> None:
    terms = Terms(Period.FIXED, 2, Unit.YEAR, 1, 1, 9, 1)
    assert first_span(date(2018, 9, 1), terms).ends_on == date(2019, 12, 31)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from([YEAR, CALENDAR_YEAR, HALF_YEAR,
       TWELVE_MONTHS, Terms(Period.ROLLING, 1, Unit.MONTH)]))  # fmt: skip
def test_renewals_leave_neither_gap_nor_overlap(joined: date, terms: Terms) -> None:
    span = first_span(joined, terms)
    assert span.starts_on <= span.ends_on
    following = next_span(span.ends_on, terms)
    assert following.starts_on == span.ends_on + ONE_DAY
    assert following.ends_on == last_day(following.starts_on, terms)
    assert following.ends_on > span.ends_on


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_who_joins_a_day_later_never_ends_earlier(joined: date) -> None:
    for terms in (YEAR, Terms(Period.ROLLING, 1, Unit.MONTH)):
        assert last_day(joined + ONE_DAY, terms) >= last_day(joined, terms)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_fixed_years_all_end_on_one_day(joined: date) -> None:
    ends = first_span(joined, CALENDAR_YEAR).ends_on
    assert (ends.month, ends.day) == (12, 31)
    assert ends.year - joined.year in (0, 1)
