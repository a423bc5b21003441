"""What a run did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

State = Literal["created", "updated", "unchanged"]


@dataclass
class Tally:
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, state: State) -> None:
        setattr(self, state, getattr(self, state) + 1)


@dataclass
class Outcome:
    """What a run did. ``touched`` are the services whose page or search entry is now different."""

    organisations: Tally = field(default_factory=Tally)
    places: Tally = field(default_factory=Tally)
    services: Tally = field(default_factory=Tally)
    terms: Tally = field(default_factory=Tally)
    touched: set[UUID] = field(default_factory=set)

    @property
    def wrote(self) -> bool:
        return any(
            tally.created or tally.updated
            for tally in (self.organisations, self.places, self.services, self.terms)
        )
