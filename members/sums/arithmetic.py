"""Income of a year and a forecast. Money is integer pence; hours are decimals, never floats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MONTHS = 12


@dataclass(frozen=True)
class Income:
    """Of one year, in pence."""

    fees: int
    hours: int

    @property
    def total(self) -> int:
        return self.fees + self.hours


@dataclass(frozen=True)
class Assumptions:
    """All that a forecast rests on. Percentages are whole, ``hours`` are each buyer's in a month."""

    members: int
    joining: int = 0  # a year
    staying: int = 100  # percent who renew
    free: int = 0  # percent who pay nothing
    price: int = 0  # pence a year
    buying: int = 100  # percent who buy help
    hours: Decimal = Decimal(0)
    rate: int = 0  # pence an hour
    costs: int = 0  # pence a year
    years: int = 1


@dataclass(frozen=True)
class Year:
    number: int
    members: int
    paying: int
    buyers: int
    income: Income
    costs: int

    @property
    def left(self) -> int:
        return self.income.total - self.costs


def income_of_a_year(*, paying: int, price: int, buyers: int, hours: Decimal, rate: int) -> Income:
    """What members pay for being members, and for hours of help at ``rate`` pence.

    >>> income_of_a_year(paying=2550, price=500, buyers=2550, hours=Decimal("3.3"), rate=632).total
    65094360
    """
    exact = buyers * hours * MONTHS * rate
    return Income(
        fees=paying * price, hours=int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    )


def forecast(given: Assumptions) -> list[Year]:
    """Year by year. In the first, the members are as given; from then on so many of them stay and so
    many join."""
    years: list[Year] = []
    members = given.members
    for number in range(1, given.years + 1):
        if number > 1:
            members = percent_of(members, given.staying) + given.joining
        paying = members - percent_of(members, given.free)
        buyers = percent_of(members, given.buying)
        years.append(
            Year(
                number=number,
                members=members,
                paying=paying,
                buyers=buyers,
                income=income_of_a_year(
                    paying=paying,
                    price=given.price,
                    buyers=buyers,
                    hours=given.hours,
                    rate=given.rate,
                ),
                costs=given.costs,
            )
        )
    return years


def percent_of(count: int, percent: int) -> int:
    """So many percent, rounded half up.

    >>> percent_of(5, 50)
    3
    """
    return (count * percent * 2 + 100) // 200
