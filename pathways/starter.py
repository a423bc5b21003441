"""The kinds of pathway that a network begins with. Data from then on: changed on their page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from pathways.models import PathwayKind, Stage


@dataclass(frozen=True)
class Kind:
    """``stages``: code, name, after how many days to look whether it goes on (0: no hurry)."""

    code: str
    name: str
    description: str
    stages: tuple[tuple[str, str, int], ...]
    weeks: tuple[int, int] | None = None
    first: tuple[int, int] = (6, 8)
    then_months: int = 12


_PLAN = ("planning", "Making the plan", 28)
_IN_PLACE = ("in-place", "The plan is in place", 0)

KINDS = (
    Kind(
        "general", "General support",
        "Somebody who needs more than one thing, from more than one place.",
        (("new", "Getting to know each other", 14), _PLAN, ("agreeing", "Agreeing the plan", 14),
         _IN_PLACE, ("stepping-back", "Stepping back", 56)),
    ),
    Kind(
        "social-prescribing", "Social prescribing",
        "What a surgery cannot give: company, activity, help with money or a home.",
        (("new", "Sent by a surgery, or asked", 7), ("what-matters", "What matters to them", 21),
         ("trying-out", "Trying things out", 42), ("settled", "Going by themselves", 0)),
        then_months=6,
    ),
    Kind(
        "reablement", "Reablement",
        "Six to twelve weeks of learning again what somebody could do before.",
        (("new", "First visit", 3), ("first-weeks", "First weeks", 21), ("stronger", "Getting stronger", 42),
         ("afterwards", "What comes afterwards", 14)),
        weeks=(6, 12), first=(5, 6),
    ),
    Kind(
        "carers", "Carers",
        "Somebody who looks after another, and what keeps them well.",
        (("new", "First talk", 14), ("first-stage", "First stage: benefits at once", 28),
         ("second-stage", "Second stage: the council's assessment", 42), _IN_PLACE),
    ),
    Kind(
        "hospital-discharge", "Home from hospital",
        "From the ward to managing at home, without falling between the two.",
        (("ward", "Still on the ward", 5), ("home", "First days at home", 7),
         ("weeks", "First weeks at home", 42), ("settled", "Managing", 0)),
        first=(2, 6),
    ),
)  # fmt: skip


@transaction.atomic
def load_kinds() -> int:
    """Add those that are missing; what a network has changed stays. Returns how many were added."""
    added = 0
    for position, kind in enumerate(KINDS, 1):
        lasts = kind.weeks or (None, None)
        row, created = PathwayKind.objects.get_or_create(
            code=kind.code,
            defaults={
                "name": kind.name,
                "description": kind.description,
                "position": position * 10,
                "first_after_weeks": kind.first[0],
                "first_within_weeks": kind.first[1],
                "then_within_months": kind.then_months,
                "lasts_at_least_weeks": lasts[0],
                "lasts_at_most_weeks": lasts[1],
            },
        )
        if not created:
            continue
        added += 1
        Stage.objects.bulk_create(
            Stage(kind=row, code=code, name=name, position=number * 10, usual_days=days or None)
            for number, (code, name, days) in enumerate(kind.stages, 1)
        )
    return added
