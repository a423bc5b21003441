"""How somebody is: asked and written down by the coordinator, seen by both."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from pathways.access import own_person_or_404, pathway_or_404
from pathways.events import OUTCOMES_VIEWED
from pathways.models import Pathway
from pathways.outcomes import ons4
from pathways.outcomes.forms import SittingForm
from pathways.outcomes.history import history_of
from pathways.outcomes.recording import goals_to_ask, record_sitting
from pathways.refusals import Refused


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def outcomes(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """All that they answered, as a picture and in a table."""
    pathway = pathway_or_404(request.user, pathway_id)
    _seen(request, pathway)
    return render(
        request,
        "pathways/outcomes/outcomes.html",
        {"pathway": pathway, "history": history_of(pathway), "source": ons4.SOURCE},
    )


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """Read the questions out, write the answers down."""
    pathway = pathway_or_404(request.user, pathway_id)
    goals = goals_to_ask(pathway)
    form = SittingForm(
        request.POST if request.method == "POST" else None,
        goals=goals,
        initial={"taken_on": timezone.localdate(), "key": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_sitting(
                pathway=pathway,
                by=request.user,
                taken_on=form.cleaned_data["taken_on"],
                key=form.cleaned_data["key"],
                **form.said,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down."))
            return redirect("pathways:outcomes", pathway.id)
    _seen(request, pathway)
    return render(
        request,
        "pathways/outcomes/ask.html",
        {"pathway": pathway, "form": form, "before": ons4.BEFORE, "source": ons4.SOURCE},
    )


@signed_in
@never_cache
@require_safe
def my_outcomes(request: HttpRequest) -> HttpResponse:
    """A person's own answers; nobody else's are ever here."""
    person = own_person_or_404(request)
    pathways = Pathway.objects.filter(person=person).select_related("kind").order_by("-started_on")
    return render(
        request,
        "pathways/outcomes/mine.html",
        {
            "person": person,
            "source": ons4.SOURCE,
            "histories": [
                (pathway, history) for pathway in pathways if (history := history_of(pathway)).count
            ],
        },
    )


def _seen(request: SignedInRequest, pathway: Pathway) -> None:
    record(
        OUTCOMES_VIEWED,
        by=request.user,
        subject=pathway.person_id,
        organisation=pathway.organisation_id,
        details={"pathway": pathway.id},
    )
