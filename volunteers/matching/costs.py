"""What each pair costs, part by part, from the weights; for a whole column of candidates at once.

The parts are kept apart so that a suggestion can say what spoke for it and against it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from volunteers.matching import weights
from volunteers.matching.distance import miles_to
from volunteers.matching.need import Need
from volunteers.matching.pool import NEVER, Flags, Integers, Minutes, Pool

Parts = NDArray[np.int16]
LASTING = ("distance", "kind", "skills", "interests", "fairness", "continuity")
TIMED = ("free time", "handover")
PARTS = LASTING + TIMED


def by_bands(
    bands: weights.Bands, values: NDArray[np.float64] | Integers | Minutes, unknown: Flags
) -> Integers:
    """The cost of each value by its band."""
    limits = np.array([limit for limit, _cost in bands.steps])
    costs = np.array([*(cost for _limit, cost in bands.steps), bands.beyond], dtype=np.int64)
    found = costs[np.searchsorted(limits, values, side="left")]
    return np.where(unknown, bands.unknown, found)


def distance(pool: Pool, need: Need) -> Integers:
    if need.place is None:
        return np.zeros(len(pool), dtype=np.int64)
    miles = miles_to(need.place, pool.latitudes, pool.longitudes)
    return by_bands(weights.DISTANCE, miles, np.isnan(miles))


def other_kind(pool: Pool, need: Need) -> Integers:
    if need.kind is None:
        return np.zeros(len(pool), dtype=np.int64)
    other = pool.said_kinds & ~pool.having("kind", need.kind)
    return np.where(other, weights.OTHER_KIND.cost, 0)


def skill_gap(pool: Pool, need: Need) -> Integers:
    missing = np.zeros(len(pool), dtype=np.int64)
    for skill in need.skills:
        missing += ~pool.having("skill", skill)
    cost = missing * weights.MISSING_SKILL.cost
    return np.minimum(cost, weights.MISSING_SKILL.most or 0)


def interest_mismatch(pool: Pool, need: Need) -> Integers:
    if not need.interests:
        return np.zeros(len(pool), dtype=np.int64)
    shares = np.zeros(len(pool), dtype=np.bool_)
    for interest in need.interests:
        shares |= pool.having("interest", interest)
    return np.where(shares, 0, weights.NO_SHARED_INTEREST.cost)


def fairness(pool: Pool) -> Integers:
    days = pool.days_since_asked
    return by_bands(weights.SINCE_ASKED, days, days == NEVER)


def continuity(pool: Pool, need: Need) -> Integers:
    return np.where(pool.among(need.helped_before_by), weights.CONTINUITY.cost, 0)


def free_time(rooms: Minutes) -> Integers:
    """By the minutes to spare around the visit."""
    return by_bands(weights.ROOM, rooms, rooms == NEVER)


def handover(flags: Flags) -> Integers:
    """By whether something else goes on within the hour's handover."""
    return np.where(flags, weights.HANDOVER.cost, 0)


def lasting_parts(pool: Pool, need: Need, fair: Integers) -> Parts:
    """A row for each of ``LASTING``: the parts that are the same for all times that would do.
    ``fair`` is :func:`fairness`, which is the same for all needs."""
    return np.array(
        [
            distance(pool, need),
            other_kind(pool, need),
            skill_gap(pool, need),
            interest_mismatch(pool, need),
            fair,
            continuity(pool, need),
        ],
        dtype=np.int16,
    )


def timed_parts(rooms: Minutes, handovers: Flags) -> Parts:
    """A row for each of ``TIMED``: the parts that depend on when."""
    return np.array([free_time(rooms), handover(handovers)], dtype=np.int16)


def unfilled(need: Need, today: date) -> int:
    """What it costs that nobody comes."""
    base = weights.UNFILLED_URGENT if need.urgent else weights.UNFILLED
    waited = max(0, (today - need.asked_on).days) * weights.UNFILLED_EACH_DAY.cost
    return base.cost + min(waited, weights.UNFILLED_EACH_DAY.most or 0)
