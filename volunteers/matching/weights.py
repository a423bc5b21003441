"""What a suggestion costs: whole numbers, each with the reason for it. Lower is better.

They were set by hand. What matters is their order of size: who is near and has the skill comes
before who is only near; nobody is passed over for good; any volunteer who may go is better than
nobody. Whoever changes one runs ``tests/volunteers/matching`` and the benchmark.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bands:
    """A cost by steps: ``(up to and including, cost)`` in order, then ``beyond``."""

    steps: tuple[tuple[float, int], ...]
    beyond: int
    unknown: int
    reason: str


DISTANCE = Bands(
    steps=((0.5, 0), (1, 10), (2, 20), (4, 40), (8, 70), (15, 110)),
    beyond=160,
    unknown=60,
    reason=(
        "The way there is unpaid time. Bands, because a tenth of a mile between two people decides "
        "nothing, and always taking the nearest is what a national scheme called unfair. Help by "
        "phone costs nothing; who has not said where they set out from is like 4 to 8 miles."
    ),
)

SINCE_ASKED = Bands(
    steps=((6, 60), (13, 40), (27, 20), (89, 5)),
    beyond=0,
    unknown=0,
    reason=(
        "Days since they were last asked, whatever they said: the same few people must not be asked "
        "each time, and two thirds of one scheme's volunteers were never asked at all. Never asked "
        "costs nothing."
    ),
)

ROOM = Bands(
    steps=((0, 20), (59, 10)),
    beyond=0,
    unknown=40,
    reason=(
        "Minutes to spare around the visit. Free for exactly that hour means a visit cannot run "
        "over. Not known when they are free: they can be asked, after those of whom it is known."
    ),
)


@dataclass(frozen=True)
class Weight:
    """A cost that is there or not, or so much for each."""

    cost: int
    reason: str
    most: int | None = None


MISSING_SKILL = Weight(
    30,
    "For each skill that would help and that they do not name. A skill without which it cannot be "
    "done is a check or a lawful preference, never only a cost.",
    most=120,
)
OTHER_KIND = Weight(
    45,
    "They named the kinds of help that they would do, and this is not one of them. They can still be "
    "asked, and can say no.",
)
NO_SHARED_INTEREST = Weight(
    25,
    "None of the interests that the request names. Company is better with something to talk about; "
    "less than a mile or two's worth of way.",
)
HANDOVER = Weight(
    50, "They come from, or go on to, something else within the hour: it can be done."
)
CONTINUITY = Weight(
    -60,
    "They helped this person before and both were fine. A known face is worth four miles of way; "
    "less than the skill gap at its most.",
)
AGAIN_IN_ONE_RUN = Weight(
    70,
    "For each request that this run has given them before: requests go round.",
)
# A fourth in one run is never suggested, whatever it costs.
MOST_IN_ONE_RUN = 3

# Left unfilled. More than any chain of poorer pairs would save in practice: a request stays empty
# because nobody may go, not because somebody is far away.
UNFILLED = Weight(10_000, "Nobody comes.")
UNFILLED_URGENT = Weight(20_000, "Nobody comes, and it was urgent.")
UNFILLED_EACH_DAY = Weight(
    100, "For each day since it was asked: who has waited longest is served first.", most=6_000
)
