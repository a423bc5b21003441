"""What the study's survey counted about volunteering: 78 people asked in 2011.

Source: the feasibility study for a community support network of 2011, Appendix 4 ("Questionnaire Statistic
summary"; question 14 asked what stands in the way). Its bands overlap as printed (18-35, 35-50 …); they are
read as ours. The survey is the first data set of the barriers; what volunteers tell us since is counted in
the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from members.models import AgeBand
from volunteers.models.volunteer import Barrier

ASKED = 78
# Mentions by band, in the order of the bands; somebody could name several.
BARRIERS: dict[Barrier, tuple[int, int, int, int, int, int]] = {
    Barrier.TIME: (1, 10, 5, 7, 3, 1),
    Barrier.PAY: (0, 6, 0, 1, 0, 0),
    Barrier.INFORMATION: (0, 1, 1, 3, 4, 1),
    Barrier.COMMITMENT: (0, 0, 0, 0, 4, 1),
    Barrier.INTEREST: (0, 1, 0, 0, 0, 0),
    Barrier.CONFIDENCE: (0, 0, 0, 2, 2, 2),
    Barrier.FAMILY: (0, 1, 0, 2, 0, 1),
    Barrier.WORK: (0, 1, 3, 1, 0, 0),
    Barrier.TOO_OLD: (0, 0, 0, 0, 0, 3),
    Barrier.HEALTH: (0, 0, 0, 1, 2, 0),
    Barrier.BENEFITS: (0, 0, 1, 0, 0, 0),
    Barrier.NO_SAY: (0, 1, 0, 1, 0, 0),
    Barrier.TRANSPORT: (0, 0, 0, 0, 0, 1),
}
BANDS = tuple(AgeBand)
MENTIONS = sum(sum(row) for row in BARRIERS.values())


@dataclass(frozen=True)
class Band:
    """One line of the study's table of volunteering."""

    band: AgeBand
    volunteering: int
    # Hours a week on average among them, as printed; None: "not specified".
    hours: Decimal | None
    not_volunteering: int
    willing: int


VOLUNTEERING = (
    Band(AgeBand.UNDER_18, 0, None, 1, 0),
    Band(AgeBand.FROM_18, 3, Decimal(5), 17, 0),
    Band(AgeBand.FROM_35, 3, Decimal(3), 11, 0),
    Band(AgeBand.FROM_50, 3, None, 11, 1),
    Band(AgeBand.FROM_65, 10, Decimal(3), 9, 3),
    Band(AgeBand.FROM_80, 4, Decimal("4.4"), 6, 0),
)
# What the study prints as "average hours" of all: the sum of its bands' averages.
PRINTED_HOURS = Decimal("15.4")


def mean_hours(bands: tuple[Band, ...] = VOLUNTEERING) -> Decimal:
    """Average hours of those who said how many: each band weighs as many as are in it. To a hundredth."""
    said = [(row.volunteering, row.hours) for row in bands if row.hours is not None]
    people = sum(count for count, _hours in said)
    if not people:
        return Decimal(0)
    whole = sum((count * hours for count, hours in said), Decimal(0))
    return (whole / people).quantize(Decimal("0.01"), ROUND_HALF_UP)


def sum_of_averages(bands: tuple[Band, ...] = VOLUNTEERING) -> Decimal:
    """How the printed figure came about."""
    return sum((row.hours for row in bands if row.hours is not None), Decimal(0))
