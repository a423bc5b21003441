"""A volunteer as matching sees them: no name, no contact, no address beyond a position."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from volunteers.availability import Change, Commitment, Span, Window
from volunteers.matching.need import Place


class Mode(StrEnum):
    """How they get about."""

    FOOT = "foot"
    CYCLE = "cycle"
    BUS = "bus"
    CAR = "car"
    NOT_KNOWN = "not-known"


# In a straight line; who has said how far they go is taken at their word, be it more or less.
MILES_BY_MODE: Mapping[Mode, float] = MappingProxyType(
    {Mode.FOOT: 1.5, Mode.CYCLE: 4.0, Mode.BUS: 6.0, Mode.CAR: 12.0, Mode.NOT_KNOWN: 3.0}
)

MODE_IN_WORDS = {
    Mode.FOOT: _("walks"),
    Mode.CYCLE: _("cycles"),
    Mode.BUS: _("goes by bus"),
    Mode.CAR: _("drives"),
    Mode.NOT_KNOWN: _("has not said how they travel"),
}


@dataclass(frozen=True)
class Candidate:
    """One volunteer who can be asked.

    ``organisations`` may see them: their own and those with which they agreed to be shared.
    ``is_adult`` is their word for it where no date of birth is known. ``kinds`` of help are those
    that they would do; none means that they have not said, not that they would do nothing.
    ``checks`` goes from a code to the last day on which the check is in date, ``None`` when it does
    not end; a check that was not seen and decided on is not in it. ``weekly_minutes`` is what they
    said they give in a week. ``not_with`` holds ids of people. No window, and no day on which they
    are "free as well", means that nobody knows when they are free: not that they never are.
    """

    id: Any
    organisations: frozenset[Hashable]
    person: Hashable = None
    born_on: date | None = None
    is_adult: bool = False
    place: Place | None = None
    mode: Mode = Mode.NOT_KNOWN
    miles: float | None = None
    windows: tuple[Window, ...] = ()
    changes: tuple[Change, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    weekly_minutes: int | None = None
    checks: Mapping[Hashable, date | None] = field(default_factory=dict)
    kinds: frozenset[Hashable] = field(default_factory=frozenset)
    skills: frozenset[Hashable] = field(default_factory=frozenset)
    interests: frozenset[Hashable] = field(default_factory=frozenset)
    gender: str = ""
    languages: frozenset[str] = field(default_factory=frozenset)
    not_with: frozenset[Hashable] = field(default_factory=frozenset)
    last_asked_on: date | None = None
    last_helped_on: date | None = None

    @property
    def reach(self) -> float:
        """How many miles they go."""
        return MILES_BY_MODE[self.mode] if self.miles is None else self.miles

    @property
    def said_when_free(self) -> bool:
        return bool(self.windows) or any(change.free for change in self.changes)


def monday_of(day: date) -> date:
    """The week that a day is counted to begins on a Monday."""
    return day - timedelta(days=day.weekday())


def minutes_given(candidate: Candidate, week_of: Span) -> int:
    """What they have said yes to in the week in which a visit starts, London's Monday to Sunday.

    A shift over midnight on Sunday counts to the week in which it starts.
    """
    monday = monday_of(week_of.first_day)
    return sum(
        commitment.span.minutes
        for commitment in candidate.commitments
        if monday_of(commitment.span.first_day) == monday
    )
