"""What becomes of a request: a volunteer's task, somebody else's, nobody found, no longer needed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from volunteers.access import coordinated_request_or_404
from volunteers.actions.help import (
    cancel_help_request,
    leave_unfilled,
    pass_on,
    triage,
)
from volunteers.helping.forms import (
    CANCEL_REASONS,
    UNFILLED_REASONS,
    PassOnForm,
    ReasonForm,
    TriageForm,
)
from volunteers.helping.telling import tell_how_it_stands, tell_passed_on
from volunteers.helping.words import words_for_passed_on
from volunteers.models import HelpRequest
from volunteers.refusals import Refused


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def triage_page(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """It is a volunteer's task: what it takes."""
    found = coordinated_request_or_404(request.user, request_id)
    names = (
        "minutes checks_needed dbs_level minimum_age needs_driver from_home gender_preference "
        "preference_reason version"
    )
    known = {name: getattr(found, name) for name in names.split()}
    form = TriageForm(request.POST or None, initial={**known, "interests": found.interests.all()})
    if request.method == "POST" and form.is_valid():
        try:
            triage(help_request=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Next: look for volunteers, and ask one."))
            return redirect("volunteers:help_one", found.pk)
    return render(request, "volunteers/helping/triage.html", {"one": found, "form": form})


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on_page(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Not a volunteer's task: to whom it goes, and what the person is told."""
    found = coordinated_request_or_404(request.user, request_id)
    form = PassOnForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                moved = pass_on(help_request=found, by=request.user, **form.cleaned_data)
                told = tell_passed_on(moved, words_for_passed_on(moved.passed_to), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("It is passed on, and the person is written to.")
                if told
                else _("It is passed on. Ring the person now: the words are below."),
            )
            return redirect("volunteers:help_one", found.pk)
    return render(
        request,
        "volunteers/helping/pass_on.html",
        {
            "one": found,
            "form": form,
            "words": [
                (label, words_for_passed_on(value)) for value, label in HelpRequest.PassedTo.choices
            ],
        },
    )


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unfilled(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Nobody is found for now: the person is told, and a day is set."""
    found = coordinated_request_or_404(request.user, request_id)
    form = ReasonForm(request.POST or None, reasons=UNFILLED_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                moved = leave_unfilled(help_request=found, by=request.user, **form.cleaned_data)
                told = tell_how_it_stands(moved, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Written down, and the person is written to.")
                if told
                else _("Written down. Please ring the person and tell them."),
            )
            return redirect("volunteers:help_one", found.pk)
    return render(
        request,
        "volunteers/helping/reason.html",
        {"one": found, "form": form, "title": _("Nobody was found"), "button": _("Write it down")},
    )


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    found = coordinated_request_or_404(request.user, request_id)
    form = ReasonForm(request.POST or None, reasons=CANCEL_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_help_request(help_request=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is cancelled. Whoever was asked is let go."))
            return redirect("volunteers:help_one", found.pk)
    return render(
        request,
        "volunteers/helping/reason.html",
        {
            "one": found,
            "form": form,
            "title": _("It is no longer needed"),
            "button": _("Cancel the request"),
        },
    )
