"""The ways in: one's own plans, those shared with an organisation, and a new one on a pathway."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, requires, signed_in
from dcsn.access.doors import Door, register_door
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from pathways.access import pathway_or_404
from pathways.actions.plans import begin_plan
from pathways.events import PLANS_LISTED
from pathways.models import Shared
from pathways.plans.sight import own_plans, plans_to_authorise, shared_plans
from pathways.refusals import Refused

PER_PAGE = 25
register_door(
    Door(
        Permission.PATHWAY_SHARED,
        gettext_lazy("Plans that people share with you"),
        gettext_lazy("The parts of a person’s plan that they let your organisation see."),
        "pathways:shared_plans",
        order=6,
    )
)
register_door(
    Door(
        Permission.PATHWAY_AUTHORISE,
        gettext_lazy("Plans that wait for the third name"),
        gettext_lazy("The person and the planner have agreed to them."),
        "pathways:plans_to_authorise",
        order=3,
        menu=gettext_lazy("Plans to authorise"),
    )
)


@signed_in
@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """One's own plan; a list where there are several, and whom to ask where there is none."""
    plans = list(own_plans(request.user).order_by("-created_at"))
    current = [plan for plan in plans if not plan.is_final]
    if len(plans) == 1 or len(current) == 1:
        return redirect("pathways:my_plan", (current or plans)[0].pk)
    return render(request, "pathways/plans/mine.html", {"plans": plans})


@requires(Permission.PATHWAY_SHARED)
@never_cache
@require_safe
def shared(request: SignedInRequest) -> HttpResponse:
    page = Paginator(shared_plans(request.user), PER_PAGE).get_page(request.GET.get("page"))
    people = sorted({one.plan.pathway.person_id for one in page.object_list}, key=str)
    if people:
        record(PLANS_LISTED, by=request.user, details={"people": people})
    rows = [
        (sight, [part.label for part in Shared if part in sight.sees]) for sight in page.object_list
    ]
    return render(request, "pathways/plans/shared.html", {"page": page, "rows": rows})


@requires(Permission.PATHWAY_AUTHORISE)
@never_cache
@require_safe
def to_authorise(request: SignedInRequest) -> HttpResponse:
    """The oldest first; one that was authorised is not on it any more."""
    plans = plans_to_authorise(request.user).order_by("created_at", "id")
    page = Paginator(plans, PER_PAGE).get_page(request.GET.get("page"))
    people = sorted({plan.pathway.person_id for plan in page.object_list}, key=str)
    if people:
        record(PLANS_LISTED, by=request.user, details={"people": people})
    return render(request, "pathways/plans/to_authorise.html", {"page": page})


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_POST
def begin(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """A new plan on a pathway, or the one that is being made."""
    pathway = pathway_or_404(request.user, pathway_id)
    try:
        plan = begin_plan(pathway=pathway, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(pathway.get_absolute_url())
    return redirect("pathways:plan", plan.pk)
