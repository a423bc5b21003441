"""How many carers are known, held against how many there may be. Small numbers are hidden."""

from __future__ import annotations

from dataclasses import dataclass

from dcsn.figures.shapes import Missing, Share
from dcsn.figures.small import LEAST
from pathways.models import CarerAssessment, CarerEstimate

ROUNDED_TO = 5


@dataclass(frozen=True)
class KnownCarers:
    """``known``: to this network and, by the estimate's own count, to other registers."""

    estimate: CarerEstimate
    known: int | Missing
    share: Share | None


def known_carers() -> list[KnownCarers]:
    """One for each area's newest estimate. Carers of this network have no area: they are counted once,
    with the newest estimate of all."""
    newest: dict[str, CarerEstimate] = {}
    for estimate in CarerEstimate.objects.order_by("-as_of", "area"):
        newest.setdefault(estimate.area, estimate)
    here = CarerAssessment.objects.filter(carer__isnull=False).values("carer").distinct().count()
    return [
        _held_against(estimate, here if place == 0 else 0)
        for place, estimate in enumerate(newest.values())
    ]


def _held_against(estimate: CarerEstimate, here: int) -> KnownCarers:
    """Rounded to five, as every public figure is, so that one more carer shows nowhere."""
    shown = 0 if here < LEAST else ROUNDED_TO * ((here + ROUNDED_TO // 2) // ROUNDED_TO)
    known = min(estimate.known_elsewhere + shown, estimate.carers)
    if known < LEAST:
        return KnownCarers(estimate, Missing.HIDDEN, None)
    return KnownCarers(estimate, known, Share(known, estimate.carers))
