"""Joining online: a few pages, nothing recorded before the last, nothing lost by going back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import public
from dcsn.limits.rates import limited
from dcsn.printing import PrintSize
from members.access import access_points
from members.actions.memberships import HasMembership
from members.joining.actions import PriceChanged, join_online
from members.joining.answers import STEPS, Answers
from members.joining.forms import HowToPay, offered_plans
from members.joining.paying import may_pay_by_card
from members.joining.prices import say_price
from members.models import Membership, Person, Status
from members.own_page import own_person
from members.refusals import Refused
from members.views.joining import paying

ADDRESSES = {
    "plan": "members:join",
    "you": "members:join_you",
    "pay": "members:join_pay",
    "ground": "members:join_ground",
}
# The membership that this browser has just begun: its own pages show it, and no name.
JOINED = "joined"
# In place of a way to pay: it was given to them, or is shared with them.
BY_CODE = "code"


def _answers(request: HttpRequest) -> Answers:
    return Answers(request, own_person(request))


def _member_already(person: Person | None) -> HttpResponseRedirect | None:
    if person is not None and person.memberships.live().exists():
        return redirect("members:my_membership")
    return None


def _to(step: str | None) -> HttpResponseRedirect:
    return redirect(ADDRESSES[step] if step else "members:join_check")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """What can be joined, and what it costs."""
    answers = _answers(request)
    member = _member_already(answers.person)
    if member is not None:
        return member
    if not offered_plans() or not access_points().exists():
        return render(request, "members/joining/closed.html")
    return _step(request, answers, "plan")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """Who they are."""
    return _later_step(request, "you")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest) -> HttpResponse:
    """How they pay, or that they cannot."""
    return _later_step(request, "pay")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ground(request: HttpRequest) -> HttpResponse:
    """The one question to somebody who cannot pay."""
    return _later_step(request, "ground")


def _later_step(request: HttpRequest, step: str) -> HttpResponse:
    """A page that makes no sense before those in front of it are answered."""
    answers = _answers(request)
    open_at = answers.first_open()
    if step not in answers.steps or (open_at and STEPS.index(open_at) < STEPS.index(step)):
        return _to(open_at)
    return _step(request, answers, step)


def _step(request: HttpRequest, answers: Answers, step: str) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form = answers.form(step, request.POST)
        if form.is_valid():
            answers.keep(step, request.POST)
            return _to(answers.first_open())
        status = 422
    else:
        form = answers.form(step)
    steps = answers.steps
    return render(
        request,
        f"members/joining/{step}.html",
        {
            "form": form,
            "plan": answers.plan,
            "begun": answers.is_begun,
            "sizes": [int(size) for size in PrintSize],
            "number": steps.index(step) + 1 if step in steps else 1,
            "of": len(steps) + 1,
            "before": ADDRESSES[steps[steps.index(step) - 1]] if step in steps[1:] else "",
        },
        status=status,
    )


@public
@limited("join")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """All answers on one page; sending it joins."""
    answers = _answers(request)
    member = _member_already(answers.person)
    if member is not None:
        return member
    open_at = answers.first_open()
    if open_at is not None:
        # A second press of the button, or the page of a journey that is over.
        if request.method == "POST" and not answers.is_begun and JOINED in request.session:
            return redirect("members:join_done")
        return _to(open_at)
    plan = answers.plan
    assert plan is not None  # noqa: S101  (the first step is answered)
    problem = ""
    if request.method == "POST":
        if request.POST.get("terms") != str(plan.terms.pk):
            problem = _("The price has changed since you began. Please look at it again.")
        else:
            try:
                return _join(request, answers)
            except (HasMembership, PriceChanged, Refused) as refusal:
                problem = str(refusal)
            except ValidationError as error:
                problem = " ".join(error.messages)
    return render(
        request,
        "members/joining/check.html",
        {
            "plan": plan,
            "price": say_price(plan.terms),
            "you": answers.told("you"),
            "pay": answers.told("pay"),
            "ground": answers.told("ground"),
            "person": answers.person,
            "by_card": _way(answers) == HowToPay.CARD,
            "before": ADDRESSES[answers.steps[-1]],
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _way(answers: Answers) -> str:
    """How they pay; empty for a free membership."""
    return answers.way if "pay" in answers.steps else ""


def _join(request: HttpRequest, answers: Answers) -> HttpResponse:
    plan, way = answers.plan, _way(answers)
    assert plan is not None  # noqa: S101
    person = answers.person
    facts: dict[str, Any] = {}
    if person is None:
        who: Any = answers.form("you")
        who.full_clean()
        facts = {
            "organisation": who.cleaned_data["organisation"],
            "facts": who.facts,
            "remember": who.cleaned_data["remember"],
        }
    else:
        facts = {"organisation": person.organisation, "person": person}
    if way == HowToPay.CANNOT:
        asking = answers.form("ground")
        asking.full_clean()
        facts["ground"] = asking.cleaned_data["ground"]
    membership = join_online(key=answers.key, plan=plan.plan, terms=plan.terms, **facts)
    answers.forget()
    request.session[JOINED] = {"membership": str(membership.pk), "way": way}
    if way == HowToPay.CARD:
        return paying.begin(request, membership)
    return redirect("members:join_done")


def just_joined(request: HttpRequest) -> tuple[Membership, str] | None:
    """The membership that this browser has begun, and how it was to be paid."""
    kept = request.session.get(JOINED)
    if not kept:
        return None
    found = (
        Membership.objects.filter(pk=UUID(kept["membership"]))
        .select_related("plan", "plan_terms", "organisation")
        .prefetch_related("terms")
        .first()
    )
    return (found, kept["way"]) if found else None


@public
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """That they have joined, or what is still to be done. Names nobody: the computer may be a library's."""
    joined = just_joined(request)
    if joined is None:
        return redirect("members:join")
    membership, way = joined
    return render(
        request,
        "members/joining/done.html",
        {
            "membership": membership,
            "way": way,
            "waits": membership.status(timezone.localdate()) == Status.PENDING,
            "price": say_price(membership.plan_terms),
            "may_pay": may_pay_by_card(),
        },
    )


@public
@limited("join")
@never_cache
@require_POST
def pay_again(request: HttpRequest) -> HttpResponse:
    """Pay by card after all, or once more when it came to nothing."""
    joined = just_joined(request)
    if joined is None:
        return redirect("members:join")
    membership, way = joined
    # Who shares it pays nothing, and is not to learn from the sum what its member pays, or does not.
    if way == BY_CODE or membership.status(timezone.localdate()) != Status.PENDING:
        return redirect("members:join_done")
    return paying.begin(request, membership)


@public
@never_cache
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Forget what was typed: for whoever gets up from a shared computer."""
    Answers(request).forget()
    for kept in (JOINED, "gift", "taking_up", paying.PAYING):
        request.session.pop(kept, None)
    return redirect("members:join")
