"""One referral, as those see it who sent it: where it is, how it came there, what they can do now."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from members.models import Category, Consent
from members.refusals import NothingToWithdraw
from referrals.access import parties_of, sent_referral_or_404
from referrals.actions.moving import Saying, move_referral
from referrals.actions.sending import reopen, withdraw_sharing
from referrals.events import REFERRAL_VIEWED
from referrals.forms.moving import CancelForm
from referrals.history import history_of, state_in_words
from referrals.models import Referral
from referrals.referral_links import links_for
from referrals.refusals import Refused
from referrals.states import Party, State, allowed


@requires(Permission.REFERRAL_VIEW)
@never_cache
@require_safe
def referral(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    found = sent_referral_or_404(request.user, referral_id)
    record(
        REFERRAL_VIEWED,
        by=request.user,
        subject=found.person_id,
        organisation=found.requester_id,
        details={"referral": found.id},
    )
    return _page(request, found, CancelForm())


@requires(Permission.REFERRAL_SEND)
@require_POST
def change(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    """Cancel, mark as a mistake, stop the sharing, begin again: what the sender may say."""
    found = sent_referral_or_404(request.user, referral_id)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
    try:
        match request.POST.get("do", ""):
            case "cancel":
                form = CancelForm(request.POST)
                if not form.is_valid():
                    return _page(request, found, form, status=422)
                move_referral(
                    referral=found,
                    to=State.CANCELLED,
                    by=request.user,
                    saying=Saying(
                        Party.REQUESTER,
                        reason_code=form.cleaned_data["reason"],
                        reason_text=form.cleaned_data["words"],
                    ),
                    version=seen,
                )
                messages.success(request, _("It is cancelled. The organisation is told."))
            case "mistake":
                move_referral(
                    referral=found,
                    to=State.ENTERED_IN_ERROR,
                    by=request.user,
                    saying=Saying(Party.REQUESTER),
                    version=seen,
                )
                messages.success(request, _("It is marked as entered by mistake."))
            case "withdraw":
                return _withdraw(request, found)
            case "again":
                return _begin_again(request, found)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("referrals:referral", found.id)


def _withdraw(request: SignedInRequest, found: Referral) -> HttpResponse:
    """They no longer agree: everything that rested on it stops, and the organisation is told."""
    if found.person is not None:
        try:
            withdraw_sharing(
                person=found.person,
                organisation=found.owner,
                how=Consent.How.SPOKEN,
                by=request.user,
            )
        except NothingToWithdraw as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(
                request,
                _("It is noted that they no longer agree. %(owner)s is told.")
                % {"owner": found.owner.name},
            )
    return redirect("referrals:referral", found.id)


def _begin_again(request: SignedInRequest, found: Referral) -> HttpResponse:
    draft = reopen(referral=found, by=request.user)
    messages.success(
        request,
        _("A new referral is prepared: %(reference)s. Ask the person again, then send it.")
        % {"reference": draft.reference},
    )
    return redirect("referrals:enquiry_consent", draft.enquiry_id)


def _page(
    request: SignedInRequest, found: Referral, form: CancelForm, *, status: int = 200
) -> HttpResponse:
    if Party.REQUESTER not in parties_of(request.user, found):
        raise PermissionDenied
    may_send = can(request.user, Permission.REFERRAL_SEND, found)
    next_states = allowed(found.state, Party.REQUESTER) if may_send else []
    answered = allowed(found.state, Party.RECEIVER)
    return render(
        request,
        "referrals/enquiry/referral.html",
        {
            "referral": found,
            "form": form,
            "said": state_in_words(found),
            "history": history_of(found),
            "shared": [str(one.label) for one in Category if one.value in found.categories],
            "may_cancel": State.CANCELLED in next_states,
            "may_mark_mistake": State.ENTERED_IN_ERROR in next_states,
            "may_send": may_send and found.state == State.DRAFT,
            "may_withdraw": may_send
            and found.basis == Referral.Basis.CONSENT
            and found.is_open
            and can(request.user, Permission.CONSENT_WITHDRAW),
            "may_begin_again": may_send
            and found.is_final
            and found.state != State.ENTERED_IN_ERROR
            and not hasattr(found, "replaced_by"),
            "relay": _address("referrals:relay", found) if answered else "",
            "slip": _address("referrals:slip", found) if found.is_open else "",
            "replaced_by": getattr(found, "replaced_by", None),
            "links": links_for(request.user, found),
        },
        status=status,
    )


def _address(name: str, found: Referral) -> str:
    """Of a page that another part of the app has; empty where it is not there."""
    try:
        return reverse(name, args=[found.id])
    except NoReverseMatch:
        return ""
