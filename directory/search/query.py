"""What somebody asks for, ready to be searched: words, place, choices, pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from django.utils import timezone

from directory.nearby import Position
from directory.search.facets import Choices


@dataclass(frozen=True)
class FreeTime:
    """When somebody can come: days (Monday is 0; none means any) and a part of the day."""

    days: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None

    def __bool__(self) -> bool:
        return bool(self.days) or self.start is not None or self.end is not None


@dataclass(frozen=True)
class Query:
    """One search.

    ``literally``: only these words, no other words for the same thing and no spelling put right.
    ``within`` is a distance in miles from ``near`` and means nothing without it.
    ``pages`` gives the page of each section by its key; the first when it is not there.
    """

    words: str = ""
    literally: bool = False
    near: Position | None = None
    within: float | None = None
    choices: Choices = field(default_factory=Choices)
    free: FreeTime = field(default_factory=FreeTime)
    pages: dict[str, int] = field(default_factory=dict)
    on: date = field(default_factory=timezone.localdate)
