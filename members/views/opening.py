"""Opening a record by giving a reason, and the list of those that were opened."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from members.access import Standing, opening_of, person_to_open_or_404
from members.actions.opening import open_record
from members.events import OPENINGS_LISTED
from members.finding import MaskedMatch
from members.forms.finding import OpenForm
from members.models import Opening, Person

PER_PAGE = 25


@requires(Permission.PERSON_OPEN_ELSEWHERE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_person(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Ask why; then the record is open until the end of the day."""
    person, standing = person_to_open_or_404(request.user, person_id)
    address = _next(request, person)
    if standing is Standing.NEAR or opening_of(request.user, person) is not None:
        return HttpResponseRedirect(address)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            open_record(person=person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The record is open to you until midnight."))
            return HttpResponseRedirect(address)
    return render(
        request,
        "members/desk/person_open.html",
        {
            "form": form,
            "masked": MaskedMatch.of(person),
            # Roles of the whole network saw the name in their list.
            "person": person if standing is Standing.NETWORK else None,
            "next": request.POST.get("next") or request.GET.get("next", ""),
        },
    )


def _next(request: SignedInRequest, person: Person) -> str:
    """Where they were going, if it is a page of this portal; else the record."""
    address = request.POST.get("next") or request.GET.get("next", "")
    if address and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return person.get_absolute_url()


@requires(Permission.OPENING_LIST)
@never_cache
@require_safe
def openings(request: SignedInRequest) -> HttpResponse:
    """For a hub lead: records of their own people that others opened, and what their staff opened."""
    page = Paginator(Opening.objects.for_lead(request.user), PER_PAGE).get_page(
        request.GET.get("page")
    )
    listed = list(page.object_list)
    if listed:
        record(
            OPENINGS_LISTED,
            by=request.user,
            details={"people": sorted({opening.person_id for opening in listed}, key=str)},
        )
    return render(
        request,
        "members/desk/openings.html",
        {"page": page, "rows": [_row(request, opening) for opening in listed], "query": ""},
    )


def _row(request: SignedInRequest, opening: Opening) -> dict[str, object]:
    """A name only where the lead may see it: another access point's person stays masked."""
    return {
        "opening": opening,
        "masked": MaskedMatch.of(opening.person),
        "may_see": can(request.user, Permission.PERSON_VIEW, opening.person),
    }
