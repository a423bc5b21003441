"""A week as seven numbers: which half hours of each day something is given in.

Two weeks overlap when their numbers, day by day, have a bit in common, which PostgreSQL can tell
without a join.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from directory.hours import Rule, weekly_windows

A_DAY = 48
MINUTES = 30


def half_hours(rules: Iterable[Rule], today: date) -> list[int] | None:
    """Monday to Sunday; ``None`` when no day of the week is known."""
    week = [0] * 7
    for weekday, start, end in weekly_windows(rules, today):
        week[weekday] |= _bits(start // MINUTES, -(-end // MINUTES))
    return week if any(week) else None


def mask(start: time | None, end: time | None) -> int:
    """The half hours touched between two times of a day; ``None`` is its beginning or its end."""
    first = 0 if start is None else (start.hour * 60 + start.minute) // MINUTES
    last = A_DAY if end is None else -(-(end.hour * 60 + end.minute) // MINUTES)
    return _bits(first, last)


def _bits(first: int, last: int) -> int:
    return (1 << last) - (1 << first) if last > first else 0
