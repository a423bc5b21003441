"""How long what carers said is kept: as long as any case, then emptied."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy.retention import RetentionClass, register
from pathways.models import CarerAssessment, EmergencyPlan


def assessments_due(before: datetime) -> QuerySet[CarerAssessment]:
    return CarerAssessment.objects.filter(assessed_on__lt=before.date(), carer__isnull=False)


def empty_assessments(keys: list[UUID]) -> int:
    return empty(CarerAssessment.objects.filter(pk__in=keys))


def empty(rows: QuerySet[CarerAssessment]) -> int:
    """That a carer was assessed, when and with what result stays, for counting."""
    return rows.update(
        carer=None,
        effects="",
        wants="",
        helped_by="",
        assessed_by=None,
        anonymised_at=timezone.now(),
    )


def plans_due(before: datetime) -> QuerySet[EmergencyPlan]:
    """Nobody has looked at it for as long as a case is kept."""
    return EmergencyPlan.objects.filter(changed_at__lt=before)


def delete_plans(keys: list[UUID]) -> int:
    return EmergencyPlan.objects.filter(pk__in=keys).delete()[0]


def register_classes() -> None:
    """Once, from ``pathways/privacy.py``."""
    register(
        RetentionClass(
            name="pathways.carer_assessments",
            what=_("What carers said in both stages"),
            becomes=_(
                "Whose it was and everything written are deleted; the rest stays for counting."
            ),
            setting="KEEP_CASE_DAYS",
            due=assessments_due,
            apply=empty_assessments,
            person="carer_id",
        )
    )
    register(
        RetentionClass(
            name="pathways.emergency_plans",
            what=_("Emergency plans of carers that nobody has changed since"),
            becomes=_("The plan is deleted."),
            setting="KEEP_CASE_DAYS",
            due=plans_due,
            apply=delete_plans,
            person="carer_id",
        )
    )
