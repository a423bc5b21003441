"""Stretches of time between two moments, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from directory.hours.clock import london_date

NOTHING = timedelta(0)
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, order=True)
class Span:
    """From one moment up to, not including, another. Both are aware, and kept in UTC.

    Python subtracts and compares two moments of one time zone by the clock on the wall; in UTC it
    is real time. A shift from 10pm to 6am takes nine hours on the night when the clocks go back.

    :raises ValueError: when a moment has no time zone, or the end is not after the start.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a span is between moments, not between readings of some clock")
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError("a span ends after it starts")

    @property
    def minutes(self) -> int:
        """How long it really takes, in whole minutes."""
        return (self.ends_at - self.starts_at) // ONE_MINUTE

    @property
    def first_day(self) -> date:
        """The date on the wall in London when it starts: never the date in UTC."""
        return london_date(self.starts_at)

    @property
    def last_day(self) -> date:
        """The date in London of its last minute; a visit until midnight ends on the day before."""
        return london_date(self.ends_at - timedelta(microseconds=1))

    def holds(self, other: Span) -> bool:
        """Whether all of ``other`` lies within this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def overlap(self, other: Span) -> timedelta:
        """How long both go on; nothing when one ends as the other begins."""
        both = min(self.ends_at, other.ends_at) - max(self.starts_at, other.starts_at)
        return max(both, NOTHING)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as can be, in order: those that touch become one."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.starts_at <= whole[-1].ends_at:
            if span.ends_at > whole[-1].ends_at:
                whole[-1] = Span(whole[-1].starts_at, span.ends_at)
        else:
            whole.append(span)
    return tuple(whole)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of ``spans`` when every moment of ``taken`` is cut out of it."""
    left = list(joined(spans))
    for cut in taken:
        pieces: list[Span] = []
        for span in left:
            if not span.overlap(cut):
                pieces.append(span)
                continue
            if span.starts_at < cut.starts_at:
                pieces.append(Span(span.starts_at, cut.starts_at))
            if cut.ends_at < span.ends_at:
                pieces.append(Span(cut.ends_at, span.ends_at))
        left = pieces
    return tuple(left)
