"""The visit: when, by what the person knows who is at the door, its sheet; begun and finished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize, file_name, pdf_response
from members.models import Person
from volunteers.access import coordinated_request_or_404
from volunteers.actions.afterwards import record_how_it_went, settle_not_helped
from volunteers.actions.help import begin_help, finish_help
from volunteers.actions.visits import agree_visits, cancel_visit, move_visit, record_visit
from volunteers.booking import LONDON, Span, occurrences
from volunteers.events import HELP_VIEWED, VISIT_PRINTED
from volunteers.helping.sheet import visit_sheet
from volunteers.helping.telling import tell_of_visits
from volunteers.helping.views.one import page_of_one
from volunteers.helping.visit_forms import HowForm, MoveForm, VisitForm
from volunteers.models import Repeats, Visit
from volunteers.refusals import AlreadyBooked, Refused
from volunteers.states import OfferState

# As many as were asked for are laid out, however far ahead.
FAR_AHEAD = datetime(9000, 1, 1, tzinfo=LONDON)


@requires(Permission.HELP_COORDINATE)
@require_POST
def agree(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Agree a visit, or several of help that comes again; agreed again for the same time, it changes the
    one. Both sides are told, or somebody is told to ring them."""
    found = coordinated_request_or_404(request.user, request_id)
    offer = found.offers.filter(state=OfferState.ACCEPTED).select_related("volunteer").first()
    if offer is None:
        messages.warning(request, _("Both must have accepted first."))
        return redirect("volunteers:help_one", found.pk)
    form = VisitForm(request.POST, series=found.repeats != Repeats.ONCE)
    if not form.is_valid():
        return page_of_one(request, found, status=422, visit_form=form)
    number = form.cleaned_data.get("visits", 1)
    try:
        with transaction.atomic():
            agreed = agree_visits(
                offer=offer,
                spans=list(islice(occurrences(form.span, found.repeats, FAR_AHEAD), number)),
                watchword=form.cleaned_data["watchword"],
                card=form.cleaned_data["card"],
                override_reason=form.cleaned_data["override_reason"],
                by=request.user,
            )
            to_ring = tell_of_visits(agreed[0], by=request.user)
    except AlreadyBooked as refusal:
        form.add_error("override_reason", str(refusal))
        return page_of_one(request, found, status=409, visit_form=form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page_of_one(request, found, status=409, visit_form=form)
    said = ngettext(
        "The visit is agreed. Print its sheet for the person.",
        "%(count)d visits are agreed. Print their sheets for the person.",
        len(agreed),
    ) % {"count": len(agreed)}
    say_and_whom_to_ring(request, said, to_ring)
    return redirect("volunteers:help_one", found.pk)


def say_and_whom_to_ring(request: SignedInRequest, said: str, to_ring: Sequence[Person]) -> None:
    """What was done; and whom to ring, since no message goes to them."""
    messages.success(request, said)
    if to_ring:
        messages.warning(
            request,
            _("No message goes to them, so ring: %(names)s.")
            % {"names": ", ".join(f"{one.name} {one.phone}".strip() for one in to_ring)},
        )


def visit_or_404(request: SignedInRequest, visit_id: UUID) -> Visit:
    return get_object_or_404(
        Visit.objects.visible_to(request.user).select_related(
            "offer__help_request__person",
            "offer__help_request__organisation",
            "offer__volunteer__person",
        ),
        pk=visit_id,
    )


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    """One visit: move it, cancel it, say what became of it."""
    visit = visit_or_404(request, visit_id)
    asked = visit.offer.help_request
    form = MoveForm(request.POST or None, initial=_now_at(visit))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                moved = move_visit(
                    visit=visit,
                    span=form.span,
                    seen=form.cleaned_data["seen"],
                    override_reason=form.cleaned_data["override_reason"],
                    by=request.user,
                )
                to_ring = tell_of_visits(moved, by=request.user) if moved.moved_at else []
        except AlreadyBooked as refusal:
            form.add_error("override_reason", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            say_and_whom_to_ring(request, _("The visit is moved. Print its sheet anew."), to_ring)
            return redirect("volunteers:help_one", asked.pk)
    visit.refresh_from_db(fields=["starts_at", "ends_at", "outcome", "cancelled_at"])
    record(
        HELP_VIEWED,
        by=request.user,
        subject=asked.person_id,
        organisation=asked.organisation_id,
        details={"help_request": asked.pk},
    )
    return render(
        request,
        "volunteers/helping/visit.html",
        {
            "visit": visit,
            "one": asked,
            "form": form,
            "volunteer": visit.offer.volunteer.person,
            "begun": visit.starts_at <= timezone.now(),
            "live": visit.offer.state == OfferState.ACCEPTED and visit.cancelled_at is None,
        },
        status=409 if form.is_bound and form.errors else 200,
    )


def _now_at(visit: Visit) -> dict[str, Any]:
    start = timezone.localtime(visit.starts_at)
    return {
        "day": start.date(),
        "time": start.time(),
        "minutes": Span(visit.starts_at, visit.ends_at).minutes,
        "seen": visit.starts_at.isoformat(),
    }


@requires(Permission.HELP_COORDINATE)
@require_POST
def cancel(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    """It does not take place; what was agreed between the two stands."""
    visit = visit_or_404(request, visit_id)
    to_ring: list[Person] = []
    try:
        with transaction.atomic():
            gone = cancel_visit(visit=visit, by=request.user)
            gone.offer = visit.offer
            to_ring = tell_of_visits(gone, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        say_and_whom_to_ring(request, _("The visit is cancelled."), to_ring)
    return redirect("volunteers:help_one", visit.offer.help_request_id)


@requires(Permission.HELP_COORDINATE)
@require_POST
def happened(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    """What became of it. Where somebody was missing, the page says what to do now."""
    visit = visit_or_404(request, visit_id)
    outcome = request.POST.get("outcome", "")
    try:
        record_visit(
            visit=visit,
            outcome=outcome,
            look_anew="look_anew" in request.POST,
            by=request.user,
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("volunteers:visit", visit.pk)
    messages.success(request, _("It is written down."))
    if outcome == Visit.Outcome.PERSON_MISSED:
        messages.warning(
            request,
            _("Nobody opened the door: ring the person now. If you are worried, ring 101 or 999."),
        )
    elif outcome == Visit.Outcome.VOLUNTEER_MISSED:
        messages.warning(request, _("Ring the person and say that you are sorry."))
    return redirect("volunteers:help_one", visit.offer.help_request_id)


@requires(Permission.HELP_COORDINATE)
@require_POST
def how(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """What the person said when they were asked whether they got the help."""
    found = coordinated_request_or_404(request.user, request_id)
    form = HowForm(request.POST, desk=True)
    if not form.is_valid():
        return page_of_one(request, found, status=422, how_form=form)
    try:
        record_how_it_went(
            help_request=found,
            answer=form.cleaned_data["how"],
            words=form.cleaned_data["how_words"],
            by=request.user,
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is written down."))
    return redirect("volunteers:help_one", found.pk)


@requires(Permission.HELP_COORDINATE)
@require_POST
def not_helped(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Somebody was in touch with who did not get the help; it is asked for anew, or nothing is owed."""
    found = coordinated_request_or_404(request.user, request_id)
    try:
        anew = settle_not_helped(
            help_request=found, by=request.user, ask_anew=request.POST.get("anew") == "yes"
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("volunteers:help_one", found.pk)
    messages.success(
        request,
        _("It is asked for anew: %(reference)s.") % {"reference": anew.reference}
        if anew
        else _("It is written down."),
    )
    return redirect("volunteers:help_one", (anew or found).pk)


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_safe
def sheet(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    """The sheet for the person, in their size of print."""
    visit = get_object_or_404(
        Visit.objects.visible_to(request.user)
        .standing()
        .select_related("offer__help_request__person", "offer__help_request__organisation"),
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
