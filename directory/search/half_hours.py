"""A week as seven numbers: which half hours of each day something is given in.

Two weeks overlap when their numbers, day by day, have a bit in common, which PostgreSQL can tell
without a join.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

A_DAY = 48
WHOLE_DAY = (1 << A_DAY) - 1


def half_hours(rules: Iterable[Any], today: date) -> list[int] | None:
    """Monday to Sunday; ``None`` when no day of the week is known.

    Every second Tuesday counts as Tuesday. A rule by the date of the month falls on any day of the
    week, so it says nothing here. A day whose times are not known counts whole.
    """
    week = [0] * 7
    for rule in rules:
        if rule.weekday is None or (rule.valid_to is not None and rule.valid_to < today):
            continue
        start = rule.opens_at or time(0)
        end = rule.closes_at
        if end is None:
            week[rule.weekday] |= mask(start, None)
        elif end > start:
            week[rule.weekday] |= mask(start, end)
        else:
            week[rule.weekday] |= mask(start, None)
            if end > time(0):
                week[(rule.weekday + 1) % 7] |= mask(time(0), end)
    return week if any(week) else None


def mask(start: time | None, end: time | None) -> int:
    """The half hours touched between two times of a day; ``None`` is its beginning or its end."""
    first = 0 if start is None else (start.hour * 60 + start.minute) // 30
    last = A_DAY if end is None else -(-(end.hour * 60 + end.minute) // 30)
    return ((1 << last) - 1) & ~((1 << first) - 1) & WHOLE_DAY
