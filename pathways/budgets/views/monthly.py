"""Budgets by month for those who pay: a page and two files, of fixed tables and of whole financial years."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.csv_export import csv_response
from dcsn.figures.periods import NoSuchPeriod, Period, choices, current, period_of
from dcsn.figures.small import LEAST
from pathways.budgets.monthly import COLUMNS, LAYOUT, ROUNDED_TO, Monthly, monthly, shown_until


@requires(Permission.BUDGET_FIGURES)
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """Totals of all budgets, month by month. Nobody is in it, so nobody is audited."""
    error = ""
    try:
        year = _year(request)
    except NoSuchPeriod as wrong:
        year, error = _usual(), str(wrong)
    found = _of(year)
    return render(
        request,
        "pathways/budgets/monthly.html",
        {
            "tables": found.tables,
            "months": found.months,
            "year": year,
            "error": error,
            "choices": choices(timezone.localdate(), running=True)[-1][1],
            "csv": f"{reverse('pathways:budget_figures_csv')}?year={year.code}",
            "json": f"{reverse('pathways:budget_figures_json')}?year={year.code}",
        },
    )


@requires(Permission.BUDGET_FIGURES)
@require_safe
def csv_file(request: SignedInRequest) -> HttpResponse:
    """A line a month; a word where an amount is hidden."""
    found = _of(_year_or_404(request))
    return csv_response(
        f"budgets-by-month-{found.year.first:%Y-%m}.csv",
        COLUMNS,
        [[_("hidden") if cell is None else cell for cell in row.values()] for row in found.rows()],
    )


@requires(Permission.BUDGET_FIGURES)
@require_safe
def json_file(request: SignedInRequest) -> HttpResponse:
    found = _of(_year_or_404(request))
    body: dict[str, Any] = {
        "layout": LAYOUT,
        "unit": "pence",
        "rounded_to": ROUNDED_TO,
        "least_people": LEAST,
        "first": found.year.first.isoformat(),
        "last": found.year.last.isoformat(),
        "rows": list(found.rows()),
    }
    answer = JsonResponse(body)
    name = f"budgets-by-month-{found.year.first:%Y-%m}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _of(year: Period) -> Monthly:
    return monthly(year=year, today=timezone.localdate())


def _usual() -> Period:
    """The financial year of the newest month that is shown."""
    last_shown = shown_until(timezone.localdate()).replace(day=1)
    year = current("year", last_shown)
    return year if year.first < last_shown else year.before()


def _year(request: HttpRequest) -> Period:
    code = request.GET.get("year", "")[:20]
    if not code:
        return _usual()
    period = period_of(code, timezone.localdate())
    if period.kind != "year":
        raise NoSuchPeriod(_("Choose a year from the list."))
    return period


def _year_or_404(request: HttpRequest) -> Period:
    try:
        return _year(request)
    except NoSuchPeriod as wrong:
        raise Http404 from wrong
