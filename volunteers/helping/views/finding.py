"""Looking for volunteers, and asking one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from directory.models import Organisation
from volunteers.access import coordinated_request_or_404
from volunteers.actions.offers import make_offer
from volunteers.actions.suggesting import start_looking
from volunteers.booking import Span
from volunteers.helping.forms import OfferForm
from volunteers.helping.views.one import page_of_one
from volunteers.models import Volunteer
from volunteers.refusals import AlreadyBooked, Refused
from volunteers.states import OfferState


@requires(Permission.HELP_COORDINATE)
@require_POST
def look(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    """Start the search for all open requests of an organisation; its page shows how far it is."""
    organisation = get_object_or_404(Organisation, pk=organisation_id)
    try:
        job = start_looking(organisation=organisation, by=request.user)
    except PermissionDenied:
        raise Http404 from None
    return redirect(job)


@requires(Permission.HELP_COORDINATE)
@require_POST
def offer(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Ask the one who was chosen; those who are ticked are asked next, in the order of their rank."""
    found = coordinated_request_or_404(request.user, request_id)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return page_of_one(request, found, status=422, offer_form=form)
    rows = {
        str(row.volunteer_id): row
        for row in found.offers.filter(state=OfferState.SUGGESTED)
        .select_related("volunteer")
        .order_by("rank", "id")
    }
    first = rows.get(str(form.cleaned_data["first"]))
    if first is None:
        form.add_error("first", _("This volunteer is no longer suggested. Choose another"))
        return page_of_one(request, found, status=422, offer_form=form)
    ticked = set(request.POST.getlist("next"))
    chosen: list[Volunteer] = [first.volunteer]
    chosen += [row.volunteer for key, row in rows.items() if key in ticked and row != first]
    span = Span(first.starts_at, first.ends_at) if first.starts_at and first.ends_at else None
    try:
        asked = make_offer(
            help_request=found,
            volunteers=chosen,
            by=request.user,
            span=span,
            override_reason=form.cleaned_data["override_reason"],
        )
    except AlreadyBooked as refusal:
        form.add_error("override_reason", str(refusal))
        return page_of_one(request, found, status=409, offer_form=form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page_of_one(request, found, status=409, offer_form=form)
    messages.success(
        request,
        _("They are asked, and have until %(when)s to answer.")
        % {"when": date_format(asked.lapses_at, "l j F") if asked.lapses_at else ""},
    )
    return redirect("volunteers:help_one", found.pk)
