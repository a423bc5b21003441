"""At the desk: what is known of a volunteer, a parent's answer, and when there is nothing for them (yet)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from volunteers.access import not_own_or_404, volunteer_or_404
from volunteers.actions.known import change_volunteer
from volunteers.actions.next_steps import set_next_step
from volunteers.actions.parents import answer_as_parent
from volunteers.actions.volunteers import latest_step, move_volunteer
from volunteers.becoming.forms.known import KnownForm
from volunteers.becoming.forms.standing import (
    AskParentForm,
    NothingYetForm,
    NotSuitableForm,
    ParentAnswerForm,
)
from volunteers.becoming.telling import tell_nothing_yet
from volunteers.becoming.views.standing import viewed
from volunteers.models import Application, NextStep, ParentConfirmation, Volunteer
from volunteers.opportunities.applying import ask_for_parent
from volunteers.refusals import Refused
from volunteers.rules import may_be_contacted
from volunteers.states import UNPLACED, VOLUNTEER, Party, VolunteerState, allowed


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def known(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """What they like, when they are free, how they get about."""
    row = volunteer_or_404(request.user, volunteer_id)
    form = KnownForm(request.POST or None, volunteer=row)
    if request.method == "POST" and form.is_valid():
        try:
            change_volunteer(volunteer=row, by=request.user, **form.changes)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("volunteers:desk_volunteer", row.pk)
    viewed(request, row)
    return render(
        request,
        "volunteers/becoming/known.html",
        {"row": row, "form": form},
        status=422 if form.errors else 200,
    )


# --- A parent -----------------------------------------------------------------------------------------


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def parent(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Ring the parent and write down what they say; or ask another one."""
    row = volunteer_or_404(request.user, volunteer_id)
    asked = ParentConfirmation.objects.filter(volunteer=row).first()
    answered = asked is not None and (asked.confirmed_at or asked.refused_at) is not None
    data = request.POST if request.method == "POST" else None
    what = data.get("what", "") if data is not None else ""
    answer = (
        ParentAnswerForm(data if what == "answer" else None)
        if asked is not None and not answered
        else None
    )
    ask = AskParentForm(
        data if what == "ask" else None,
        initial={"name": asked.name, "email": asked.email, "phone": asked.phone} if asked else None,
    )
    form = answer if what == "answer" else ask if what == "ask" else None
    if form is not None and form.is_valid():
        try:
            _write_parent(row, asked, what, form.cleaned_data, request)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("volunteers:desk_parent", row.pk)
    viewed(request, row)
    return render(
        request,
        "volunteers/becoming/parent.html",
        {
            "row": row,
            "asked": asked,
            "answer": answer,
            "ask": ask,
            "form": form,
            "needed": row.needs_parent(timezone.localdate()),
        },
        status=422 if request.method == "POST" else 200,
    )


def _write_parent(
    row: Volunteer,
    asked: ParentConfirmation | None,
    what: str,
    typed: dict[str, Any],
    request: SignedInRequest,
) -> None:
    if what == "answer" and asked is not None:
        answer_as_parent(confirmation=asked, yes=typed["answer"] == "yes", by=request.user)
        messages.success(request, _("What the parent says is written down."))
        return
    latest = Application.objects.filter(volunteer=row).order_by("-applied_at").first()
    ask_for_parent(
        volunteer=row,
        role=latest.opportunity if latest else None,
        name=typed["name"],
        email=typed["email"],
        phone=typed["phone"],
        by=request.user,
    )
    if typed["email"]:
        messages.success(request, _("The parent is sent a link to answer by."))
    else:
        messages.success(request, _("Written down. Ring the parent, and write their answer here."))


# --- Nothing for them, or not yet ---------------------------------------------------------------------


@requires(Permission.VOLUNTEER_CHECK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def not_suitable(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Seldom: they cannot volunteer. The reason is read only by those who handle checks."""
    row = not_own_or_404(request.user, volunteer_id)
    possible = VolunteerState.NOT_SUITABLE in allowed(VOLUNTEER, row.state, Party.STAFF)
    form = NotSuitableForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            move_volunteer(
                volunteer=row,
                to=VolunteerState.NOT_SUITABLE,
                by=request.user,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down. Tell them yourself, and kindly."))
            return redirect("volunteers:desk_not_suitable", row.pk)
    viewed(request, row)
    reasons = [
        (change, *change.why_for(request.user))
        for change in row.changes.all()
        if change.is_restricted
    ]
    return render(
        request,
        "volunteers/becoming/not_suitable.html",
        {"row": row, "form": form, "possible": possible, "reasons": reasons},
        status=422 if form.errors else 200,
    )


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nothing_yet(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Tell them that nothing was found yet, and by when they hear again; that day becomes the next step."""
    row = volunteer_or_404(request.user, volunteer_id)
    form = NothingYetForm(request.POST or None, latest=latest_step())
    waits = row.state in UNPLACED
    contacted = may_be_contacted(row)
    if request.method == "POST" and waits and contacted and form.is_valid():
        day = form.cleaned_data["due_on"]
        with transaction.atomic():
            step = set_next_step(
                volunteer=row, what=NextStep.What.FIRST_TASK, due_on=day, by=request.user
            )
            told = tell_nothing_yet(row, step, by=request.user)
        if told:
            messages.success(request, _("They are told, and hear again by then."))
        else:
            messages.warning(
                request,
                _("Ring them: tell them that they hear from us again by %(day)s.")
                % {"day": date_format(day, "l j F")},
            )
        return redirect("volunteers:desk_volunteer", row.pk)
    return render(
        request,
        "volunteers/becoming/nothing_yet.html",
        {"row": row, "form": form, "waits": waits, "may_be_contacted": contacted},
        status=422 if form.errors else 200,
    )
