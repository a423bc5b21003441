"""The study's sums and the forecast, to the penny."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from members.sums import study
from members.sums.arithmetic import Assumptions, forecast, income_of_a_year, percent_of
from members.sums.assumptions import AssumptionsForm, address_of


def test_the_studys_case_comes_out_right() -> None:
    """Feasibility study, 4.1: 2,550 x £5, and 2,550 x 3.3 hours x £6.32 x 12."""
    income = study.first_year(study.STUDY)
    assert income.fees == 12_750_00
    assert income.hours == 638_193_60
    assert income.total == 650_943_60
    # It prints £263,026, which is 40.4 percent of that.
    assert study.PRINTED == 263_026_00
    assert study.PRINTED * 1000 // income.total == 404


def test_why_the_study_prints_what_it_prints() -> None:
    """The hours of 1,000 members with the fees of 2,550: £263,022, four pounds off."""
    assert study.as_printed().total == 263_022_00
    assert study.PRINTED - study.as_printed().total == 4_00


def test_southwarks_case() -> None:
    income = study.first_year(study.SOUTHWARK)
    assert (income.fees, income.hours) == (25_500_00, 1_009_800_00)
    assert income.total == 1_035_300_00
    # £33 a month at £10 an hour.
    assert study.HOURS * 10 == 33


@given(
    st.integers(0, 100_000),
    st.integers(0, 100_000),
    st.decimals(0, 100, places=2),
    st.integers(0, 10_000),
)
def test_hours_are_exact_to_half_a_penny(
    paying: int, price: int, hours: Decimal, rate: int
) -> None:
    income = income_of_a_year(paying=paying, price=price, buyers=paying, hours=hours, rate=rate)
    exact = paying * Fraction(hours) * 12 * rate
    assert income.fees == paying * price
    assert abs(income.hours - exact) <= Fraction(1, 2)


def test_year_by_year() -> None:
    # Given 1,000 members, of whom 80 percent stay while 100 join, and 25 percent pay nothing
    years = forecast(
        Assumptions(
            members=1000, joining=100, staying=80, free=25, price=1000, costs=5_000_00, years=3
        )
    )
    # Then each year follows from the one before
    assert [year.members for year in years] == [1000, 900, 820]
    assert [year.paying for year in years] == [750, 675, 615]
    assert [year.income.total for year in years] == [7_500_00, 6_750_00, 6_150_00]
    assert [year.left for year in years] == [2_500_00, 1_750_00, 1_150_00]


@given(st.integers(0, 1_000_000), st.integers(0, 100))
def test_percentages_add_up_to_everybody(count: int, percent: int) -> None:
    assert abs(percent_of(count, percent) + percent_of(count, 100 - percent) - count) <= 1
    assert percent_of(count, 100) == count
    assert percent_of(count, 0) == 0


def test_the_address_holds_all_of_it() -> None:
    """What is shared comes back the same, to the penny and the tenth of an hour."""
    from django.http import QueryDict

    assumed = replace(study.STUDY, joining=12, staying=81, free=3, costs=99, years=7)
    form = AssumptionsForm(QueryDict(address_of(assumed)))
    assert form.is_valid(), form.errors
    assert form.assumptions(Assumptions(members=1)) == assumed
