"""A carer's own page: what they said, their card, and their emergency plan."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.printing import PrintSize
from members.joining.mine import my_membership
from members.models import Person
from members.own_page import own_person
from members.refusals import Refused as MembersRefused
from pathways.actions.carers import first_stage, write_emergency_plan
from pathways.carers.forms import EmergencyPlanForm, KnownForm
from pathways.carers.taking import CARER_FORM
from pathways.carers.views.public import plan_answer, wallet_answer
from pathways.models import CarerAssessment, EmergencyPlan
from pathways.refusals import ChangedMeanwhile, Refused

View = Callable[..., HttpResponse]


def for_the_carer(view: View) -> View:
    """Hand the view the person; everybody else is shown what carers get."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        person = own_person(request)
        if person is None:
            return redirect("pathways:carers")
        return view(request, person, *arguments, **named)

    return wrapper


def _own_plan(person: Person) -> EmergencyPlan:
    plan = (
        EmergencyPlan.objects.filter(carer=person).select_related("carer", "organisation").first()
    )
    if plan is None:
        raise Http404
    return plan


@public
@never_cache
@require_safe
@for_the_carer
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    return render(
        request,
        "pathways/carers/mine.html",
        {
            "person": person,
            "assessments": CarerAssessment.objects.filter(carer=person).select_related(
                "organisation"
            ),
            "plan": EmergencyPlan.objects.filter(carer=person).first(),
            "my": my_membership(person),
            "sizes": [int(size) for size in PrintSize],
        },
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_the_carer
def first(request: HttpRequest, person: Person) -> HttpResponse:
    """The first stage of somebody whom the portal knows: who they are is not asked again."""
    form = KnownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            first_stage(
                person=person,
                organisation=person.organisation,
                said=form.said(),
                key=form.cleaned_data["key"],
                by=CARER_FORM,
            )
        except (Refused, MembersRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. Your card and your emergency plan are below."))
            return redirect("pathways:my_caring")
    return render(
        request,
        "pathways/carers/first.html",
        {"form": form, "own": True},
        status=422 if form.errors else 200,
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_the_carer
def plan(request: HttpRequest, person: Person) -> HttpResponse:
    """Change one's emergency plan."""
    own = _own_plan(person)
    return change_plan(
        request, own, by=CARER_FORM, back="pathways:my_caring", arguments=(), own=True
    )


def change_plan(
    request: HttpRequest,
    plan: EmergencyPlan,
    *,
    by: Any,
    back: str,
    arguments: tuple[Any, ...],
    own: bool = False,
) -> HttpResponse:
    """The same form for the carer and for staff: two at once both keep what they typed."""
    form = EmergencyPlanForm(
        request.POST or None,
        initial={
            "ring_first": plan.ring_first,
            "who_is_cared_for": plan.who_is_cared_for,
            "must_know": plan.must_know,
            "where_things_are": plan.where_things_are,
            "version": plan.version,
        },
    )
    now = None
    if request.method == "POST" and form.is_valid():
        try:
            write_emergency_plan(
                plan=plan, words=form.words, version=form.cleaned_data["version"], by=by
            )
        except ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            # Sent again with the version that is shown now, the other's words having been read.
            now = EmergencyPlan.objects.get(pk=plan.pk)
            again = request.POST.copy()
            again["version"] = str(now.version)
            form.data = again
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The emergency plan is saved."))
            return redirect(back, *arguments)
    return render(
        request,
        "pathways/carers/plan.html",
        {"form": form, "plan": plan, "now": now, "own": own, "back": back},
        status=422 if form.errors else 200,
    )


@public
@never_cache
@require_safe
@for_the_carer
def plan_pdf(request: HttpRequest, person: Person) -> HttpResponse:
    return plan_answer(_own_plan(person), request)


@public
@never_cache
@require_safe
@for_the_carer
def wallet_pdf(request: HttpRequest, person: Person) -> HttpResponse:
    return wallet_answer(_own_plan(person))
