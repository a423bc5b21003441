"""A budget on a pathway: what the person's needs come to, amounts and names, and every penny of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize, file_name, pdf_response
from pathways.access import pathway_or_404
from pathways.actions import budgets as actions
from pathways.actions import ledger
from pathways.actions.allocation import assess_needs, in_force
from pathways.budgets.access import budget_or_404
from pathways.budgets.forms import AgreeForm, MoneyMoveForm, NeedsForm, ProposeForm, ReverseForm
from pathways.budgets.paper import statement_pdf, working_pdf
from pathways.budgets.statement import statement_of
from pathways.budgets.words import a_week, pounds_and_pence, score_lines, working_lines
from pathways.events import BUDGET_VIEWED
from pathways.models import Budget, BudgetAgreement, BudgetState, LedgerEntry
from pathways.refusals import ChangedMeanwhile, Refused, SentBefore

Role = BudgetAgreement.Role


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """The table's questions, gone through with the person; their points are an indicative budget."""
    pathway = pathway_or_404(request.user, pathway_id)
    version = in_force()
    if version is None:
        return render(request, "pathways/budgets/needs.html", {"pathway": pathway, "version": None})
    standing = pathway.needs.filter(allocation=version).exclude(state="superseded").first()
    initial = {}
    if standing is not None:
        for number, domain in enumerate(version.questions.domains, 1):
            initial[f"q{number}"] = standing.answers.get(domain.code, "")
        initial["counts_on_carer"] = standing.carer_agreed_on is not None
        initial["carer_agreed_on"] = standing.carer_agreed_on
    form = NeedsForm(request.POST or None, table=version.questions, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            budget = assess_needs(
                pathway=pathway,
                allocation=version,
                answers=form.answers,
                counts_on_carer=form.cleaned_data["counts_on_carer"],
                carer_agreed_on=form.cleaned_data["carer_agreed_on"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down. The working stands below, line by line."))
            return redirect("pathways:budget", budget.pk)
    return render(
        request,
        "pathways/budgets/needs.html",
        {"form": form, "pathway": pathway, "version": version},
        status=422 if form.errors else 200,
    )


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def budget(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    """All of one budget. Looking is written down."""
    found = budget_or_404(request.user, budget_id)
    record(
        BUDGET_VIEWED,
        by=request.user,
        subject=found.pathway.person_id,
        organisation=found.pathway.organisation_id,
        details={"budget": found.id},
    )
    return _page(request, found)


def _page(
    request: SignedInRequest,
    found: Budget,
    *,
    propose: ProposeForm | None = None,
    agree: AgreeForm | None = None,
    money: MoneyMoveForm | None = None,
) -> HttpResponse:
    wrong = next((one for one in (propose, agree, money) if one is not None and one.errors), None)
    missing = actions.missing_names(found)
    return render(
        request,
        "pathways/budgets/budget.html",
        {
            "budget": found,
            "pathway": found.pathway,
            "person": found.pathway.person,
            "working": working_of(found),
            "statement": statement_of(found),
            "names": list(found.agreements.filter(version=found.version)),
            "next_name": missing[0] if missing else "",
            "plan_in_place": actions.plan_of(found) is not None,
            "propose": propose or ProposeForm(initial=_proposed(found)),
            "agree": agree or AgreeForm(initial=_signing(request, found, missing)),
            "money": money or MoneyMoveForm(),
            "form": wrong,
            "sizes": [int(size) for size in PrintSize],
            "others": found.pathway.budgets.exclude(pk=found.pk).exclude(state="indicative"),
        },
        status=422 if wrong else 200,
    )


def working_of(found: Budget) -> dict[str, Any] | None:
    """The answers and the working of the indicative amount; None where nobody went through the needs."""
    standing = found.needs
    if standing is None or standing.points is None or found.indicative_pence is None:
        return None
    table = standing.allocation
    return {
        "points": standing.points,
        "scores": score_lines(table.questions.score(standing.answers)) if standing.answers else [],
        "lines": working_lines(table.figures, standing.points),
        "amount": pounds_and_pence(found.indicative_pence),
        "week": a_week(found.indicative_pence),
        "version": table,
    }


def _proposed(found: Budget) -> dict[str, Any]:
    fresh = found.state == BudgetState.INDICATIVE
    total = (found.indicative_pence or 0) if fresh else found.total_pence
    return {
        "council": total if fresh else found.council_pence,
        "person": 0 if fresh else found.person_pence,
        "total": total,
        "because": found.because,
        "starts_on": found.starts_on or timezone.localdate(),
        "version": found.version,
    }


def _signing(request: SignedInRequest, found: Budget, missing: list[str]) -> dict[str, Any]:
    name = request.user.name or request.user.email
    if missing and missing[0] == Role.PERSON and found.pathway.person is not None:
        name = found.pathway.person.name
    return {"name": name, "version": found.version}


def _to(found: Budget) -> HttpResponseRedirect:
    return redirect("pathways:budget", found.pk)


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_POST
def propose(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    found = budget_or_404(request.user, budget_id)
    form = ProposeForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.propose(
                budget=found,
                council_pence=typed["council"],
                person_pence=typed["person"],
                because=typed["because"],
                starts_on=typed["starts_on"],
                version=typed["version"],
                by=request.user,
            )
        except ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            # What it says now stands on the page: sent again, it is meant.
            found.refresh_from_db()
            again = request.POST.copy()
            again["version"] = str(found.version)
            form.data = again
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Three people agree to it, the person first."))
            return _to(found)
    return _page(request, found, propose=form)


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_POST
def agree(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    """The person's name, then the planner's; the authoriser signs on a page of their own."""
    found = budget_or_404(request.user, budget_id)
    form = AgreeForm(request.POST)
    missing = actions.missing_names(found)
    if not missing or missing[0] == Role.AUTHORISER:
        return _to(found)
    if form.is_valid():
        try:
            actions.agree(budget=found, role=missing[0], by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The name stands under it."))
            return _to(found)
    return _page(request, found, agree=form)


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_POST
def money(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    """Paid in, promised, spent, set aside, given back: one entry."""
    found = budget_or_404(request.user, budget_id)
    form = MoneyMoveForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        facts = {
            "budget": found,
            "pence": typed["amount"],
            "key": typed["key"],
            "by": request.user,
            "on": typed["on"],
        }
        try:
            _move(form, facts)
        except SentBefore as refusal:
            form.add_error(None, str(refusal))
            form.take_another_key()
        except Refused as refusal:
            form.add_error("amount", str(refusal))
        else:
            messages.success(request, _("Written down."))
            return _to(found)
    return _page(request, found, money=form)


def _move(form: MoneyMoveForm, facts: dict[str, Any]) -> LedgerEntry:
    what = form.cleaned_data["what"]
    if what in (form.IN_COUNCIL, form.IN_PERSON):
        return ledger.pay_in(source=form.source, **facts)
    if what in (form.SPENT, form.SPENT_PROMISED):
        return ledger.spend(
            promised=what == form.SPENT_PROMISED, spent_on=form.cleaned_data["spent_on"], **facts
        )
    ways: dict[str, Callable[..., LedgerEntry]] = {
        form.PROMISED: ledger.promise,
        form.ASIDE: ledger.set_aside,
        form.BACK: ledger.give_back,
    }
    return ways[what](**facts)


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reverse_entry(request: SignedInRequest, budget_id: UUID, entry_id: UUID) -> HttpResponse:
    """Nothing is edited: the opposite is written down, with the reason."""
    found = budget_or_404(request.user, budget_id)
    entry = get_object_or_404(found.entries.prefetch_related("lines"), pk=entry_id)
    form = ReverseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ledger.reverse(
                entry=entry,
                key=form.cleaned_data["key"],
                why=form.cleaned_data["why"],
                by=request.user,
            )
        except SentBefore as refusal:
            form.add_error(None, str(refusal))
            form.take_another_key()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken back by its opposite; both stay to be seen."))
            return _to(found)
    line = next(one for one in statement_of(found).entries if one.entry.pk == entry.pk)
    return render(
        request,
        "pathways/budgets/reverse.html",
        {"form": form, "budget": found, "line": line},
        status=422 if form.errors else 200,
    )


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_POST
def revise(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    found = budget_or_404(request.user, budget_id)
    try:
        found = actions.revise(budget=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("This one is to take the other's place. Until it is agreed, that one holds.")
        )
    return _to(found)


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_POST
def close(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    found = budget_or_404(request.user, budget_id)
    try:
        actions.close(budget=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The budget is closed. What was left has gone back."))
    return _to(found)


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def sheet(request: SignedInRequest, budget_id: UUID) -> HttpResponse:
    """On paper for the person: the working, or with ``what=money`` the money."""
    found = budget_or_404(request.user, budget_id)
    record(
        BUDGET_VIEWED,
        by=request.user,
        subject=found.pathway.person_id,
        organisation=found.pathway.organisation_id,
        details={"budget": found.id},
    )
    return budget_sheet(found, request.GET.get("size"), request.GET.get("what", ""))


def budget_sheet(found: Budget, size_asked: str | None, what: str) -> HttpResponse:
    person = found.pathway.person
    size = PrintSize.read(size_asked or str((person and person.print_size) or ""))
    working = working_of(found)
    if what != "money" and working is not None:
        pdf, name = working_pdf(working, working["version"], size), _("indicative budget")
    else:
        pdf, name = statement_pdf(statement_of(found), size), _("budget")
    return pdf_response(pdf, file_name(name, size=size, on=timezone.localdate()))
