"""Asking for a volunteer's help: on the website without an account, and at the desk from a person's page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, public, requires
from dcsn.access.requests import SignedInRequest
from dcsn.limits.rates import limited
from members import tokens
from members.access import person_or_404
from volunteers.actions.help import ask_for_help
from volunteers.helping.asking import take_from_web
from volunteers.helping.centre import centre
from volunteers.helping.forms import DeskForm, WebForm
from volunteers.refusals import Refused

SENT = "help_asked"


@public
@limited("help from a volunteer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Whatever is wrong, what was typed stays in the boxes."""
    organisation = centre()
    form = WebForm(request.POST or None)
    if request.method == "POST" and organisation is not None and form.is_valid():
        try:
            asked = take_from_web(form=form, organisation=organisation)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            # On a shared computer the next page must tell no more than the reference.
            request.session[SENT] = {
                "reference": asked.reference,
                "by": asked.follow_up_on.isoformat() if asked.follow_up_on else "",
            }
            return redirect("volunteers:ask_help_sent")
    return render(
        request, "volunteers/helping/ask.html", {"form": form, "nobody": organisation is None}
    )


@public
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """That we have it; a reload says the same and sends nothing."""
    said = request.session.get(SENT)
    if said is None:
        return redirect("volunteers:ask_help")
    return render(
        request,
        "volunteers/helping/sent.html",
        {
            "reference": said["reference"],
            "until": date.fromisoformat(said["by"]) if said["by"] else None,
        },
    )


@requires(Permission.HELP_TAKE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Somebody at the desk or on the phone asks: written down from their page."""
    person = person_or_404(request.user, Permission.HELP_TAKE, person_id)
    left = tokens.left(person) if tokens.are_on() else 0
    form = DeskForm(request.POST or None, tokens=left)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_for_help(
                person=person,
                organisation=centre() or person.organisation,
                taken_at=person.organisation,
                kind=form.cleaned_data["kind"],
                what=form.cleaned_data["what"],
                channel=form.cleaned_data["channel"],
                key=form.cleaned_data["key"],
                by=request.user,
                **form.facts,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Written down as %(reference)s. Tell them: they hear from us by %(day)s.")
                % {
                    "reference": asked.reference,
                    "day": date_format(asked.follow_up_on, "l j F") if asked.follow_up_on else "",
                },
            )
            return redirect(person)
    return render(request, "volunteers/helping/ask_for.html", {"form": form, "person": person})
