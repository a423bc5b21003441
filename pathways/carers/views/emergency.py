"""An emergency plan in two clicks: find, open. Who was shown, and who opened what and why, is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.limits.rates import Rate, seconds_to_wait_for_user
from dcsn.printing import PrintSize
from pathways.carers.finding import find_plans, plans_in_use
from pathways.carers.forms import FindForm, OpenForm
from pathways.carers.views.public import plan_answer
from pathways.events import EMERGENCY_PLAN_OPENED
from pathways.models import EmergencyPlan

# For which plans this session has given a reason, and when.
OPENED = "emergency_plans_opened"
STAYS_OPEN = timedelta(hours=1)
# More than any night's work, too few to read all plans by.
AT_MOST = Rate(60, timedelta(minutes=10))


@requires(Permission.EMERGENCY_OPEN)
@never_cache
@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """First click: the number on the card, or a name."""
    form = FindForm(request.GET if "q" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        wait = seconds_to_wait_for_user(request.user.pk, "emergency plans", AT_MOST)
        if wait:
            form.add_error("q", _("You have looked very often. Please wait a few minutes."))
        else:
            found = find_plans(form.cleaned_data["q"], by=request.user)
    return render(request, "pathways/carers/emergency_find.html", {"form": form, "found": found})


@requires(Permission.EMERGENCY_OPEN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Second click: the plan, for an hour; the reason is chosen already. Without one it is asked for."""
    found = get_object_or_404(plans_in_use(), pk=plan_id)
    if request.method == "POST":
        form = OpenForm(request.POST)
        if form.is_valid():
            record(
                EMERGENCY_PLAN_OPENED,
                by=request.user,
                subject=found.carer_id,
                organisation=found.organisation_id,
                details={"emergency_plan": found.id, "reason": form.cleaned_data["why"]},
            )
            opened = dict(request.session.get(OPENED, {}))
            opened[str(found.pk)] = timezone.now().isoformat()
            request.session[OPENED] = opened
            return redirect("pathways:emergency_plan", found.pk)
    elif is_open(request, found):
        return render(
            request,
            "pathways/carers/emergency_plan.html",
            {
                "plan": found,
                "carer": found.carer,
                "is_old": found.is_old(timezone.localdate()),
                "sizes": [int(size) for size in PrintSize],
            },
        )
    else:
        form = OpenForm()
    return render(request, "pathways/carers/emergency_open.html", {"form": form, "plan": found})


@requires(Permission.EMERGENCY_OPEN)
@never_cache
@require_safe
def plan_sheet(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """On paper, for whoever goes there."""
    found = get_object_or_404(plans_in_use(), pk=plan_id)
    if not is_open(request, found):
        return redirect("pathways:emergency_plan", found.pk)
    return plan_answer(found, request)


def is_open(request: HttpRequest, plan: EmergencyPlan) -> bool:
    at = request.session.get(OPENED, {}).get(str(plan.pk))
    return at is not None and timezone.now() - datetime.fromisoformat(at) < STAYS_OPEN
