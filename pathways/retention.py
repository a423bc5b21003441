"""How long a pathway is kept: as long as any case after its end, then emptied; what counts as a contact."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import last_contact
from dcsn.privacy.retention import RetentionClass, register
from pathways.models import (
    CarerAssessment,
    Contact,
    EmergencyPlan,
    LedgerEntry,
    Measuring,
    Pathway,
    PlanVersion,
    Review,
    StageChange,
)


def ended_due(before: datetime) -> QuerySet[Pathway]:
    return Pathway.objects.filter(ended_at__lt=before, anonymised_at=None)


def silent_due(before: datetime) -> QuerySet[Pathway]:
    """Never ended, and nothing was done or written since."""
    of = {"pathway": OuterRef("pk")}
    return Pathway.objects.filter(
        ~Exists(StageChange.objects.filter(**of, at__gte=before)),
        ~Exists(Contact.objects.filter(**of, at__gte=before)),
        ~Exists(PlanVersion.objects.filter(plan__pathway=OuterRef("pk"), at__gte=before)),
        ~Exists(Review.objects.filter(**of).filter(_touched(before))),
        ~Exists(Measuring.objects.filter(**of, taken_on__gte=before.date())),
        ~Exists(LedgerEntry.objects.filter(budget__pathway=OuterRef("pk"), at__gte=before)),
        ended_at=None,
        anonymised_at=None,
        created_at__lt=before,
    )


def _touched(since: datetime) -> Q:
    return Q(recorded_at__gte=since) | Q(booked_for__gte=since) | Q(held_on__gte=since.date())


def empty(keys: list[UUID]) -> int:
    from pathways.privacy import empty_pathways

    return empty_pathways(Pathway.objects.filter(pk__in=keys))


_LEFT = _(
    "Whose it was, the plan, its versions and pictures and everything written are deleted; stages, dates, "
    "scores and money stay for counting."
)


def register_classes() -> None:
    """Once, from ``pathways/privacy.py``."""
    for name, what, due in (
        ("ended", _("Pathways that ended, with their plans and reviews"), ended_due),
        ("silent", _("Pathways that never ended, since the last word about them"), silent_due),
    ):
        register(
            RetentionClass(
                name=f"pathways.{name}",
                what=what,
                becomes=_LEFT,
                setting="KEEP_CASE_DAYS",
                due=due,
                apply=empty,
            )
        )
    last_contact.register(
        last_contact.Contact(
            "pathways",
            # One that goes on is a contact today: nobody is forgotten in the midst of it.
            rows=lambda since: Pathway.objects.filter(
                Q(created_at__gte=since) | Q(ended_at__gte=since) | Q(ended_at=None)
            ),
            is_case=True,
        )
    )
    last_contact.register(
        last_contact.Contact(
            "carers",
            rows=lambda since: CarerAssessment.objects.filter(assessed_on__gte=since.date()),
            person="carer_id",
            is_case=True,
        )
    )
    last_contact.register(
        last_contact.Contact(
            "emergency_plans",
            rows=lambda since: EmergencyPlan.objects.filter(changed_at__gte=since),
            person="carer_id",
            is_case=True,
        )
    )
