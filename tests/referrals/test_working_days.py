"""England's working days; the bank holidays are GOV.UK's for England and Wales."""

from __future__ import annotations

from datetime import date

import pytest

from referrals.working_days import add_working_days, is_working_day, working_days_between


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 8, 31), "Summer bank holiday"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day, moved from Saturday"),
        (date(2023, 5, 8), "the Coronation, by proclamation"),
        (date(2022, 9, 19), "the State Funeral, by proclamation"),
    ],
)
def test_a_bank_holiday_is_no_working_day(day: date, what: str) -> None:
    assert not is_working_day(day), what


def test_scotlands_second_of_january_is_a_working_day_in_england() -> None:
    assert is_working_day(date(2026, 1, 2))


def test_days_are_counted_from_the_day_after() -> None:
    assert add_working_days(date(2026, 11, 20), 2) == date(2026, 11, 24)  # Friday: Monday, Tuesday
    assert add_working_days(date(2026, 11, 21), 1) == date(2026, 11, 23)  # from a Saturday
    assert add_working_days(date(2026, 12, 23), 2) == date(2026, 12, 29)  # over Christmas
    assert add_working_days(date(2026, 11, 20), 0) == date(2026, 11, 20)


def test_between_is_the_other_way_round() -> None:
    start = date(2026, 12, 18)
    for count in range(15):
        assert working_days_between(start, add_working_days(start, count)) == count
    assert working_days_between(start, date(2026, 12, 1)) == 0


def test_nobody_counts_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 1, 1), -1)
