"""Who sees a budget: whoever sees its pathway; its amounts, whoever has to authorise them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, register_scope, scope_of_permission
from dcsn.access.doors import Door, register_door
from pathways.models import AllocationVersion, Budget, BudgetAgreement, BudgetState, Pathway

# The network's own: a table names nobody.
register_scope(AllocationVersion, lambda version: None)
register_scope(Budget, lambda budget: budget.pathway.organisation_id)

register_door(
    Door(
        Permission.ALLOCATION_CHANGE,
        _("Points and figures of indicative budgets"),
        _("Load the council's table, look at it, and sign off its equality check."),
        "pathways:allocation",
        order=47,
    )
)
register_door(
    Door(
        Permission.PATHWAY_AUTHORISE,
        _("Budgets to authorise"),
        _("Amounts to which the person and the planner have agreed."),
        "pathways:budgets_to_authorise",
        order=8,
    )
)
register_door(
    Door(
        Permission.BUDGET_FIGURES,
        _("Budgets by month"),
        _("What came in and what it was spent on, in the whole network. Nobody is in it."),
        "pathways:budget_figures",
        order=7,
    )
)
register_door(
    Door(
        Permission.BUDGET_EXPORT,
        _("Budgets for the accounts"),
        _("Every budget by month, without names, as CSV or JSON."),
        "pathways:budget_export",
        order=48,
    )
)


def visible_budgets(user: Any) -> QuerySet[Budget]:
    return Budget.objects.filter(pathway__in=Pathway.objects.visible_to(user)).select_related(
        "pathway__person", "pathway__kind", "pathway__organisation", "needs__allocation", "plan"
    )


def budget_or_404(user: Any, budget_id: UUID) -> Budget:
    return get_object_or_404(visible_budgets(user), pk=budget_id)


def budgets_to_authorise(user: Any) -> QuerySet[Budget]:
    """To whose amounts as they stand the person and the planner have agreed, and nobody else; not those
    that this user planned."""
    if not scope_of_permission(user, Permission.PATHWAY_AUTHORISE):
        return Budget.objects.none()
    names = BudgetAgreement.objects.filter(budget=OuterRef("pk"), version=OuterRef("version"))
    return (
        Budget.objects.filter(state=BudgetState.PROPOSED, pathway__person__isnull=False)
        .filter(Exists(names.filter(role="person")), Exists(names.filter(role="planner")))
        .exclude(Exists(names.filter(role="authoriser")))
        .exclude(Exists(names.filter(account=user)))
        .exclude(pathway__coordinator=user)
        .select_related("pathway__kind", "pathway__organisation", "needs__allocation")
        .order_by("created_at", "id")
    )
