"""The coordinator's board: everybody they go with, and what is next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from pathways.models import Pathway


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def caseload(request: SignedInRequest) -> HttpResponse:
    rows = Pathway.objects.visible_to(request.user).open()
    return render(
        request,
        "pathways/caseload.html",
        {"pathways": rows.select_related("person", "kind", "stage")[:50]},
    )
