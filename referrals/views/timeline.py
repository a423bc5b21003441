"""What has happened with somebody, for the access point that looks after them."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.privacy import all_ids_of
from members.access import person_or_404
from referrals.events import TIMELINE_VIEWED
from referrals.timeline import moments_of, say

PER_PAGE = 25


@requires(Permission.REFERRAL_VIEW)
@never_cache
@require_safe
def timeline(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Newest first, a page at a time."""
    person = person_or_404(request.user, Permission.REFERRAL_VIEW, person_id)
    rows = moments_of(request.user, person, all_ids_of(person.id))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    moments = [say(row) for row in page.object_list]
    record(TIMELINE_VIEWED, by=request.user, subject=person.id, organisation=person.organisation_id)
    return render(
        request,
        "referrals/timeline.html",
        {"person": person, "moments": moments, "page": page, "query": ""},
    )
