"""The officer's pages about plans: the list, one plan, new terms from a day with what they mean."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from members.joining.prices import say_duration, say_price
from members.models import Plan, PlanTerms
from members.plans.actions import add_plan, add_terms, change_plan, offer_plan, remove_terms
from members.plans.examples import worked_examples
from members.plans.forms import PlanForm, TermsForm, from_terms
from members.refusals import Refused


@requires(Permission.PLAN_CHANGE)
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Every plan, what it costs today, and what comes. The same queries however many there are."""
    today = timezone.localdate()
    plans = Plan.objects.prefetch_related("terms").annotate(
        members=Count("memberships", filter=Q(memberships__stored=""))
    )
    rows = []
    for plan in plans:
        holds, coming, _past = _sorted(plan, today)
        rows.append((plan, _said(holds) if holds else None, coming[0] if coming else None))
    return render(request, "members/plans/list.html", {"rows": rows})


@requires(Permission.PLAN_CHANGE)
@never_cache
@require_safe
def one(request: SignedInRequest, code: str) -> HttpResponse:
    """What holds today, what comes, and what was."""
    return _page(request, _plan(code))


def _page(request: SignedInRequest, plan: Plan, refusal: str = "") -> HttpResponse:
    today = timezone.localdate()
    holds, coming, past = _sorted(plan, today)
    return render(
        request,
        "members/plans/one.html",
        {
            "plan": plan,
            "holds": _said(holds) if holds else None,
            "coming": [_said(terms) for terms in coming],
            "past": [_said(terms) for terms in past],
            "examples": worked_examples(holds, today, why=_("today")) if holds else [],
            "refusal": refusal,
        },
        status=409 if refusal else 200,
    )


@requires(Permission.PLAN_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """What it is; the price comes next."""
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = add_plan(facts=form.facts, by=request.user)
        except (Refused, ValidationError) as refusal:
            form.add_error(None, _words(refusal))
        else:
            messages.success(request, _("The plan is added. Now set its price."))
            return redirect("members:plan_terms", plan.code)
    return render(request, "members/plans/form.html", {"form": form, "plan": None})


@requires(Permission.PLAN_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, code: str) -> HttpResponse:
    """Its name, for whom, what it gives, how many share it."""
    plan = _plan(code)
    form = PlanForm(request.POST or None, instance=plan)
    if request.method == "POST" and form.is_valid():
        try:
            change_plan(
                plan=plan,
                facts=form.facts,
                version=form.cleaned_data["version"] or 0,
                by=request.user,
            )
        except (Refused, ValidationError) as refusal:
            form.add_error(None, _words(refusal))
        else:
            messages.success(request, _("The plan is changed."))
            return redirect("members:plan", plan.code)
    return render(request, "members/plans/form.html", {"form": form, "plan": plan})


@requires(Permission.PLAN_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: SignedInRequest, code: str) -> HttpResponse:
    """A new price from a day. First what it means, worked out; saved only when that was read."""
    plan = _plan(code)
    today = timezone.localdate()
    holds = plan.terms_on(today)
    form = TermsForm(request.POST or None, initial=_initial(plan, holds, today))
    meaning: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        typed = form.terms
        if "save" in request.POST:
            try:
                add_terms(
                    plan=plan, terms=typed, version=form.cleaned_data["version"], by=request.user
                )
            except (Refused, ValidationError) as refusal:
                form.add_error(None, _words(refusal))
            else:
                messages.success(request, _("The terms are set."))
                return redirect("members:plan", plan.code)
        meaning = {
            "said": _said(typed),
            "posted": [
                (name, value)
                for name, value in request.POST.items()
                if name not in ("csrfmiddlewaretoken", "save", "change")
            ],
            "examples": worked_examples(typed, typed.valid_from),
        }
    checking = bool(meaning) and not form.errors and "change" not in request.POST
    return render(
        request,
        "members/plans/terms_check.html" if checking else "members/plans/terms.html",
        {"form": form, "plan": plan, "holds": _said(holds) if holds else None, **meaning},
    )


@requires(Permission.PLAN_CHANGE)
@never_cache
@require_POST
def remove(request: SignedInRequest, code: str, terms_id: UUID) -> HttpResponse:
    """Take back what has not begun."""
    plan = _plan(code)
    row = plan.terms.filter(pk=terms_id).first()
    if row is None:
        return redirect("members:plan", plan.code)
    try:
        remove_terms(terms=row, version=_version(request), by=request.user)
    except Refused as refusal:
        return _page(request, _plan(code), str(refusal))
    messages.success(request, _("It is taken back."))
    return redirect("members:plan", plan.code)


@requires(Permission.PLAN_CHANGE)
@never_cache
@require_POST
def offer(request: SignedInRequest, code: str) -> HttpResponse:
    """Let people join it, or stop."""
    plan = _plan(code)
    offered = request.POST.get("offered") == "yes"
    try:
        offer_plan(plan=plan, offered=offered, version=_version(request), by=request.user)
    except Refused as refusal:
        return _page(request, _plan(code), str(refusal))
    messages.success(
        request,
        _("People can join it now.")
        if offered
        else _("Nobody can join it any more. Its members stay, and can renew."),
    )
    return redirect("members:plan", plan.code)


def _plan(code: str) -> Plan:
    return get_object_or_404(Plan.objects.prefetch_related("terms"), code=code)


def _sorted(plan: Plan, today: date) -> tuple[PlanTerms | None, list[PlanTerms], list[PlanTerms]]:
    """What holds today; what comes, the next first; what was, the last first."""
    rows = sorted(plan.terms.all(), key=lambda row: row.valid_from)
    coming = [row for row in rows if row.valid_from > today]
    begun = [row for row in rows if row.valid_from <= today]
    return (begun[-1] if begun else None), coming, begun[-2::-1]


def _said(row: PlanTerms) -> dict[str, Any]:
    """Terms in words."""
    return {
        "row": row,
        "price": say_price(row),
        "concession": say_price(row, concession=True),
        "duration": say_duration(row),
    }


def _initial(plan: Plan, holds: PlanTerms | None, today: date) -> dict[str, Any]:
    if holds is None:
        return {"version": plan.version, "valid_from": today}
    return {"version": plan.version, **from_terms(holds, today + timedelta(days=1))}


def _version(request: SignedInRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _words(refusal: Exception) -> str:
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal)
