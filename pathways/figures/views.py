"""The commissioner's report: a page and a file, of fixed tables and of periods that anybody else gets too."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.csv_export import csv_response
from dcsn.figures.periods import NoSuchPeriod, Period, choices, current, period_of
from pathways.figures.reporting import Report, as_at, report_for

# The same for everybody, and for a whole month: worked out once an hour at most.
KEPT_FOR = 60 * 60
# To be raised when what a report holds changes: a new release does not read what the old one kept.
REPORTS_OF = 2


@requires(Permission.PATHWAY_FIGURES)
@require_safe
def report_page(request: SignedInRequest) -> HttpResponse:
    """Totals of all pathways that began in a year or a quarter. Nobody is in it, so nobody is audited."""
    error = ""
    try:
        period = _period(request)
    except NoSuchPeriod as wrong:
        period, error = _usual(), str(wrong)
    return render(
        request,
        "pathways/figures/report.html",
        {
            "report": _kept(period),
            "period": period,
            "error": error,
            "choices": _choices(),
            "file": f"{reverse('pathways:figures_csv')}?period={period.code}",
        },
    )


@requires(Permission.PATHWAY_FIGURES)
@require_safe
def report_csv(request: SignedInRequest) -> HttpResponse:
    try:
        period = _period(request)
    except NoSuchPeriod as wrong:
        raise Http404 from wrong
    return csv_response(
        f"pathways-{period.code}.csv",
        [_("Table"), _("Line"), str(period), _("value"), _("counted")],
        _kept(period).rows(),
    )


def _kept(period: Period) -> Report:
    today = timezone.localdate()
    key = f"pathways:figures:{REPORTS_OF}:{period.code}:{as_at(today)}:{get_language()}"
    return cache.get_or_set(key, lambda: report_for(period=period, today=today), KEPT_FOR)  # type: ignore[return-value]


def _usual() -> Period:
    """The year that runs: of a year that is just over, few have been asked a second time."""
    return current("year", timezone.localdate())


def _period(request: HttpRequest) -> Period:
    """A year or a quarter; in a month too few begin for anything to be shown."""
    code = request.GET.get("period", "")[:20]
    if not code:
        return _usual()
    period = period_of(code, timezone.localdate())
    if period.kind == "month":
        raise NoSuchPeriod(_("Choose a period from the list."))
    return period


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    found = choices(timezone.localdate(), running=True)
    return [
        (heading, offered)
        for heading, offered in reversed(found)
        if not any(code.startswith("month") for code, _name in offered)
    ]
