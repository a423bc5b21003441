"""From an action of a plan to a volunteer or an organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from pathways.joining.actions import ask_for_volunteer, refer
from pathways.joining.suggested import suggested_for
from pathways.models import Action, Pathway
from pathways.refusals import Refused
from referrals.refusals import Refused as ReferralRefused
from volunteers.helping.forms import WhatForm
from volunteers.refusals import Refused as HelpRefused


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
    return render(request, "pathways/joining/referral.html", {"action": action, "pathway": pathway})
