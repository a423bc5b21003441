"""The third name: amounts to which the person and the planner have agreed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from pathways.actions.budgets import Role, agree
from pathways.budgets.access import budgets_to_authorise
from pathways.budgets.forms import AgreeForm
from pathways.budgets.views.budget import working_of
from pathways.events import BUDGET_VIEWED
from pathways.refusals import Refused

PER_PAGE = 25


@requires(Permission.PATHWAY_AUTHORISE)
@never_cache
@require_safe
def waiting(request: SignedInRequest) -> HttpResponse:
    """By reference, without names."""
    page = Paginator(budgets_to_authorise(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "pathways/budgets/waiting.html",
        {"page": page, "rows": list(page.object_list), "query": ""},
    )


@requires(Permission.PATHWAY_AUTHORISE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorise(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    """The amounts, the reason and the working; with the third name the budget holds."""
    found = get_object_or_404(budgets_to_authorise(request.user), pk=budget_id)
    start = {"name": request.user.name or request.user.email, "version": found.version}
    form = AgreeForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            agree(budget=found, role=Role.AUTHORISER, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Agreed: the budget holds from now on."))
            return redirect("pathways:budgets_to_authorise")
    record(
        BUDGET_VIEWED,
        by=request.user,
        subject=found.pathway.person_id,
        organisation=found.pathway.organisation_id,
        details={"budget": found.id},
    )
    return render(
        request,
        "pathways/budgets/authorise.html",
        {
            "form": form,
            "budget": found,
            "working": working_of(found),
            "names": list(found.agreements.filter(version=found.version)),
        },
        status=422 if form.errors else 200,
    )
