"""The receiver's own desk: what was sent to their organisation, and what they say to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from referrals.access import received_referral_or_404
from referrals.actions.answering import answer_signed_in
from referrals.actions.receiving import set_capacity
from referrals.clocks import london_day
from referrals.events import REFERRAL_VIEWED, REFERRALS_LISTED
from referrals.forms.answers import AnswerForm
from referrals.models import Referral
from referrals.refusals import ChangedMeanwhile, Refused
from referrals.replies.answers import Answer, answers_for
from referrals.replies.details import shown
from referrals.states import FINAL, UNANSWERED, UNDER_WAY, State
from referrals.working_days import working_days_between

PER_PAGE = 25
SHOWN = {"": UNANSWERED, "under-way": UNDER_WAY, "ended": FINAL - {State.ENTERED_IN_ERROR}}
_ORDER = {
    "": ("requested_at", "id"),
    "under-way": ("next_due_on", "requested_at", "id"),
    "ended": ("-ended_at", "id"),
}


@requires(Permission.REFERRAL_RECEIVE)
@never_cache
@require_safe
def received(request: SignedInRequest) -> HttpResponse:
    """What waits for a first answer, the oldest first; what is under way; what has ended.

    No names on the list: they are on each one's page, as far as the person agreed.
    """
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    seen = Referral.objects.received_by(request.user)
    rows = (
        seen.filter(state__in=sorted(SHOWN[show]))
        .select_related("service", "requester")
        .order_by(*_ORDER[show])
    )
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(found.object_list)
    if listed:
        record(
            REFERRALS_LISTED,
            by=request.user,
            details={
                "list": "received",
                "people": [one.person_id for one in listed if one.person_id],
                "referrals": [one.id for one in listed],
            },
        )
    today = timezone.localdate()
    return render(
        request,
        "referrals/inbox/received.html",
        {
            "page": found,
            "rows": [(one, _days_waiting(one), one.is_overdue(today)) for one in listed],
            "show": show,
            "unanswered_count": seen.unanswered().count(),
            "under_way_count": seen.filter(state__in=sorted(UNDER_WAY)).count(),
            "query": f"show={show}&" if show else "",
        },
    )


def _days_waiting(referral: Referral) -> int:
    if referral.requested_at is None:
        return 0
    return working_days_between(london_day(referral.requested_at), timezone.localdate())


@requires(Permission.REFERRAL_RECEIVE)
@never_cache
@require_safe
def one(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    """One that was received: who it is about, what has been said, and what can be said now."""
    referral = received_referral_or_404(request.user, referral_id)
    seen = shown(referral)
    record(
        REFERRAL_VIEWED,
        by=request.user,
        subject=referral.person_id,
        organisation=referral.owner_id,
        fields=sorted(seen.categories),
        details={"referral": referral.id},
    )
    return render(
        request,
        "referrals/inbox/one.html",
        {
            "referral": referral,
            "seen": seen,
            "answers": answers_for(referral.state),
            "changes": referral.changes.filter(number__gt=0),
            "days": _days_waiting(referral),
            "unanswered": referral.state in UNANSWERED,
            "late": referral.is_overdue(timezone.localdate()),
        },
    )


@requires(Permission.REFERRAL_RECEIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, referral_id: UUID, answer: str) -> HttpResponse:
    referral = received_referral_or_404(request.user, referral_id)
    if answer not in Answer.values:
        raise Http404
    if answer not in answers_for(referral.state):
        messages.warning(request, _("That can no longer be said of it: something else came first."))
        return redirect("referrals:received_one", referral.id)
    chosen = Answer(answer)
    form = AnswerForm(
        request.POST or None, answer=chosen, named=False, initial={"version": referral.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                answer_signed_in(
                    referral=referral,
                    said=form.said,
                    by=request.user,
                    version=form.cleaned_data["version"],
                )
                if form.room:
                    set_capacity(service=referral.service, state=form.room, by=request.user)
        except ChangedMeanwhile:
            messages.warning(
                request,
                _("Something else was recorded meanwhile, so your answer was not. Look again."),
            )
            return redirect("referrals:received_one", referral.id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(reference)s: %(answer)s.")
                % {"reference": referral.reference, "answer": chosen.label},
            )
            return redirect("referrals:received_one", referral.id)
    return render(
        request,
        "referrals/inbox/answer.html",
        {"referral": referral, "form": form, "answer": chosen},
    )
