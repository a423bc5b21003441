"""Answering by link: no account, no JavaScript, on a phone.

A GET of any of these pages changes nothing: mail scanners open links. A POST uses up one step. Every
link that does not open gets the same plain page with the same status, whatever is wrong with it
(docs/decisions/0049).
"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.audit import record
from dcsn.limits.rates import limited
from referrals.actions.answering import answer_by_link
from referrals.actions.receiving import send_link_again, set_capacity
from referrals.events import REPLY_DETAILS_OPENED
from referrals.forms.answers import AnswerForm, CodeForm, ReferenceForm
from referrals.models import ReplyLink
from referrals.refusals import ChangedMeanwhile, CodeRefused, LinkOver, Refused
from referrals.replies.answers import Answer, answers_for
from referrals.replies.codes import BY_LINK, is_open_by, masked_contact, send_code, try_code
from referrals.replies.details import shown
from referrals.replies.links import find_link, live_link, page_address
from referrals.states import FINAL, Via

# Which code opened which referral, in the visitor's session.
OPENED = "reply_opened"


@public
@never_cache
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The reference, who sent it and when, and what can be said. Nothing about the person."""
    link = find_link(token)
    if link is None:
        return _over(request)
    return _private(
        render(
            request,
            "referrals/reply/page.html",
            {
                "link": link,
                "token": token,
                "referral": link.referral,
                "answers": answers_for(link.referral.state),
                "details_open": _details_open(request, link),
            },
        )
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("reply-answer")
def answer(request: HttpRequest, token: str, answer: str) -> HttpResponse:
    """The form of one answer; sending it uses the link up and goes on to the next."""
    link = find_link(token)
    if link is None:
        return _over(request)
    if answer not in answers_for(link.referral.state):
        # Another word came first; the page says what can be said now.
        return redirect("referrals:reply", token)
    chosen = Answer(answer)
    form = AnswerForm(
        request.POST or None,
        answer=chosen,
        named=True,
        initial={"version": link.referral.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _answered(request, link, form)
        except LinkOver:
            return _over(request)
        except ChangedMeanwhile:
            messages.warning(
                request,
                _("Something else was recorded meanwhile, so your answer was not. Look again."),
            )
            return redirect("referrals:reply", token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _private(
        render(
            request,
            "referrals/reply/answer.html",
            {
                "link": link,
                "token": token,
                "referral": link.referral,
                "form": form,
                "answer": chosen,
            },
        )
    )


@transaction.atomic
def _answered(request: HttpRequest, link: ReplyLink, form: AnswerForm) -> HttpResponse:
    referral = answer_by_link(link=link, said=form.said, version=form.cleaned_data["version"])
    if form.room:
        set_capacity(service=referral.service, state=form.room, by=BY_LINK, via=Via.LINK)
    if referral.state in FINAL:
        return redirect("referrals:reply_done")
    following = live_link(referral)
    messages.success(
        request,
        _("Thank you. We have written down: %(answer)s.") % {"answer": form.answer.label},
    )
    return redirect(page_address(following))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("reply-code")
def who(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a code; it goes to the registered contact, whoever has the link."""
    link = find_link(token)
    if link is None:
        return _over(request)
    problem = ""
    if request.method == "POST":
        try:
            send_code(link=link)
        except LinkOver:
            return _over(request)
        except CodeRefused as refusal:
            problem = str(refusal)
        else:
            return redirect("referrals:reply_code", token)
    if _details_open(request, link) and not problem:
        return redirect("referrals:reply_details", token)
    return _private(
        render(
            request,
            "referrals/reply/who.html",
            {
                "link": link,
                "token": token,
                "referral": link.referral,
                "contact": masked_contact(link.owner_id),
                "problem": problem,
            },
        )
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("reply-code-try")
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Enter the code."""
    link = find_link(token)
    if link is None:
        return _over(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            used = try_code(link=link, typed=form.cleaned_data["code"])
        except LinkOver:
            return _over(request)
        except CodeRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            if used is not None:
                opened = dict(request.session.get(OPENED, {}))
                opened[str(link.referral_id)] = str(used.id)
                request.session[OPENED] = opened
                return redirect("referrals:reply_details", token)
            form.add_error("code", _("That is not the code. Look again at the last one we sent."))
    return _private(
        render(
            request,
            "referrals/reply/code.html",
            {
                "link": link,
                "token": token,
                "referral": link.referral,
                "form": form,
                "contact": masked_contact(link.owner_id),
            },
        )
    )


@public
@never_cache
@require_safe
def details(request: HttpRequest, token: str) -> HttpResponse:
    """Who it is about: what they agreed to pass on, for half an hour after the code."""
    link = find_link(token)
    if link is None:
        return _over(request)
    if not _details_open(request, link):
        return redirect("referrals:reply_who", token)
    referral = link.referral
    seen = shown(referral)
    if seen.details:
        record(
            REPLY_DETAILS_OPENED,
            by=BY_LINK,
            subject=referral.person_id,
            organisation=referral.owner_id,
            details={"referral": referral.id, "categories": sorted(seen.categories)},
        )
    return _private(
        render(
            request,
            "referrals/reply/details.html",
            {"link": link, "token": token, "referral": referral, "seen": seen},
        )
    )


@public
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """After the last answer. The same page for everybody."""
    return _private(render(request, "referrals/reply/done.html"))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("reply-again")
def again(request: HttpRequest) -> HttpResponse:
    """Ask for the link again: it goes to the registered address, and the page never says whether."""
    form = ReferenceForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked:
        send_link_again(reference=form.cleaned_data["reference"])
    return _private(render(request, "referrals/reply/again.html", {"form": form, "asked": asked}))


def _details_open(request: HttpRequest, link: ReplyLink) -> bool:
    opened = request.session.get(OPENED, {})
    code_id = opened.get(str(link.referral_id)) if isinstance(opened, dict) else None
    return code_id is not None and is_open_by(link, code_id)


def _over(request: HttpRequest) -> HttpResponse:
    """One page for every link that opens nothing."""
    return _private(render(request, "referrals/reply/over.html", status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
