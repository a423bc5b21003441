"""One referral, for the access point that sent it: where it stands, what happened, what can be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from members.models import Category
from referrals.access import sent_referral_or_404
from referrals.actions.moving import Saying, move_referral
from referrals.events import REFERRAL_VIEWED
from referrals.forms.sent import TakeBackForm
from referrals.models import FollowUp, Referral
from referrals.refusals import Refused
from referrals.states import Party, State
from referrals.stories import say_step


@requires(Permission.REFERRAL_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    """Where it stands; and taking it back, with the reason."""
    found = sent_referral_or_404(request.user, referral_id)
    typed = request.POST if request.method == "POST" else None
    form = TakeBackForm(typed, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            _take_back(found, request, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is taken back."))
            return redirect(found)
    record(
        REFERRAL_VIEWED,
        by=request.user,
        subject=found.person_id,
        organisation=found.requester_id,
        details={"referral": found.id},
    )
    changes = found.changes.all()
    return render(
        request,
        "referrals/sent/referral.html",
        {
            "referral": found,
            "person": found.person,
            "form": form,
            "shared": [str(one.label) for one in Category if one.value in found.categories],
            "steps": [(change.at, _said(found, change), change) for change in changes],
            "reminders": found.reminders.filter(done_at__isnull=False),
            "follow_ups": found.follow_ups.order_by("after_days").prefetch_related("attempts"),
            "open_states": FollowUp.OPEN,
            "is_late": found.is_overdue(timezone.localdate()),
            "may_relay": found.is_open and can(request.user, Permission.REFERRAL_REPLY_FOR),
            "may_ask": can(request.user, Permission.FOLLOW_UP_ASK),
            "may_take_back": found.is_open,
            "is_unhelped": found.unhelped_since is not None and found.unhelped_settled_at is None,
        },
    )


def _said(found: Referral, change: Any) -> str:
    return say_step(
        change.to_state,
        owner=found.owner.name,
        requester=found.requester.name,
        service=found.service.name,
        party=change.party,
        reason=change.reason_code,
        expected_on=change.expected_on,
    )


def _take_back(found: Referral, request: SignedInRequest, typed: dict[str, Any]) -> None:
    mistake = typed["reason_code"] == State.ENTERED_IN_ERROR
    move_referral(
        referral=found,
        to=State.ENTERED_IN_ERROR if mistake else State.CANCELLED,
        by=request.user,
        version=typed["version"],
        saying=Saying(
            Party.REQUESTER,
            reason_code="" if mistake else typed["reason_code"],
            reason_text=typed["reason_text"],
        ),
    )
