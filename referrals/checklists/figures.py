"""What follows from checklists, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from referrals.models import Checklist, Enquiry, Referral

# South Gloucestershire's First Contact scheme, September 2009 to December 2010.
PUBLISHED_CHECKLISTS, PUBLISHED_REFERRALS = 374, 1170


@dataclass(frozen=True)
class ChecklistFigures:
    """How many were finished, and how many referrals they made."""

    checklists: int
    referrals: int

    @property
    def average(self) -> float | None:
        """Referrals for each checklist; ``None`` while there is none."""
        return self.referrals / self.checklists if self.checklists else None

    @property
    def published(self) -> float:
        """What the published scheme reached: 3.13."""
        return PUBLISHED_REFERRALS / PUBLISHED_CHECKLISTS


def checklist_figures(checklists: Any = None) -> ChecklistFigures:
    """Of all finished checklists, or of these: one query each for the two counts."""
    rows = Checklist.objects.all() if checklists is None else checklists
    finished = rows.counted().exclude(enquiry__state=Enquiry.State.OPEN)
    return ChecklistFigures(
        checklists=finished.count(),
        referrals=Referral.objects.counted()
        .filter(enquiry__checklist__in=finished.order_by())
        .count(),
    )
