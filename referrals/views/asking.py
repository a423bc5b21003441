"""Staff ask the person: over the telephone with the words before them, by letter, e-mail or text message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.messages.adapters import is_offered
from members.models import ContactBy, Format, Person, SafetyFlag
from referrals import asking
from referrals.access import follow_up_or_404, sent_referral_or_404, signpost_or_404
from referrals.actions.asking import (
    ask_by,
    give_up_asking,
    record_answer,
    record_attempt,
    record_signpost_answer,
    settle_unhelped,
)
from referrals.actions.enquiries import choose_service, open_enquiry
from referrals.actions.moving import may_be_asked
from referrals.actions.sending import reopen
from referrals.events import ENQUIRY_VIEWED, REFERRAL_VIEWED
from referrals.forms.asking import AttemptForm, SettleForm, SignpostAnswerForm, StaffAnswerForm
from referrals.models import Attempt, Choice, Enquiry, FollowUp, Referral
from referrals.refusals import Refused
from referrals.states import State

SENT_BY = {
    Attempt.Way.LETTER: gettext_lazy("Ask by letter"),
    Attempt.Way.EMAIL: gettext_lazy("Ask by e-mail"),
    Attempt.Way.SMS: gettext_lazy("Ask by text message"),
}


@requires(Permission.FOLLOW_UP_ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, follow_up_id: UUID) -> HttpResponse:
    """Read it out, write down what they say."""
    follow_up = follow_up_or_404(request.user, follow_up_id)
    correcting = follow_up.state == FollowUp.State.ANSWERED
    typed = request.POST if request.method == "POST" else None
    form = StaffAnswerForm(typed, initial=_said_before(follow_up))
    if request.method == "POST" and form.is_valid():
        try:
            record_answer(follow_up=follow_up, by=request.user, correcting=correcting, **form.said)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down."))
            return redirect("referrals:hub")
    return _page(request, follow_up, answer_form=form)


@requires(Permission.FOLLOW_UP_ASK)
@never_cache
@require_http_methods(["POST"])
def tried(request: SignedInRequest, follow_up_id: UUID) -> HttpResponse:
    """A try that was not answered."""
    follow_up = follow_up_or_404(request.user, follow_up_id)
    form = AttemptForm(request.POST)
    if form.is_valid():
        try:
            record_attempt(follow_up=follow_up, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The try is written down."))
            return redirect("referrals:hub")
    return _page(request, follow_up, attempt_form=form)


@requires(Permission.FOLLOW_UP_ASK)
@require_POST
def send(request: SignedInRequest, follow_up_id: UUID) -> HttpResponse:
    """Ask by letter, e-mail or text message, with a personal link."""
    follow_up = follow_up_or_404(request.user, follow_up_id)
    way = request.POST.get("way", "")
    if way not in SENT_BY:
        return redirect("referrals:ask", follow_up.id)
    try:
        ask_by(follow_up=follow_up, way=way, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("referrals:ask", follow_up.id)
    if way == Attempt.Way.LETTER:
        messages.success(request, _("The letter waits to be printed."))
        return redirect("referrals:letters")
    messages.success(request, _("The question is on its way."))
    return redirect("referrals:hub")


@requires(Permission.FOLLOW_UP_ASK)
@require_POST
def give_up(request: SignedInRequest, follow_up_id: UUID) -> HttpResponse:
    """They could not be reached, after three tries in two ways."""
    follow_up = follow_up_or_404(request.user, follow_up_id)
    try:
        give_up_asking(follow_up=follow_up, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("referrals:ask", follow_up.id)
    messages.success(request, _("It is written down that they could not be reached."))
    return redirect("referrals:hub")


def _said_before(follow_up: FollowUp) -> dict[str, Any]:
    """What is being put right; nothing where the organisation alone has spoken."""
    if follow_up.state != FollowUp.State.ANSWERED:
        return {}
    return {
        "answer": follow_up.answer,
        "helpfulness": follow_up.helpfulness,
        "words": follow_up.words,
        "answered_by": follow_up.answered_by,
        "via": follow_up.answered_via,
    }


def _page(
    request: SignedInRequest,
    follow_up: FollowUp,
    *,
    answer_form: forms.Form | None = None,
    attempt_form: forms.Form | None = None,
) -> HttpResponse:
    referral = follow_up.referral
    person = referral.person
    record(
        REFERRAL_VIEWED,
        by=request.user,
        subject=referral.person_id,
        organisation=referral.requester_id,
        details={"referral": referral.id},
    )
    attempts = list(follow_up.attempts.select_related("by"))
    wrong = attempt_form if attempt_form is not None and attempt_form.errors else answer_form
    return render(
        request,
        "referrals/asking/ask.html",
        {
            "follow_up": follow_up,
            "referral": referral,
            "person": person,
            "form": wrong or StaffAnswerForm(initial=_said_before(follow_up)),
            "answer_form": answer_form or StaffAnswerForm(initial=_said_before(follow_up)),
            "attempt_form": attempt_form or AttemptForm(),
            "attempts": attempts,
            "missing": asking.missing_tries(attempts),
            "earlier": referral.follow_ups.filter(state=FollowUp.State.ANSWERED).exclude(
                pk=follow_up.pk
            ),
            "is_open": follow_up.state in FollowUp.OPEN,
            "may_be_asked": may_be_asked(referral),
            "day": asking.spoken_day(referral),
            **_reaching(request, person),
        },
    )


def _reaching(request: SignedInRequest, person: Person | None) -> dict[str, Any]:
    """What to know before one contacts them, and in which ways one can."""
    if person is None:
        return {}
    return {
        "flags": SafetyFlag.objects.shown_to(request.user, person)
        .in_force()
        .filter(kind__in=SafetyFlag.ON_CONTACT),
        "needs": [Format(value).label for value in person.formats],
        "contact_by": ContactBy(person.contact_by).label if person.contact_by else "",
        "ways": [
            (way.value, words, asking.way_chosen(person) == way)
            for way, words in SENT_BY.items()
            if asking.address_for(person, way) and is_offered(Attempt.CHANNELS[way])
        ],
    }


@requires(Permission.FOLLOW_UP_ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_signpost(request: SignedInRequest, signpost_id: UUID) -> HttpResponse:
    """Ask somebody who was told about a service, and agreed to be asked how it went."""
    signpost = signpost_or_404(request.user, signpost_id)
    enquiry = signpost.enquiry
    form = SignpostAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_signpost_answer(
                signpost=signpost, answer=form.cleaned_data["answer"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down."))
            return redirect("referrals:hub")
    record(
        ENQUIRY_VIEWED,
        by=request.user,
        subject=enquiry.person_id,
        organisation=enquiry.organisation_id,
        details={"enquiry": enquiry.id},
    )
    return render(
        request,
        "referrals/asking/ask_signpost.html",
        {
            "signpost": signpost,
            "person": enquiry.person,
            "form": form,
            "is_open": signpost.follow_up == "due",
            **_reaching(request, enquiry.person),
        },
    )


@requires(Permission.FOLLOW_UP_ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unhelped(request: SignedInRequest, referral_id: UUID) -> HttpResponse:
    """They said that no help came: ask the same service again, look for other help, or note what was done."""
    referral = sent_referral_or_404(request.user, referral_id)
    may_refer = (
        can(request.user, Permission.REFERRAL_SEND, referral) and referral.person is not None
    )
    form = SettleForm(request.POST if request.POST.get("how") == "note" else None)
    if request.method == "POST":
        how = request.POST.get("how", "")
        try:
            if how in ("again", "other") and may_refer:
                return redirect(_begin_anew(referral, request, again=how == "again"))
            if how == "note" and form.is_valid():
                settle_unhelped(referral=referral, by=request.user, note=form.cleaned_data["note"])
                messages.success(request, _("It is noted, and off the list."))
                return redirect("referrals:hub")
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("referrals:unhelped", referral.id)
    record(
        REFERRAL_VIEWED,
        by=request.user,
        subject=referral.person_id,
        organisation=referral.requester_id,
        details={"referral": referral.id},
    )
    return render(
        request,
        "referrals/asking/unhelped.html",
        {
            "referral": referral,
            "person": referral.person,
            "form": form,
            "answers": referral.follow_ups.filter(state=FollowUp.State.ANSWERED).order_by(
                "-answered_at"
            ),
            "may_refer": may_refer,
            "may_view": referral.person is not None
            and can(request.user, Permission.PERSON_VIEW, referral.person),
            "is_open": referral.unhelped_since is not None and referral.unhelped_settled_at is None,
            **_reaching(request, referral.person),
        },
    )


def _begin_anew(referral: Referral, request: SignedInRequest, *, again: bool) -> Enquiry:
    """A new enquiry for them; with ``again`` the same service is picked already, as a linked referral."""
    begun = Referral.objects.filter(replaces=referral, state=State.DRAFT)
    if again and (draft := begun.select_related("enquiry").first()) is not None:
        # Somebody had begun already, or pressed twice: go on there.
        return draft.enquiry
    with transaction.atomic():
        enquiry = open_enquiry(
            organisation=referral.requester,
            by=request.user,
            origin=Enquiry.Origin.REOPENED,
            person=referral.person,
            channel=Enquiry.Channel.PHONE,
            words=_("Referral %(reference)s did not help.") % {"reference": referral.reference},
            wants=referral.reason_text[:500],
        )
        if again:
            reopen(referral=referral, by=request.user, enquiry=enquiry)
            choose_service(
                enquiry=enquiry,
                service=referral.service,
                by=request.user,
                way=Choice.Way.REFER,
                note=referral.reason_text,
            )
        settle_unhelped(referral=referral, by=request.user)
    messages.success(request, _("A new enquiry is open for them."))
    return enquiry
