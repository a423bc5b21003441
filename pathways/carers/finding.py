"""Finding an emergency plan: by the number on the card in a carer's purse, or by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from dcsn.access import Permission, scope_of_permission
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.references import normal_reference
from members.finding import Typed
from members.finding.candidates import Where, candidates
from members.finding.keys import keys_to_look_for
from members.models import SafetyFlag
from pathways.events import EMERGENCY_PLANS_SEARCHED
from pathways.models import EmergencyPlan

MOST_SHOWN = 10
MOST_ALIKE = 3


@dataclass(frozen=True)
class FoundPlan:
    """As little as lets somebody tell which carer is meant; what the plan says opens with a reason."""

    plan: EmergencyPlan
    name: str
    area: str


def find_plans(typed: str, *, by: User) -> list[FoundPlan]:
    """Those that may be meant, of every access point: an emergency knows no desk. Who was shown is
    written down; what was typed is not."""
    found = _by_reference(typed) or _by_name(typed, by)
    shown = [
        FoundPlan(plan, plan.carer.name, plan.carer.postcode.split(" ")[0] or plan.carer.town)
        for plan in found
        if plan.carer is not None
    ]
    record(
        EMERGENCY_PLANS_SEARCHED,
        by=by,
        details={"people": [one.plan.carer_id for one in shown], "count": len(shown)},
    )
    return shown


def plans_in_use() -> QuerySet[EmergencyPlan]:
    return EmergencyPlan.objects.filter(
        carer__erased_at=None, carer__merged_at=None
    ).select_related("carer", "organisation")


def _by_reference(typed: str) -> list[EmergencyPlan]:
    return list(plans_in_use().filter(reference=normal_reference(typed)))


def _by_name(typed: str, by: User) -> list[EmergencyPlan]:
    """All words fit the carer's names or postcode; else the likeliest by sound and spelling.

    Somebody who hides from somebody is not findable by name from every desk, only from their own.
    """
    words = [word for word in typed.replace(",", " ").split() if len(word) > 1]
    if not words:
        return []
    in_danger = SafetyFlag.objects.in_force().filter(
        person=OuterRef("carer"), kind=SafetyFlag.Kind.DOMESTIC_ABUSE
    )
    own = scope_of_permission(by, Permission.CARER_VIEW).organisations
    near = plans_in_use().filter(~Exists(in_danger) | Q(carer__organisation_id__in=own))
    fits = Q()
    for word in words:
        fits &= Q(carer__sort_key__icontains=word) | Q(carer__postcode__istartswith=word)
    found = list(near.filter(fits).order_by("carer__sort_key", "id")[:MOST_SHOWN])
    if found:
        return found
    alike = candidates(
        keys_to_look_for(Typed.from_text(typed)), Where(everywhere=True, own=frozenset())
    )
    return list(near.filter(carer__in=list(alike)).order_by("carer__sort_key", "id")[:MOST_ALIKE])
