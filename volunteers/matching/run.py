"""One run over all open requests at once: price, assign, look whether it fits together, say why.

The assignment is the best there is for what it is asked, and it is asked about pairs. Two requests
given to one volunteer may still clash with each other, or be more than the week's hours together:
no assignment problem can see that. So each round keeps what fits, and the rest is asked again with
that counted in; at the end each request without anybody is looked at once more. Once a second round
was needed the whole is no longer proved to be the best; it is held against the simple way, request
by request, and the cheaper of the two is taken.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np

from volunteers.availability import Commitment, Span, clashes_with, stands_in_the_way
from volunteers.matching import costs, weights
from volunteers.matching.assignment import UNFILLED, Choices, Integers, Problem, assign
from volunteers.matching.candidate import Candidate, monday_of
from volunteers.matching.need import Need
from volunteers.matching.outcome import Matching, Outcome, Suggestion
from volunteers.matching.pool import Pool
from volunteers.matching.pricing import Priced, Pricing
from volunteers.matching.reasons import also_elsewhere, reasons, suggested_besides, warnings
from volunteers.matching.rules import first_refusal
from volunteers.matching.watching import STEPS, Watch

logger = logging.getLogger(__name__)

# Whom to ask next when the first says no, without another run.
OTHERS = 3
# Pricing is nearly all of the work; these hundredths are its.
PRICED = 80
# When a request gets nobody: how many of those who could go are asked to give up another.
MOST_LOOKED_AT = 50
AGAIN = tuple(weights.AGAIN_IN_ONE_RUN.cost * n for n in range(weights.MOST_IN_ONE_RUN))


@dataclass(frozen=True)
class Given:
    """What a request got: a position in the pool, a time, and the cost by its parts."""

    position: int
    visit: Span
    parts: Mapping[str, int]

    @property
    def cost(self) -> int:
        return sum(self.parts.values())


def suggest(
    candidates: Iterable[Candidate],
    needs: Iterable[Need],
    *,
    today: date,
    report: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Matching:
    """Suggestions for every request, in the order of their ids.

    The same candidates and requests give the same answer, in whatever order they come. Nothing is
    written anywhere: a coordinator decides.

    :raises MatchingCancelled: when ``cancelled()`` said so; also what ``report`` raises.
    """
    watch = Watch(report, cancelled)
    watch.at(0)
    wanted = sorted(needs, key=lambda need: need.id)
    pool = Pool(candidates, wanted, today)
    pricing = Pricing(pool)
    priced = []
    for at, need in enumerate(wanted, start=1):
        priced.append(pricing.price(need, keep=max(len(wanted), OTHERS + 1)))
        watch.at(at * PRICED // len(wanted))
    simple = _one_by_one(pool, wanted, priced)
    best = _all_at_once(pool, wanted, priced, watch)
    best.second_thoughts()
    if best.cost() > simple.cost():
        logger.info("The simple way is cheaper: %s instead of %s", simple.cost(), best.cost())
        best = simple
    outcomes = tuple(best.outcome(at) for at in range(len(wanted)))
    watch.at(STEPS)
    return Matching(outcomes, best.cost(), simple.cost(), len(simple.given))


def minutes_left_with(pool: Pool, position: int, visit: Span, booked: Iterable[Commitment]) -> int:
    """What a candidate has left in the week of a visit, with what the run has given them."""
    monday = monday_of(visit.first_day)
    given = sum(one.span.minutes for one in booked if monday_of(one.span.first_day) == monday)
    return pool.minutes_left_of(position, visit) - given


class _Board:
    """What a run has given so far, and what that leaves."""

    def __init__(self, pool: Pool, needs: Sequence[Need], priced: Sequence[Priced]) -> None:
        self.pool = pool
        self.needs = needs
        self.priced = priced
        self._unfilled = [costs.unfilled(need, pool.today) for need in needs]
        self.given: dict[int, Given] = {}
        self._of: dict[int, list[int]] = {}

    def count(self, position: int) -> int:
        """How many requests this run has given to this candidate."""
        return len(self._of.get(position, ()))

    def is_full(self, position: int) -> bool:
        return self.count(position) >= weights.MOST_IN_ONE_RUN

    def busy(self) -> Integers:
        """The positions that have something, ascending."""
        return np.array(sorted(self._of), dtype=np.int64)

    def give(self, at: int, given: Given) -> None:
        self.given[at] = given
        self._of.setdefault(given.position, []).append(at)

    def take_back(self, at: int) -> None:
        position = self.given.pop(at).position
        self._of[position].remove(at)
        if not self._of[position]:
            del self._of[position]

    def _booked(self, position: int, but: int | None = None) -> tuple[Commitment, ...]:
        """What this run has given to a candidate, ``but`` for one request."""
        return tuple(
            Commitment(span, also_elsewhere(), self.needs[at].id)
            for at in self._of.get(position, ())
            if at != but
            for span in self.needs[at].all_of(self.given[at].visit)
        )

    def as_booked(self, position: int, but: int | None = None) -> Candidate:
        """The candidate with that among their commitments."""
        candidate = self.pool.candidates[position]
        booked = self._booked(position, but)
        if not booked:
            return candidate
        return replace(candidate, commitments=candidate.commitments + booked)

    def offer(self, at: int, position: int) -> Given | None:
        """What the request would get from this candidate as things stand; ``None``: nothing."""
        if self.is_full(position):
            return None
        place = self.priced[at].place_of(position)
        if not self.count(position):
            return self._alone(at, place)
        need = self.needs[at]
        lasting = self.priced[at].parts[: len(costs.LASTING), place]
        booked = self._booked(position)
        found: Given | None = None
        for number in np.nonzero(self.priced[at].fits[:, place])[0]:
            visit = need.visits[int(number)]
            if any(stands_in_the_way(one, booked) for one in need.all_of(visit)):
                continue
            if not all(
                minutes_left_with(self.pool, position, one, booked) >= one.minutes
                for one in need.all_of(visit)
            ):
                continue
            hands_over = bool(clashes_with(visit, booked)) or self.pool.overlaps(visit)[1][position]
            timed = costs.timed_parts(self.pool.room(visit)[[position]], np.array([hands_over]))
            parts = dict(zip(costs.PARTS, map(int, (*lasting, *timed[:, 0])), strict=True))
            parts["again"] = AGAIN[self.count(position)]
            given = Given(position, visit, MappingProxyType(parts))
            if found is None or given.cost < found.cost:
                found = given
        return found

    def claim(self, cost: int, at: int, position: int) -> tuple[int, int, int, int]:
        """Sorts those first who should keep a candidate that cannot do all they were given: who
        would cost most unfilled, then who has the fewest others, then who can move least."""
        priced = self.priced[at]
        times = int(priced.fits[:, priced.place_of(position)].sum())
        return cost - self.unfilled(at), priced.possible, times, at

    def best_offer(self, at: int) -> Given | None:
        """The cheapest that a request can get as things stand, if it is cheaper than nothing."""
        choices = self.priced[at].choices
        best: Given | None = None
        for place in np.lexsort((choices.columns, choices.costs)):
            if best is not None and best.cost <= choices.costs[place]:
                break
            offer = self.offer(at, int(choices.columns[place]))
            if offer is None or offer.cost >= (best.cost if best else self.unfilled(at)):
                continue
            if self.is_lawful(at, offer):
                best = offer
        return best

    def second_thoughts(self) -> None:
        """For each request that got nothing: could one that got somebody make room, and would the
        two together be cheaper? One look at each; what it finds it keeps."""
        for at in range(len(self.needs)):
            if at in self.given:
                continue
            if (offer := self.best_offer(at)) is not None:
                self.give(at, offer)
                continue
            choices = self.priced[at].choices
            order = np.lexsort((choices.columns, choices.costs))[:MOST_LOOKED_AT]
            tries = (
                (int(choices.columns[place]), other)
                for place in order
                for other in tuple(self._of.get(int(choices.columns[place]), ()))
            )
            for position, other in tries:
                if self._makes_room(other, at, position):
                    break

    def _makes_room(self, other: int, at: int, position: int) -> bool:
        """Give ``other``'s candidate to ``at``, and ``other`` the next best, if that is cheaper."""
        before = self.cost()
        had = self.given[other]
        self.take_back(other)
        offer = self.offer(at, position)
        if offer is not None and self.is_lawful(at, offer):
            self.give(at, offer)
            if (instead := self.best_offer(other)) is not None:
                self.give(other, instead)
            if self.cost() < before:
                return True
            if other in self.given:
                self.take_back(other)
            self.take_back(at)
        self.give(other, had)
        return False

    def is_lawful(self, at: int, given: Given) -> bool:
        """Ask the rules' own sentences, which decide, where the offer came from the screen."""
        refused = first_refusal(self.as_booked(given.position), self.needs[at], given.visit)
        if refused is not None:
            logger.error("The rule %r and its screen disagree: not suggested", refused.rule.name)
        return refused is None

    def unfilled(self, at: int) -> int:
        """What it costs that this request gets nobody."""
        return self._unfilled[at]

    def cost(self) -> int:
        """What the whole run costs as it stands."""
        return sum(
            self.given[at].cost if at in self.given else self.unfilled(at)
            for at in range(len(self.needs))
        )

    # --- Handing back -------------------------------------------------------------------------

    def outcome(self, at: int) -> Outcome:
        priced, given = self.priced[at], self.given.get(at)
        order = np.lexsort((priced.choices.columns, priced.choices.costs))
        taken = given.position if given else None
        others = [
            place for place in order[: OTHERS + 1] if int(priced.choices.columns[place]) != taken
        ]
        return Outcome(
            need_id=self.needs[at].id,
            best=self._suggestion(at, given) if given else None,
            others=tuple(self._suggestion(at, self._alone(at, place)) for place in others[:OTHERS]),
            refused=MappingProxyType(dict(priced.refused)),
            possible=priced.possible,
        )

    def _alone(self, at: int, place: int) -> Given:
        """A choice as it was priced, without what this run has given."""
        priced = self.priced[at]
        return Given(
            int(priced.choices.columns[place]),
            self.needs[at].visits[int(priced.visits[place])],
            MappingProxyType(dict(zip(costs.PARTS, map(int, priced.parts[:, place]), strict=True))),
        )

    def _besides(self, at: int, position: int) -> tuple[str, ...]:
        """A warning when the run gives the same volunteer something else."""
        others = [other for other in self._of.get(position, ()) if other != at]
        return (suggested_besides(),) if others else ()

    def _suggestion(self, at: int, given: Given) -> Suggestion:
        need = self.needs[at]
        candidate = self.as_booked(given.position, but=at)
        return Suggestion(
            need_id=need.id,
            candidate_id=candidate.id,
            visit=given.visit,
            cost=given.cost,
            parts=given.parts,
            reasons=reasons(candidate, need, given.visit, self.pool.today),
            warnings=warnings(candidate, need, given.visit) + self._besides(at, given.position),
        )


def _one_by_one(pool: Pool, needs: Sequence[Need], priced: Sequence[Priced]) -> _Board:
    """Each request in turn takes the cheapest who is left, as somebody with a list would do."""
    board = _Board(pool, needs, priced)
    for at in range(len(needs)):
        if (offer := board.best_offer(at)) is not None:
            board.give(at, offer)
    return board


def _all_at_once(
    pool: Pool, needs: Sequence[Need], priced: Sequence[Priced], watch: Watch
) -> _Board:
    """The best assignment; where what it gives one volunteer does not go together, again."""
    board = _Board(pool, needs, priced)
    most = _places(pool, needs)
    struck: set[tuple[int, int]] = set()
    left = list(range(len(needs)))

    def solved(done: int, of: int) -> None:
        watch.at(PRICED + done * (STEPS - 1 - PRICED) // of)

    while left:
        before = {position: board.count(position) for position in board.busy().tolist()}
        rows = [_choices_left(board, at, struck) for at in left]
        places = most.copy()
        for position, count in before.items():
            places[position] = max(0, places[position] - count)
        nothing = np.array([board.unfilled(at) for at in left], dtype=np.int64)
        found = assign(Problem(rows, places, nothing, AGAIN), after_block=solved)
        pairs = [
            (int(row.costs[np.searchsorted(row.columns, position)]), at, position)
            for row, at, position in zip(rows, left, found.columns, strict=True)
            if position != UNFILLED
        ]
        pairs.sort(key=lambda pair: board.claim(*pair))
        back = False
        for cost, at, position in pairs:
            since = board.count(position) - before.get(position, 0)
            offer = board.offer(at, position)
            if offer is None or offer.cost > cost + AGAIN[since]:
                # What it got a moment ago stands in the way, or makes it dearer.
                back = True
            elif board.is_lawful(at, offer):
                board.give(at, offer)
            else:
                back = True
                struck.add((at, position))
        if not back:
            break
        left = [at for at in left if at not in board.given]
    return board


def _places(pool: Pool, needs: Sequence[Need]) -> Integers:
    """How many requests each candidate could take at most: by the hours left in the weeks that the
    requests are about, the shortest visit, and what one run gives."""
    weeks = {monday_of(visit.first_day): visit for need in needs for visit in need.visits}
    shortest = max(1, min((need.minutes for need in needs), default=1))
    places = np.zeros(len(pool), dtype=np.int64)
    for visit in weeks.values():
        places += np.clip(pool.minutes_left(visit) // shortest, 0, weights.MOST_IN_ONE_RUN)
    return np.minimum(places, weights.MOST_IN_ONE_RUN)


def _choices_left(board: _Board, at: int, struck: set[tuple[int, int]]) -> Choices:
    """What a request may choose from, with what the run has given counted in."""
    row = board.priced[at].choices
    given = np.isin(row.columns, board.busy())
    keep = np.ones(len(row), dtype=np.bool_)
    prices = row.costs.copy()
    for place in np.nonzero(given)[0]:
        offer = board.offer(at, int(row.columns[place]))
        keep[place] = offer is not None
        prices[place] = offer.cost if offer is not None else 0
    for other, position in struck:
        if other == at:
            keep &= row.columns != position
    return Choices(row.columns[keep], prices[keep])
