"""The person's own money, shown to them first: what is left, what went for what, month by month."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import public
from dcsn.printing import PrintSize
from members.models import Person
from members.own_page import own_person
from pathways.budgets.statement import budgets_of_person, statement_of
from pathways.budgets.views.budget import budget_sheet, working_of
from pathways.models import Budget


@public
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Their budget in force, else the newest; others by their number."""
    person = own_person(request)
    if person is None:
        return render(request, "pathways/budgets/mine_who.html")
    known = list(budgets_of_person(person.pk))
    chosen = _chosen(known, request.GET.get("which", ""))
    return render(
        request,
        "pathways/budgets/mine.html",
        {
            "person": person,
            "budget": chosen,
            "statement": statement_of(chosen) if chosen else None,
            "working": working_of(chosen) if chosen else None,
            "names": list(chosen.agreements.filter(version=chosen.version)) if chosen else [],
            "others": [one for one in known if one != chosen],
            "sizes": [int(size) for size in PrintSize],
        },
    )


def _chosen(known: list[Budget], which: str) -> Budget | None:
    for one in known:
        if str(one.pk) == which:
            return one
    in_force = [one for one in known if one.state == "agreed"]
    return next(iter(in_force or known), None)


@public
@never_cache
@require_safe
def sheet(request: HttpRequest, budget_id: UUID) -> HttpResponse:
    person: Person | None = own_person(request)
    if person is None:
        return redirect("pathways:my_budget")
    found = get_object_or_404(budgets_of_person(person.pk), pk=budget_id)
    return budget_sheet(found, request.GET.get("size"), request.GET.get("what", ""))
