"""What must be known about somebody for safety."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from members.access import person_or_404
from members.actions.safety import end_flag, review_flag, set_flag
from members.events import FLAGS_VIEWED
from members.forms.safety import EndFlagForm, KeepFlagForm, SafetyFlagForm
from members.models import Person, SafetyFlag
from members.refusals import Refused

REVIEWED_AFTER = timedelta(days=91)
HOLDS = timedelta(days=182)


def _person(request: SignedInRequest, person_id: UUID) -> Person:
    return person_or_404(request.user, Permission.SAFETY_FLAG_CHANGE, person_id)


def _note_look(request: SignedInRequest, found: Person) -> None:
    record(FLAGS_VIEWED, by=request.user, subject=found.id, organisation=found.organisation_id)


@requires(Permission.SAFETY_FLAG_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flags(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """All flags of a person, those that are over too; one more."""
    found = _person(request, person_id)
    today = timezone.localdate()
    form = SafetyFlagForm(
        request.POST or None,
        initial={"review_on": today + REVIEWED_AFTER, "expires_on": today + HOLDS},
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_flag(person=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is noted."))
            return redirect("members:person_flags", found.id)
    if request.method != "POST":
        _note_look(request, found)
    every = list(SafetyFlag.objects.shown_to(request.user, found))
    return render(
        request,
        "members/desk/person_flags.html",
        {
            "person": found,
            "form": form,
            "now": [f for f in every if f.ended_at is None and f.expires_on >= today],
            "over": [f for f in every if f.ended_at is not None or f.expires_on < today],
            "today": today,
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.SAFETY_FLAG_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: SignedInRequest, person_id: UUID, flag_id: UUID) -> HttpResponse:
    """Look at one again: keep it on, or take it off."""
    found = _person(request, person_id)
    one = get_object_or_404(
        SafetyFlag.objects.shown_to(request.user, found).filter(ended_at=None), pk=flag_id
    )
    ending = "why_ended" in request.POST
    today = timezone.localdate()
    keep = KeepFlagForm(
        request.POST if request.method == "POST" and not ending else None,
        initial={
            "what_to_do": one.what_to_do,
            "review_on": today + REVIEWED_AFTER,
            "expires_on": today + HOLDS,
        },
    )
    end = EndFlagForm(request.POST if ending else None)
    try:
        if keep.is_bound and keep.is_valid():
            review_flag(
                flag=one,
                what_to_do=keep.cleaned_data["what_to_do"],
                review_on=keep.cleaned_data["review_on"],
                expires_on=keep.cleaned_data["expires_on"],
                by=request.user,
            )
            messages.success(request, _("It is kept on."))
            return redirect("members:person_flags", found.id)
        if end.is_bound and end.is_valid():
            end_flag(flag=one, why=end.cleaned_data["why_ended"], by=request.user)
            messages.success(request, _("It is taken off."))
            return redirect("members:person_flags", found.id)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("members:person_flags", found.id)
    if request.method != "POST":
        _note_look(request, found)
    return render(
        request,
        "members/desk/person_flag.html",
        {"person": found, "flag": one, "keep": keep, "end": end},
        status=422 if keep.errors or end.errors else 200,
    )
