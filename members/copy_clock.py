"""By when a copy must be given: the calendar of subject access (UK GDPR Article 12(3)).

One calendar month from the day of asking, three when it is extended: the same day of a later month, else
that month's last day; when that is no working day, the next one. Days on which the clock stood still,
while somebody was asked what they mean or who they are, are added (Article 12A, since 2025).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

import holidays

MONTHS = 1
MONTHS_EXTENDED = 3


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_on(asked: date, *, extended: bool = False, stopped: int = 0) -> date:
    """The last day for a copy that was asked for on ``asked``, after ``stopped`` days of standing still."""
    day = add_months(asked, MONTHS_EXTENDED if extended else MONTHS) + timedelta(days=stopped)
    while day.weekday() >= 5 or day in _bank_holidays(day.year):
        day += timedelta(days=1)
    return day
