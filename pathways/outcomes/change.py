"""Change between a first and a later answer of the same people.

The average of everybody's first answers taken from the average of everybody's later ones compares different
people: those who stopped coming are in one of them only. So only pairs are compared, and how many were lost
is always said.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Asked:
    """Somebody's answer to one question, on some occasion; ``at`` only orders them."""

    who: Hashable
    at: object
    score: int


@dataclass(frozen=True)
class PairedChange:
    """``started``: with a first answer. ``paired``: with a later one too. ``lost``: without.

    The three averages are over the pairs, exact; None without a pair.
    """

    started: int
    paired: int
    first: Fraction | None
    latest: Fraction | None

    @property
    def lost(self) -> int:
        return self.started - self.paired

    @property
    def change(self) -> Fraction | None:
        if self.first is None or self.latest is None:
            return None
        return self.latest - self.first


def paired_change(answers: Iterable[Asked]) -> PairedChange:
    """From each person's first answer to their latest. One answer is no change, and counts as lost."""
    by_person: dict[Hashable, list[Asked]] = {}
    for answer in answers:
        by_person.setdefault(answer.who, []).append(answer)
    pairs = []
    for given in by_person.values():
        given.sort(key=lambda answer: answer.at)  # type: ignore[arg-type, return-value]
        if len(given) > 1:
            pairs.append((given[0].score, given[-1].score))
    count = len(pairs)
    return PairedChange(
        started=len(by_person),
        paired=count,
        first=Fraction(sum(first for first, _latest in pairs), count) if count else None,
        latest=Fraction(sum(latest for _first, latest in pairs), count) if count else None,
    )
