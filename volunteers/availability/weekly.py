"""When somebody is free: the same each week in London, and days that differ.

A window is what the clock on the wall shows, so it means the same in summer and in winter. A date
that differs wins over the week: away cuts time out, "free as well" adds it, and where the two meet
away wins, because a visit at which nobody comes is worse than one that was not offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from directory.hours import clock
from directory.hours.recurrence import days_between
from volunteers.availability.spans import Span, joined, without

MIDNIGHT = time(0)


@dataclass(frozen=True, order=True)
class Window:
    """Free each week on an ISO weekday (1 is Monday), from one time on London's clocks to another.

    Until midnight is written ``time(0)``. Ending at or before its start, it goes on into the next
    day: Friday 10pm to 2am is Friday's. Midnight to midnight is the whole day.

    :raises ValueError: when the weekday is not 1 to 7.
    """

    weekday: int
    starts: time
    ends: time

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError("an ISO weekday is 1 (Monday) to 7 (Sunday)")


@dataclass(frozen=True, order=True)
class Change:
    """Days that differ, both included: away (``free=False``) or free as well.

    Without times the whole days are meant; with times, those hours of each of the days.

    :raises ValueError: when the last day is before the first.
    """

    first: date
    last: date
    free: bool = False
    starts: time = MIDNIGHT
    ends: time = MIDNIGHT

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day is before the first")


@lru_cache(maxsize=20_000)
def span_on(day: date, starts: time, ends: time) -> Span | None:
    """The real time from ``starts`` to ``ends`` on a date in London.

    ``None`` when nothing is left of it: 1am to 2am on the night when that hour is skipped. On the
    night when it comes twice, both are meant. Many people are free at the same times, so the last
    answers are kept.
    """
    found = clock.span(day, starts, ends)
    if found is None or found[0] is None or found[1] is None:
        return None
    return Span(found[0], found[1])


def free_spans(
    windows: Iterable[Window], changes: Iterable[Change], first: date, last: date
) -> tuple[Span, ...]:
    """When somebody with these ``windows`` and ``changes`` is free between two dates, in order.

    A window of the evening before ``first`` that goes on past midnight counts too, and one of
    ``last`` is not cut short at midnight, so that a visit is judged by all of a window.
    """
    by_weekday: dict[int, list[Window]] = {}
    for window in windows:
        by_weekday.setdefault(window.weekday, []).append(window)
    days = list(days_between(date.fromordinal(first.toordinal() - 1), last))
    free = [
        span
        for day in days
        for window in by_weekday.get(day.isoweekday(), ())
        if (span := span_on(day, window.starts, window.ends)) is not None
    ]
    for change in changes:
        if change.free:
            free += _spans_of(change, days[0], last)
    away = away_spans(changes, first, last)
    since = clock.moment(first, MIDNIGHT)
    left = without(free, away) if away else joined(free)
    return tuple(span for span in left if span.ends_at > since)


def away_spans(changes: Iterable[Change], first: date, last: date) -> tuple[Span, ...]:
    """When they have said that they are away, between two dates and the evening before."""
    before = date.fromordinal(first.toordinal() - 1)
    return joined(
        span for change in changes if not change.free for span in _spans_of(change, before, last)
    )


def _spans_of(change: Change, first: date, last: date) -> list[Span]:
    return [
        span
        for day in days_between(max(change.first, first), min(change.last, last))
        if (span := span_on(day, change.starts, change.ends)) is not None
    ]


def room_around(visit: Span, free: Iterable[Span]) -> int | None:
    """Minutes to spare in the free time that holds all of ``visit``; ``None`` when none does."""
    for span in free:
        if span.holds(visit):
            return span.minutes - visit.minutes
    return None
