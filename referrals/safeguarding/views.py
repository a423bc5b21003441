"""The pages of safeguarding concerns: the short form, the leads' queue, one concern, the letter."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import pdf_response
from referrals.access import concern_or_404
from referrals.events import CONCERN_PRINTED, CONCERN_VIEWED, CONCERNS_LISTED
from referrals.models import Concern
from referrals.refusals import Refused
from referrals.safeguarding.deciding import move_concern
from referrals.safeguarding.forms import DecideForm, RaiseForm
from referrals.safeguarding.letter import concern_letter
from referrals.safeguarding.raising import raise_concern, source_or_404

ROWS_ON_A_PAGE = 25


@requires(Permission.SAFEGUARDING_RAISE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, kind: str, identifier: UUID) -> HttpResponse:
    """The short form, one click away from any case screen."""
    source = source_or_404(request.user, kind, identifier)
    form = RaiseForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            raised = raise_concern(
                source=source, worry=form.worry, by=request.user, key=form.cleaned_data["key"]
            )
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            return redirect("referrals:concern_raised", raised.concern.id)
    return render(request, "referrals/safeguarding/new.html", {"form": form, "source": source})


@requires(Permission.SAFEGUARDING_RAISE)
@never_cache
@require_safe
def raised(request: SignedInRequest, concern_id: UUID) -> HttpResponse:
    """For whoever raised it: its reference, and nothing of what becomes of it."""
    concern = get_object_or_404(Concern, pk=concern_id, raised_by=request.user)
    return render(
        request,
        "referrals/safeguarding/raised.html",
        {
            "reference": concern.reference,
            "at": concern.raised_at,
            "nobody": _nobody_was_told(concern),
        },
    )


def _nobody_was_told(concern: Concern) -> bool:
    """The network has nobody who deals with it: the raiser must ring the council."""
    from referrals.safeguarding.telling import leads_of

    return not leads_of()


@requires(Permission.SAFEGUARDING_RAISE)
@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """References of what the user raised."""
    rows = (
        Concern.objects.filter(raised_by=request.user)
        .order_by("-raised_at")
        .values("reference", "raised_at")
    )
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "referrals/safeguarding/mine.html", {"page": page})


@requires(Permission.SAFEGUARDING_HANDLE)
@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits, danger first; what is settled, behind a link."""
    settled = request.GET.get("settled") == "yes"
    rows = Concern.objects.visible_to(request.user)
    waiting = rows.open().count()
    rows = rows.filter(settled_at__isnull=False) if settled else rows.open()
    page = Paginator(rows.for_queue(), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    record(
        CONCERNS_LISTED,
        by=request.user,
        details={"concerns": [concern.id for concern in page]},
    )
    return render(
        request,
        "referrals/safeguarding/queue.html",
        {
            "page": page,
            "rows": [(concern, *_standing(concern, today)) for concern in page],
            "settled": settled,
            "waiting": waiting,
        },
    )


def _standing(concern: Concern, today: object) -> tuple[str, str]:
    """The words of the tag and its colour."""
    if concern.is_late(timezone.localdate()):
        return _("Nobody has looked: late"), "red"
    colours = {
        Concern.State.RAISED: "orange",
        Concern.State.TRIAGED: "yellow",
        Concern.State.PASSED_TO_COUNCIL: "blue",
    }
    state = Concern.State(concern.state)
    return str(state.label).capitalize(), colours.get(state, "grey")


@requires(Permission.SAFEGUARDING_HANDLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, concern_id: UUID) -> HttpResponse:
    """One concern, what was decided so far, and the next decision."""
    concern = concern_or_404(request.user, concern_id)
    form = DecideForm(request.POST or None, concern=concern)
    if request.method == "POST" and form.is_valid():
        try:
            move_concern(
                concern=concern,
                to=form.cleaned_data["to"],
                by=request.user,
                decision=form.cleaned_data["decision"],
                version=form.cleaned_data["version"],
            )
        except Refused as refusal:
            # What was typed stays in the form; the page around it shows what is so now.
            concern = concern_or_404(request.user, concern_id)
            form = DecideForm(_with_version(request, concern), concern=concern)
            form.is_valid()
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down."))
            return redirect(concern)
    record(CONCERN_VIEWED, by=request.user, subject=concern.id, details={"concern": concern.id})
    today = timezone.localdate()
    return render(
        request,
        "referrals/safeguarding/one.html",
        {
            "concern": concern,
            "standing": _standing(concern, today),
            "changes": concern.changes.select_related("by").order_by("number"),
            "form": None if concern.is_settled else form,
        },
    )


def _with_version(request: SignedInRequest, concern: Concern) -> dict[str, object]:
    """What was typed, to be decided about the concern as it is now."""
    return {**request.POST.dict(), "version": concern.version}


@requires(Permission.SAFEGUARDING_HANDLE)
@never_cache
@require_safe
def letter(request: SignedInRequest, concern_id: UUID) -> HttpResponse:
    """The letter to the council, once that was decided."""
    concern = concern_or_404(request.user, concern_id)
    if concern.state != Concern.State.PASSED_TO_COUNCIL:
        raise Http404
    record(CONCERN_PRINTED, by=request.user, subject=concern.id, details={"concern": concern.id})
    return pdf_response(concern_letter(concern), f"{concern.reference}.pdf")
