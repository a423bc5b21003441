"""Whose volunteer somebody is: places in roles, organisations that see them, policies, whom never to meet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from volunteers.access import not_own_or_404, volunteer_or_404
from volunteers.actions.applications import (
    MAY_BE_PLACED,
    end_application,
    place_volunteer,
)
from volunteers.actions.locks import places_to_come
from volunteers.actions.not_with import keep_apart, lift_keep_apart
from volunteers.actions.policies import agree_policy
from volunteers.actions.standing import end_standing, share_volunteer
from volunteers.becoming.forms.standing import NotWithForm, PoliciesForm, ShareForm
from volunteers.becoming.policies import policies_for
from volunteers.events import VOLUNTEER_VIEWED
from volunteers.models import Application, NotWith, ShiftPlace, Volunteer, VolunteerPlace
from volunteers.refusals import Refused
from volunteers.rules import Task, may_be_contacted, reasons_against


def viewed(request: SignedInRequest, volunteer: Volunteer) -> None:
    record(
        VOLUNTEER_VIEWED,
        by=request.user,
        subject=volunteer.person_id,
        organisation=volunteer.organisation_id,
        details={"volunteer": volunteer.pk},
    )


# --- A place in a role --------------------------------------------------------------------------------


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: SignedInRequest, application_id: UUID) -> HttpResponse:
    """What stands in the way of a place, in words; and the place itself."""
    row = get_object_or_404(
        Application.objects.visible_to(request.user).select_related(
            "volunteer__person", "volunteer__organisation", "opportunity__organisation"
        ),
        pk=application_id,
        volunteer__anonymised_at=None,
    )
    # The role is theirs; the volunteer must be too.
    who = volunteer_or_404(request.user, row.volunteer_id)
    problem = ""
    if request.method == "POST":
        try:
            if "place" in request.POST:
                place_volunteer(application=row, by=request.user)
                messages.success(request, _("They have a place."))
            elif "end" in request.POST:
                end_application(application=row, by=request.user)
                messages.success(request, _("It is written down, and the place is free."))
        except Refused as refusal:
            problem = str(refusal)
        else:
            return redirect("volunteers:desk_application", row.pk)
    viewed(request, who)
    waiting = row.outcome == Application.Outcome.WAITING
    task = Task.of_opportunity(row.opportunity)
    return render(
        request,
        "volunteers/becoming/application.html",
        {
            "application": row,
            "row": who,
            "waiting": waiting,
            "placed": row.outcome == Application.Outcome.PLACED,
            "against": reasons_against(who, task, states=MAY_BE_PLACED) if waiting else [],
            "taken": row.opportunity.applications.filter(outcome="placed").count(),
            "to_come": places_to_come(who, row.opportunity)
            .filter(state=ShiftPlace.State.CONFIRMED, shift__cancelled_at=None)
            .count(),
            "problem": problem,
        },
        status=422 if problem else 200,
    )


# --- Organisations ------------------------------------------------------------------------------------


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Who sees this volunteer; one more because they agreed, or one no longer."""
    row = volunteer_or_404(request.user, volunteer_id)
    here = row.standings.current().select_related("organisation")
    may_end = [one.pk for one in here if _may_end(request.user, one)]
    if request.method == "POST" and "end" in request.POST:
        ending = next((one for one in here if str(one.pk) == request.POST["end"]), None)
        if ending is not None and ending.pk in may_end:
            try:
                end_standing(volunteer=row, organisation=ending.organisation, by=request.user)
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, _("They no longer see this volunteer."))
        if Volunteer.objects.visible_to(request.user).filter(pk=row.pk).exists():
            return redirect("volunteers:desk_share", row.pk)
        return redirect("volunteers:board")
    form = ShareForm(request.POST or None, volunteer=row)
    if request.method == "POST" and form.is_valid():
        try:
            share_volunteer(volunteer=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("They may now see this volunteer."))
            return redirect("volunteers:desk_share", row.pk)
    viewed(request, row)
    return render(
        request,
        "volunteers/becoming/share.html",
        {
            "row": row,
            "form": form,
            "standings": here,
            "may_end": may_end,
            "may_be_contacted": may_be_contacted(row),
        },
        status=422 if form.errors else 200,
    )


def _may_end(user: Any, place: VolunteerPlace) -> bool:
    """One's own organisation's; and what somebody agreed to, which they may take back at any desk."""
    scope = scope_of_permission(user, Permission.VOLUNTEER_MANAGE)
    return bool(
        scope.network
        or place.organisation_id in scope.organisations
        or place.standing == VolunteerPlace.Standing.SHARED
    )


# --- With whom never ----------------------------------------------------------------------------------


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def not_with(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """The list that neither of the two is told of."""
    row = not_own_or_404(request.user, volunteer_id)
    rows = NotWith.objects.filter(volunteer=row).select_related("person").order_by("-at")
    if request.method == "POST" and "lift" in request.POST:
        lifted = next((one for one in rows if str(one.pk) == request.POST["lift"]), None)
        if lifted is not None:
            lift_keep_apart(row=lifted, by=request.user)
            messages.success(request, _("They are off the list."))
        return redirect("volunteers:desk_not_with", row.pk)
    form = NotWithForm(request.POST or None, user=request.user, volunteer=row)
    if request.method == "POST" and form.is_valid():
        keep_apart(
            volunteer=row,
            person=form.person,
            said_by=form.cleaned_data["said_by"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        messages.success(request, _("They are not suggested for each other any more."))
        return redirect("volunteers:desk_not_with", row.pk)
    viewed(request, row)
    return render(
        request,
        "volunteers/becoming/not_with.html",
        {"row": row, "form": form, "rows": rows},
        status=422 if form.errors else 200,
    )


# --- Policies -----------------------------------------------------------------------------------------


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """What they agreed to, by version; and what is in force and they have not."""
    row = volunteer_or_404(request.user, volunteer_id)
    missing = policies_for(row)
    form = PoliciesForm(request.POST or None, policies=missing) if missing else None
    if request.method == "POST" and form is not None and form.is_valid():
        for policy in form.cleaned_data["policies"]:
            agree_policy(
                volunteer=row, policy=policy, how=form.cleaned_data["how"], by=request.user
            )
        messages.success(request, _("It is written down."))
        return redirect("volunteers:desk_policies", row.pk)
    viewed(request, row)
    return render(
        request,
        "volunteers/becoming/policies.html",
        {
            "row": row,
            "form": form,
            "agreements": row.agreements.select_related("policy__organisation"),
        },
        status=422 if form is not None and form.errors else 200,
    )
