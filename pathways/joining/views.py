"""From an action of a plan to a volunteer or an organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from pathways.joining.actions import (
    ask_for_volunteer,
    link_help,
    link_referral,
    refer,
)
from pathways.joining.suggested import suggested_for
from pathways.models import Action, Pathway
from pathways.refusals import NotPossible, Refused
from referrals.models import Referral
from referrals.refusals import Refused as ReferralRefused
from volunteers.helping.forms import WhatForm
from volunteers.models import HelpRequest
from volunteers.refusals import Refused as HelpRefused

# Of what is there already, so many can be chosen.
SHOWN = 10


def _action_or_404(user: object, action_id: UUID) -> Action:
    return get_object_or_404(
        Action.objects.filter(plan__pathway__in=Pathway.objects.visible_to(user)).select_related(
            "plan__pathway__person", "plan__pathway__organisation", "service", "help_request"
        ),
        pk=action_id,
    )


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def volunteer(request: SignedInRequest, action_id: UUID) -> HttpResponse:
    """Ask for a volunteer, or see how that stands and whether somebody could help."""
    action = _action_or_404(request.user, action_id)
    pathway = action.plan.pathway
    asked = action.help_request
    theirs = HelpRequest.objects.visible_to(request.user).filter(person=pathway.person).open()
    if request.method == "POST" and "join" in request.POST:
        return _join(request, action, theirs)
    form = WhatForm(request.POST or None, initial={"what": action.words})
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_for_volunteer(
                action=action,
                kind=form.cleaned_data["kind"],
                what=form.cleaned_data["what"],
                key=form.cleaned_data["key"],
                by=request.user,
                **form.facts,
            )
        except (Refused, HelpRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("A volunteer is looked for: %(what)s.") % {"what": asked.reference}
            )
            return redirect("pathways:action_volunteer", action.pk)
    goes_on = asked is not None and not asked.is_final
    return render(
        request,
        "pathways/joining/volunteer.html",
        {
            "action": action,
            "pathway": pathway,
            "asked": asked,
            "form": None if goes_on else form,
            "there": [] if goes_on else list(theirs[:SHOWN]),
            "suggested": suggested_for(asked) if asked is not None and goes_on else None,
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: SignedInRequest, action_id: UUID) -> HttpResponse:
    """Begin a referral: whoever takes enquiries there goes on to the agreement at once."""
    action = _action_or_404(request.user, action_id)
    pathway = action.plan.pathway
    theirs = (
        Referral.objects.visible_to(request.user)
        .filter(person=pathway.person)
        .open()
        .select_related("owner", "service")
    )
    if request.method == "POST" and "join" in request.POST:
        return _join(request, action, theirs)
    if request.method == "POST":
        try:
            enquiry = refer(action=action, by=request.user, service=action.service)
        except (Refused, ReferralRefused) as refusal:
            messages.warning(request, str(refusal))
            return redirect(pathway)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return redirect(pathway)
        if can(request.user, Permission.ENQUIRY_TAKE, enquiry):
            if action.service is not None and enquiry.referrals.exists():
                return redirect("referrals:enquiry_consent", enquiry.pk)
            return redirect(enquiry)
        messages.success(
            request,
            _("%(hub)s has it on its list of today, as %(reference)s, and asks for the agreement.")
            % {"hub": pathway.organisation.name, "reference": enquiry.reference},
        )
        return redirect(pathway)
    return render(
        request,
        "pathways/joining/referral.html",
        {"action": action, "pathway": pathway, "there": list(theirs[:SHOWN])},
    )


def _join(request: SignedInRequest, action: Action, theirs: QuerySet[Any]) -> HttpResponse:
    """It is one that is there already."""
    chosen = str(request.POST["join"])
    row = next((one for one in theirs if str(one.pk) == chosen), None)
    try:
        if isinstance(row, Referral):
            link_referral(action=action, referral=row, by=request.user)
        elif row is not None:
            link_help(action=action, help_request=row, by=request.user)
        else:
            raise NotPossible(_("That is not there any more. Choose again."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The action is joined with it."))
    return redirect(action.plan.pathway)
