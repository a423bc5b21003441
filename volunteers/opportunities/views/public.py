"""What everybody sees: finding roles, a role's own page, the sheet."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dcsn.access import public
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import Rate, seconds_to_wait
from dcsn.printing import PaperColour, PrintSize, document_pdf, file_name, pdf_response
from directory.structured_data import absolute
from volunteers.models import Opportunity
from volunteers.opportunities.finding import find_roles, with_facts
from volunteers.opportunities.five import carried
from volunteers.opportunities.forms import RolesForm
from volunteers.opportunities.page import points_of_cards, roles_page
from volunteers.opportunities.sheet import sheet_of_roles
from volunteers.opportunities.words import address_of, card_of
from volunteers.states import OpportunityState

# As the directory's lists: for programs that never stop, not for a full reading room.
SHEETS_AT_ONCE = Rate(200, timedelta(minutes=10))


@public
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Everything is in the address: it can be shared, bookmarked and gone back to."""
    form = RolesForm(request.GET)
    page = roles_page(form, find_roles(form.role_query))
    return render(
        request,
        "volunteers/roles/roles.html",
        {"page": page, "form": form, "points": page.points, "sizes": list(PrintSize)},
    )


@public
@require_safe
def role(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    """One role. One that was filled or is over says so, for who followed an old link or a leaflet."""
    shown = (OpportunityState.OPEN, OpportunityState.FILLED, OpportunityState.DONE)
    row = get_object_or_404(
        with_facts(Opportunity.objects.filter(state__in=shown, organisation__published=True)),
        short_id=short_id,
    )
    if row.slug != slug:
        return redirect(address_of(row), permanent=True)
    card = card_of(row)
    others = with_facts(
        Opportunity.objects.public().filter(organisation=row.organisation_id).exclude(pk=row.pk)
    )[:5]
    return render(
        request,
        "volunteers/roles/role.html",
        {
            "card": card,
            "role": row,
            "others": [card_of(other) for other in others],
            "canonical": absolute(card.address),
            "points": points_of_cards([card]),
            "crumbs": [(_("Volunteering"), reverse("volunteers:roles"))],
            "carried": carried(request.GET),
        },
    )


@public
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The roles of the list that was asked for, on paper."""
    form = RolesForm(request.GET)
    wait = seconds_to_wait(
        request, "print roles", per_browser=SHEETS_AT_ONCE, per_address=SHEETS_AT_ONCE
    )
    if wait:
        return too_many_requests(request, retry_after=wait)
    size = PrintSize.read(request.GET.get("size"))
    paper = PaperColour.read(request.GET.get("paper"))
    document = sheet_of_roles(form.role_query, size=size, paper=paper)
    if document is None:
        return redirect(f"{reverse('volunteers:roles')}?{form.address()}")
    response = pdf_response(
        document_pdf(document), file_name(document.title, size=size, on=timezone.localdate())
    )
    response["X-Robots-Tag"] = "noindex"
    return response
