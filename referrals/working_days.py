"""Days on which organisations answer: Monday to Friday, without England's bank holidays.

The calendar is the library ``holidays``, which knows the rules for England and Wales and the one-off
days by proclamation (a coronation, a jubilee). A day is London's, never UTC's.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``. ``day`` itself is not counted, whichever it is.

    :raises ValueError: for a negative count.
    """
    if count < 0:
        raise ValueError("count working days forward")
    found = day
    while count:
        found += timedelta(days=1)
        if is_working_day(found):
            count -= 1
    return found


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after ``first``, up to and including ``last``; 0 when none do."""
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, days + 1))
