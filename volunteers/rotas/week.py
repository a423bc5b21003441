"""A week of a rota, from Monday to Sunday by the clock in London; and times that repeat by that clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from directory.hours import clock
from volunteers.booking import Span

ONE_WEEK = timedelta(weeks=1)
# A rota is made for a year at most; then somebody looks at it again.
MOST_WEEKS = 53
# Years that a calendar still counts in; before and after them there is no week to show.
_FIRST, _LAST = date(2000, 1, 3), date(2199, 12, 30)


@dataclass(frozen=True)
class Week:
    monday: date

    @classmethod
    def read(cls, text: str | None, today: date | None = None) -> Week:
        """The week of a day such as "2026-11-25"; this week for anything else."""
        try:
            day = date.fromisoformat(text or "")
        except ValueError:
            return cls.of(today or timezone.localdate())
        return cls.of(day) if _FIRST <= day <= _LAST else cls.of(today or timezone.localdate())

    @classmethod
    def of(cls, day: date) -> Week:
        return cls(day - timedelta(days=day.weekday()))

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=number) for number in range(7)]

    @property
    def begins(self) -> datetime:
        return clock.moment(self.monday, clock.MIDNIGHT)

    @property
    def ends(self) -> datetime:
        return self.following.begins

    @property
    def before(self) -> Week:
        return Week(self.monday - ONE_WEEK)

    @property
    def following(self) -> Week:
        return Week(self.monday + ONE_WEEK)


def shift_on(day: date, starts: time, ends: time) -> Span | None:
    """From ``starts`` on ``day`` until ``ends``, of the next day when that is not later.

    Both are times on the wall, so that a night shift is an hour shorter or longer when the clocks change.
    An hour that there is twice is meant the first time. ``None`` for a time that the clock never shows
    on that night.
    """
    last = day if ends > starts else day + timedelta(days=1)
    begin, end = clock.moment(day, starts), clock.moment(last, ends)
    shown = clock.london_time(begin) == starts and clock.london_time(end) == ends
    return Span(begin, end) if shown and end > begin else None


def weekly(day: date, until: date) -> Iterator[date]:
    """``day`` and the same weekday of each week, the last one not after ``until``."""
    for number in range(MOST_WEEKS + 1):
        one = day + number * ONE_WEEK
        if one > until:
            return
        yield one
