"""From when until when a membership lasts. Pure functions over dates, in CiviMember's terms.

*Rolling*: from the day of joining, for so many months or years. *Fixed*: everybody's ends on the same
day; whoever joins on or after the *rollover* gets the next period with what is left of this one.

- A fixed year begins on a day of the year (``fixed_start``), and its rollover is a day of the year.
- Fixed months begin on the first of a month, and the rollover is a day of the month.

Source of the rules and of the worked dates in the tests: CiviCRM user guide, "Defining memberships".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    MONTH = "month"
    YEAR = "year"


class Period(StrEnum):
    ROLLING = "rolling"
    FIXED = "fixed"


class Duration(Protocol):
    """What a plan's terms say about time; the model and the tests' plain object both do."""

    period: str
    duration: int
    unit: str
    # Of a fixed year: the month and day on which it begins, and those of its rollover.
    fixed_month: int | None
    fixed_day: int | None
    rollover_month: int | None
    # Of a fixed year the day of the rollover's month; of fixed months the day of any month.
    rollover_day: int | None


@dataclass(frozen=True)
class Span:
    """From ``starts_on`` to ``ends_on``, both days included."""

    starts_on: date
    ends_on: date


def length(terms: Duration) -> relativedelta:
    if terms.unit == Unit.YEAR:
        return relativedelta(years=terms.duration)
    return relativedelta(months=terms.duration)


def last_day(first: date, terms: Duration) -> date:
    """The last day of a period that begins on ``first``: the day before the same day, so long after.

    Where that month has no such day it lasts to the month's end: a year from 29 February ends on the 28th, a
    month from the 31st of January on the last of February. Nobody gets a day less for it.
    """
    following = first + length(terms)
    return following if following.day < first.day else following - ONE_DAY


def first_span(joined: date, terms: Duration) -> Span:
    """What somebody gets who joins, or comes back, on that day."""
    if terms.period == Period.ROLLING:
        return Span(joined, last_day(joined, terms))
    if terms.unit == Unit.MONTH:
        return Span(joined, _fixed_months_end(joined, terms))
    return Span(joined, _fixed_year_end(joined, terms))


def next_span(ends_on: date, terms: Duration) -> Span:
    """What a renewal adds to a membership that has not run out: the day after, for one duration.

    The last day of a month stays one: a month from the 31st, renewed, ends with the next month.
    """
    first = ends_on + ONE_DAY
    return Span(first, last_day(first, terms))


def _fixed_months_end(joined: date, terms: Duration) -> date:
    begins = joined.replace(day=1)
    if terms.rollover_day is not None and joined.day >= terms.rollover_day:
        begins += relativedelta(months=1)
    return last_day(begins, terms)


def _fixed_year_end(joined: date, terms: Duration) -> date:
    begins = _latest(joined, terms.fixed_month or 1, terms.fixed_day or 1)
    ends = last_day(begins, terms)
    if terms.rollover_month is None:
        return ends
    rollover = _latest(joined, terms.rollover_month, terms.rollover_day or 1)
    # In the last year of the period, on or after the rollover: the next period as well.
    if rollover > begins and rollover + relativedelta(years=1) > ends:
        return last_day(ends + ONE_DAY, terms)
    return ends


def _latest(on: date, month: int, day: int) -> date:
    """The latest such day of a year that is not after ``on``; 29 February is the 28th in other years."""
    found = date(on.year, month, 1) + relativedelta(day=day)
    return found if found <= on else date(on.year - 1, month, 1) + relativedelta(day=day)
