"""The plan on a pathway's page: how it stands, and the way to it; and on the person's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcsn.access import Permission, can
from pathways.models import PlanAgreement
from pathways.page import Section, register_section
from pathways.plans.page import may_begin, names_under

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from pathways.models import Pathway


def plan_of(user: User, pathway: Pathway) -> dict[str, Any]:
    """The plan that is being made or in place; else the last one, and a button for the first."""
    plans = list(pathway.plans.order_by("-created_at", "id"))
    current = next((plan for plan in plans if not plan.is_final), None)
    return {
        "plan": current,
        "earlier": [plan for plan in plans if plan.is_final],
        "pathway": pathway,
        "to_put_in_place": current is not None
        and may_begin(current)
        and len(names_under(current)) == len(PlanAgreement.Role)
        and can(user, Permission.PATHWAY_COORDINATE, pathway),
        "may_begin": current is None
        and pathway.is_open
        and can(user, Permission.PATHWAY_COORDINATE, pathway),
    }


def register() -> None:
    register_section(
        Section(key="plan", template="pathways/plans/on_page.html", context=plan_of, order=10)
    )
