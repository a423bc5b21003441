"""The visit: when, by what the person knows who is at the door, its sheet; begun and finished."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize, file_name, pdf_response
from volunteers.access import coordinated_request_or_404
from volunteers.actions.help import begin_help, finish_help
from volunteers.actions.visits import agree_visit
from volunteers.events import VISIT_PRINTED
from volunteers.helping.forms import VisitForm
from volunteers.helping.sheet import visit_sheet
from volunteers.helping.views.board import page_of_one
from volunteers.models import HelpRequest, Visit
from volunteers.refusals import Refused
from volunteers.states import OfferState


@requires(Permission.HELP_COORDINATE)
@require_POST
def agree(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Agree a visit; agreed again for the same time, it changes the one."""
    found = coordinated_request_or_404(request.user, request_id)
    offer = found.offers.filter(state=OfferState.ACCEPTED).first()
    if offer is None:
        messages.warning(request, _("Both must have accepted first."))
        return redirect("volunteers:help_one", found.pk)
    form = VisitForm(request.POST)
    if not form.is_valid():
        return page_of_one(request, found, status=400, visit_form=form)
    try:
        agree_visit(
            offer=offer,
            span=form.span,
            watchword=form.cleaned_data["watchword"],
            card=form.cleaned_data["card"],
            by=request.user,
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The visit is agreed. Print its sheet for the person."))
    return redirect("volunteers:help_one", found.pk)


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_safe
def sheet(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    """The sheet for the person, in their size of print."""
    visit = get_object_or_404(
        Visit.objects.select_related(
            "offer__help_request__person", "offer__help_request__organisation"
        ).filter(
            cancelled_at=None,
            offer__help_request__in=HelpRequest.objects.coordinated_by(request.user),
        ),
        pk=visit_id,
    )
    asked = visit.offer.help_request
    size = PrintSize.read(request.GET.get("size"))
    pdf = visit_sheet(visit, size)
    with transaction.atomic():
        record(
            VISIT_PRINTED,
            by=request.user,
            subject=asked.person_id,
            organisation=asked.organisation_id,
            details={
                "visit": visit.pk,
                "offer": visit.offer_id,
                "help_request": asked.pk,
                "volunteer": visit.offer.volunteer_id,
            },
        )
        Visit.objects.filter(pk=visit.pk).update(printed_at=timezone.now())
    # The name of the file says nothing: it lies in a folder of downloads.
    return pdf_response(
        pdf, file_name(_("Sheet %(reference)s") % {"reference": asked.reference}, size=size,
                       on=timezone.localdate())
    )  # fmt: skip


@requires(Permission.HELP_COORDINATE)
@require_POST
def begin(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    found = coordinated_request_or_404(request.user, request_id)
    try:
        begin_help(help_request=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It has begun."))
    return redirect("volunteers:help_one", found.pk)


@requires(Permission.HELP_COORDINATE)
@require_POST
def finish(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    found = coordinated_request_or_404(request.user, request_id)
    try:
        finish_help(help_request=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is done. Thank the volunteer."))
    return redirect("volunteers:help_one", found.pk)
