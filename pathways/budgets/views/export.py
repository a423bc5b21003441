"""Budgets for the accounts: by month and without names, as CSV and as JSON."""

from __future__ import annotations

from dataclasses import asdict, astuple
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.csv_export import csv_response
from dcsn.forms import DateField
from pathways.budgets.export import COLUMNS, LAYOUT, rows
from pathways.events import BUDGETS_EXPORTED


class PeriodForm(forms.Form):
    first = DateField(label=_("From"))
    last = DateField(label=_("Until"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("first") and typed.get("last") and typed["last"] < typed["first"]:
            self.add_error("last", _("This day is before the first"))
        return typed


def financial_year(today: date) -> tuple[date, date]:
    """A council's year begins on 1 April."""
    first = date(today.year - (today < date(today.year, 4, 1)), 4, 1)
    return first, today


def _form(request: SignedInRequest) -> PeriodForm:
    asked = any(name.startswith(("first", "last")) for name in request.GET)
    first, last = financial_year(timezone.localdate())
    return PeriodForm(request.GET if asked else None, initial={"first": first, "last": last})


@requires(Permission.BUDGET_EXPORT)
@never_cache
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """The sums of the period, and the two files."""
    form = _form(request)
    period = _period(form)
    found = list(rows(*period)) if period else []
    shown = {
        "paid_in": sum(row.paid_in_council + row.paid_in_person for row in found),
        "spent": sum(row.spent for row in found),
        "returned": sum(row.returned for row in found),
        "budgets": len({row.budget for row in found}),
        "rows": len(found),
    }
    return render(
        request,
        "pathways/budgets/export.html",
        {
            "form": form,
            "shown": shown,
            "period": period,
            "columns": COLUMNS,
            "query": request.GET.urlencode(),
        },
    )


def _period(form: PeriodForm) -> tuple[date, date] | None:
    if not form.is_bound:
        return financial_year(timezone.localdate())
    if form.is_valid():
        return form.cleaned_data["first"], form.cleaned_data["last"]
    return None


@requires(Permission.BUDGET_EXPORT)
@never_cache
@require_safe
def csv_file(request: SignedInRequest) -> HttpResponse:
    period = _period(_form(request))
    if period is None:
        return redirect("pathways:budget_export")
    found = list(rows(*period))
    record(BUDGETS_EXPORTED, by=request.user, details={"count": len(found), "format": "csv"})
    name = f"budgets-{period[0].isoformat()}-{period[1].isoformat()}.csv"
    return csv_response(name, COLUMNS, [astuple(row) for row in found])


@requires(Permission.BUDGET_EXPORT)
@never_cache
@require_safe
def json_file(request: SignedInRequest) -> HttpResponse:
    period = _period(_form(request))
    if period is None:
        return redirect("pathways:budget_export")
    found = list(rows(*period))
    record(BUDGETS_EXPORTED, by=request.user, details={"count": len(found), "format": "json"})
    answer = JsonResponse(
        {
            "layout": LAYOUT,
            "unit": "pence",
            "first": period[0].isoformat(),
            "last": period[1].isoformat(),
            "rows": [asdict(row) for row in found],
        }
    )
    name = f"budgets-{period[0].isoformat()}-{period[1].isoformat()}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
