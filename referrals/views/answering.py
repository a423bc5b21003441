"""The person answers, without an account: by the link in a message or the code in a letter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.access.acting import StandsFor, register_link
from dcsn.audit import SystemJob
from referrals.actions.asking import VIA_LINK, record_answer, record_attempt
from referrals.asking import may_be_named, spoken_day
from referrals.forms.asking import AnswerForm, CodeForm
from referrals.models import Attempt, FollowUp, PersonalLink, Referral
from referrals.refusals import Refused
from referrals.views.personal_links import link_over, private_page, usable_link

ANSWER_PAGE = register_link(SystemJob("answer page"), StandsFor.PERSON)


@public
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a letter."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        link = usable_link(PersonalLink.Kind.ANSWER, form.cleaned_data["code"])
        return redirect("referrals:answer", link.code) if link else link_over(request)
    return render(request, "referrals/asking/code.html", {"form": form})


@public
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The question. Looking changes nothing (a mail scanner looks too); sending answers once."""
    link = usable_link(PersonalLink.Kind.ANSWER, code)
    follow_up = link.follow_up if link else None
    if follow_up is None or follow_up.state not in FollowUp.OPEN:
        return link_over(request)
    form = AnswerForm(
        request.POST if request.method == "POST" and "answer" in request.POST else None
    )
    if request.method == "POST":
        try:
            if "stop" in request.POST:
                record_attempt(
                    follow_up=follow_up,
                    way=Attempt.Way.IN_PERSON,
                    result=Attempt.Result.REFUSED,
                    by=ANSWER_PAGE,
                )
                return redirect("referrals:answer_thanks")
            form = AnswerForm(request.POST)
            if form.is_valid():
                record_answer(follow_up=follow_up, via=VIA_LINK, by=ANSWER_PAGE, **form.said)
                return redirect("referrals:answer_thanks")
        except Refused:
            # Answered in another window, or by telephone, a moment ago.
            return link_over(request)
    referral = Referral.objects.select_related("service").get(pk=follow_up.referral_id)
    return render(
        request,
        "referrals/asking/answer.html",
        {
            "form": form,
            "reference": referral.reference,
            "day": spoken_day(referral),
            # Whoever opens the link sees this much; of a refuge not even that.
            "service": referral.service.name if may_be_named(referral.service) else "",
        },
    )


@public
@private_page
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "referrals/asking/thanks.html")
