"""At the access point: write down what a receiver said, and tell those whom no machine can tell."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize, file_name, pdf_response
from directory.visibility import public_phones
from referrals.access import check_speaks_for, sent_referral_or_404, telling_or_404
from referrals.actions.answering import relay_answer
from referrals.actions.receiving import done_telling, note_printed, send_new_link
from referrals.events import REFERRAL_VIEWED, TELLINGS_LISTED
from referrals.forms.answers import RelayForm
from referrals.models import ReceivingDesk, Referral, Telling
from referrals.notices import desk_of
from referrals.refusals import ChangedMeanwhile, Refused
from referrals.replies.answers import answers_for
from referrals.replies.slips import Slip, slips_pdf, stop_pdf
from referrals.states import Party, State

PER_PAGE = 25
SLIPS_AT_ONCE = 50


@requires(Permission.REFERRAL_REPLY_FOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def relay(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    """The receiver rang, or the slip came back: one form, in the order of the slip."""
    referral = sent_referral_or_404(request.user, referral_id)
    check_speaks_for(request.user, referral, Party.RECEIVER, relaying=True)
    answers = answers_for(referral.state) if referral.requested_at else []
    form = RelayForm(
        request.POST or None,
        answers=answers,
        initial={"version": referral.version, "via": request.GET.get("via", "phone")},
    )
    if request.method == "POST" and answers and form.is_valid():
        try:
            relay_answer(
                referral=referral,
                said=form.said,
                via=form.cleaned_data["via"],
                by=request.user,
                version=form.cleaned_data["version"],
            )
        except ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(reference)s: their answer is written down.")
                % {"reference": referral.reference},
            )
            return redirect(referral)
    record(
        REFERRAL_VIEWED,
        by=request.user,
        subject=referral.person_id,
        organisation=referral.requester_id,
        details={"referral": referral.id},
    )
    desk = desk_of(referral.owner_id)
    return render(
        request,
        "referrals/receiving/relay.html",
        {
            "referral": referral,
            "form": form,
            "answers": answers,
            "desk": desk,
            "phones": public_phones(referral.service),
            "changes": referral.changes.filter(number__gt=0),
            "by_link": desk is not None
            and desk.how == ReceivingDesk.How.EMAIL
            and referral.is_open
            and referral.owner_id != referral.requester_id,
            "sizes": list(PrintSize),
        },
    )


@requires(Permission.REFERRAL_REPLY_FOR)
@require_POST
def new_link(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    """Another link to the registered address, in place of the one that is out."""
    referral = sent_referral_or_404(request.user, referral_id)
    if send_new_link(referral=referral, by=request.user):
        messages.success(
            request,
            _("A new link is on its way to their registered address. The old one has ended."),
        )
    else:
        messages.warning(request, _("They are not told by e-mail, so no link was sent."))
    return redirect("referrals:relay", referral.id)


@requires(Permission.REFERRAL_REPLY_FOR)
@never_cache
@require_safe
def slip(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    """The letter and tear-off slip of one referral, for an organisation that wants paper."""
    referral = sent_referral_or_404(request.user, referral_id)
    check_speaks_for(request.user, referral, Party.RECEIVER, relaying=True)
    found = Slip.of(referral)
    if referral.requested_at is None or not found.seen.details:
        messages.warning(request, found.seen.why_not or _("It has not been sent yet."))
        return redirect("referrals:relay", referral.id)
    size = PrintSize.read(request.GET.get("size") or "14")
    note_printed(printed=[found], by=request.user)
    return pdf_response(
        slips_pdf([found], size=size), file_name(referral.reference, size=size, on=_today())
    )


@requires(Permission.REFERRAL_REPLY_FOR)
@never_cache
@require_safe
def tellings(request: SignedInRequest) -> HttpResponse:
    """Whom to ring and what to post: what no machine may or can tell, the oldest first."""
    rows = _waiting(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        record(
            TELLINGS_LISTED,
            by=request.user,
            details={
                "people": sorted(
                    {one.referral.person_id for one in listed if one.referral.person_id}, key=str
                ),
                "tellings": [one.id for one in listed],
            },
        )
    desks = {
        desk.organisation_id: desk
        for desk in ReceivingDesk.objects.filter(
            organisation_id__in={one.referral.owner_id for one in listed}
        )
    }
    return render(
        request,
        "referrals/receiving/tellings.html",
        {
            "page": page,
            "rows": [(one, desks.get(one.referral.owner_id), _what(one)) for one in listed],
            "slip_count": rows.filter(**_SLIPS).count(),
        },
    )


_SLIPS = {
    "whom": Telling.Whom.RECEIVER,
    "how": Telling.How.POST,
    "change__to_state": State.REQUESTED,
}


def _waiting(request: SignedInRequest) -> QuerySet[Telling]:
    return (
        Telling.objects.waiting()
        .filter(referral__in=Referral.objects.sent_by(request.user))
        .select_related(
            "change",
            "referral__person",
            "referral__owner",
            "referral__requester",
            "referral__service",
        )
        .order_by("made_at", "id")
    )


def _what(telling: Telling) -> str:
    """What is to be said, in one line."""
    state = telling.change.to_state
    if telling.whom == Telling.Whom.PERSON:
        return {
            State.ACCEPTED.value: _("They will help"),
            State.REJECTED.value: _("They cannot help this time"),
            State.ON_HOLD.value: _("They have put them on a waiting list"),
        }.get(state, telling.change.get_to_state_display())
    if state == State.REQUESTED:
        return _("A new request")
    return _("Please stop, and delete what you have")


@requires(Permission.REFERRAL_REPLY_FOR)
@never_cache
@require_safe
def waiting_slips(request: SignedInRequest) -> HttpResponse:
    """All slips that wait to be posted, as one print run."""
    size = PrintSize.read(request.GET.get("size") or "14")
    waiting = list(_waiting(request).filter(**_SLIPS)[:SLIPS_AT_ONCE])
    found = [Slip.of(one.referral) for one in waiting]
    printable = [one for one in found if one.seen.details]
    if not printable:
        messages.info(request, _("No slip waits to be posted, or nothing may be passed on."))
        return redirect("referrals:tellings")
    note_printed(printed=printable, by=request.user, tellings=[one.pk for one in waiting])
    return pdf_response(
        slips_pdf(printable, size=size), file_name(_("slips"), size=size, on=_today())
    )


@requires(Permission.REFERRAL_REPLY_FOR)
@never_cache
@require_safe
def telling_letter(request: SignedInRequest, telling_id: UUID) -> HttpResponse:
    """What goes into the envelope to an organisation: the request with its slip, or "please stop"."""
    telling = telling_or_404(request.user, telling_id)
    referral = telling.referral
    size = PrintSize.read(request.GET.get("size") or "14")
    name = file_name(referral.reference, size=size, on=_today())
    if telling.whom != Telling.Whom.RECEIVER:
        messages.warning(request, _("This one is to be rung."))
        return redirect("referrals:tellings")
    if telling.change.to_state != State.REQUESTED:
        # Names nobody, so it is no look at a person.
        return pdf_response(stop_pdf(telling, size=size), name)
    found = Slip.of(referral)
    if not found.seen.details:
        messages.warning(request, found.seen.why_not or _("Nothing may be passed on."))
        return redirect("referrals:tellings")
    note_printed(printed=[found], by=request.user, tellings=[telling.pk])
    return pdf_response(slips_pdf([found], size=size), name)


@requires(Permission.REFERRAL_REPLY_FOR)
@require_POST
def telling_done(request: SignedInRequest, telling_id: UUID) -> HttpResponse:
    """Rung, or posted."""
    telling = telling_or_404(request.user, telling_id)
    try:
        done_telling(telling=telling, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("%(reference)s: done.") % {"reference": telling.referral.reference}
        )
    return redirect("referrals:tellings")


def _today() -> date:
    return timezone.localdate()
