"""One request against every candidate: who may, what each costs, and at which of its times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from volunteers.availability import Span
from volunteers.matching import costs
from volunteers.matching.assignment import Choices, cheapest
from volunteers.matching.costs import Parts
from volunteers.matching.need import Need
from volunteers.matching.pool import Flags, Pool
from volunteers.matching.rules import ALLOWED, RULES, screen_lasting, screen_timed

NOT_AT_ALL = np.iinfo(np.int16).max


@dataclass(frozen=True)
class Priced:
    """``choices`` are positions in the pool, ascending, and their costs. Beside each: which of the
    need's visits it is for (``visits``), at which of them they could go (``fits``, a row for each
    visit), and what the cost is made of (``parts``, a row for each of ``costs.PARTS``).

    ``possible`` counts all who may, also those beyond the cheapest that are kept; ``refused`` counts
    the others by the rule, without those who are not of this organisation.
    """

    choices: Choices
    visits: NDArray[np.int16]
    fits: Flags
    parts: Parts
    possible: int
    refused: Mapping[str, int]

    def place_of(self, position: int) -> int:
        """Where a position of the pool stands among the choices; it has to be one of them."""
        return int(np.searchsorted(self.choices.columns, position))


class Pricing:
    """Prices needs against one pool. What many needs ask for is worked out once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._fair = costs.fairness(pool)
        self._timed: dict[Span, tuple[Parts, NDArray[np.int16]]] = {}

    def price(self, need: Need, keep: int) -> Priced:
        """What ``need`` may choose from, the ``keep`` cheapest of it.

        Of the times that would do, each candidate gets the one that costs least with them, the
        earliest of equals.
        """
        pool = self._pool
        lasting = screen_lasting(pool, need)
        furthest = np.zeros(len(pool), dtype=np.int8)
        visits = np.full(len(pool), -1, dtype=np.int16)
        least = np.full(len(pool), NOT_AT_ALL, dtype=np.int16)
        fits = np.zeros((len(need.visits), len(pool)), dtype=np.bool_)
        for at, visit in enumerate(need.visits):
            reached = screen_timed(pool, need, visit, lasting)
            np.maximum(furthest, reached, out=furthest)
            np.equal(reached, ALLOWED, out=fits[at])
            cost = self._timed_cost(visit)[1]
            better = fits[at] & (cost < least)
            np.copyto(visits, at, where=better)
            np.copyto(least, cost, where=better)
        (columns,) = np.nonzero(visits >= 0)
        lasting_parts = costs.lasting_parts(pool, need, self._fair)[:, columns]
        every = Choices(
            columns.astype(np.int64),
            lasting_parts.sum(axis=0, dtype=np.int64) + least[columns],
        )
        kept = cheapest(every, keep)
        here = np.searchsorted(every.columns, kept.columns)
        counts = np.bincount(furthest, minlength=ALLOWED + 1)
        return Priced(
            choices=kept,
            visits=visits[kept.columns],
            fits=fits[:, kept.columns],
            parts=np.concatenate(
                [lasting_parts[:, here], self._timed_of(need, visits, kept.columns)]
            ),
            possible=len(every),
            refused={
                rule.name: int(count)
                for rule, count in zip(RULES[1:], counts[1:ALLOWED], strict=True)
                if count
            },
        )

    def _timed_cost(self, visit: Span) -> tuple[Parts, NDArray[np.int16]]:
        """The parts that depend on when, and their sum."""
        if visit not in self._timed:
            parts = costs.timed_parts(self._pool.room(visit), self._pool.overlaps(visit)[1])
            self._timed[visit] = parts, parts.sum(axis=0, dtype=np.int16)
        return self._timed[visit]

    def _timed_of(self, need: Need, visits: NDArray[np.int16], columns: NDArray[np.int64]) -> Parts:
        """The parts that depend on when, each candidate's at their own visit."""
        parts = np.zeros((len(costs.TIMED), len(columns)), dtype=np.int16)
        chosen = visits[columns]
        for at in np.unique(chosen):
            there = chosen == at
            parts[:, there] = self._timed_cost(need.visits[int(at)])[0][:, columns[there]]
        return parts
