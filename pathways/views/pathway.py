"""The page of one pathway: who, with whom, how far, and what comes next."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from pathways.access import pathway_or_404
from pathways.events import PATHWAY_VIEWED
from pathways.page import sections_for


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def pathway(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    found = pathway_or_404(request.user, pathway_id)
    record(
        PATHWAY_VIEWED,
        by=request.user,
        subject=found.person_id,
        organisation=found.organisation_id,
        details={"pathway": found.id},
    )
    return render(
        request,
        "pathways/pathway.html",
        {"pathway": found, "sections": sections_for(request.user, found)},
    )
