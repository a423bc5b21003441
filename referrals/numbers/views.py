"""The three pages of figures, and each as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dcsn.access import Permission, public, requires
from dcsn.access.requests import SignedInRequest
from dcsn.csv_export import csv_response
from dcsn.figures.charts import picture_of
from dcsn.figures.periods import (
    NoSuchPeriod,
    Period,
    choices,
    current,
    last_full,
    period_of,
)
from dcsn.network import network
from directory.models import Organisation
from members.access import access_points_of
from referrals.numbers.protecting import protected
from referrals.numbers.reporting import report_of_hub, report_of_network
from referrals.numbers.shapes import Report

# The network's figures are the same for everybody: worked out once an hour.
KEPT_FOR = 60 * 60
# Part of the key under which a report is kept: to be raised when what a report holds changes, so that a
# new release does not read what the old one kept.
REPORTS_OF = 3


@dataclass(frozen=True)
class _Chosen:
    """What the page was asked for, and what is wrong with it."""

    period: Period
    error: str = ""


@dataclass(frozen=True)
class _Drawn:
    """A report, and a picture of each of its tables."""

    report: Report
    pictures: list[SafeString]


@requires(Permission.NUMBERS_HUB)
@require_safe
def hub_page(request: SignedInRequest) -> HttpResponse:
    """Everything about one's own access point, exact."""
    hubs, hub = _hub(request)
    chosen = _chosen(request, current("quarter", timezone.localdate()), running=True)
    report = report_of_hub(
        hub=hub.id, name=hub.name, period=chosen.period, today=timezone.localdate()
    )
    return _page(request, _drawn(report), chosen, "numbers:hub", hubs=hubs, hub=hub)


@requires(Permission.NUMBERS_HUB)
@require_safe
def hub_csv(request: SignedInRequest) -> HttpResponse:
    _hubs, hub = _hub(request)
    period = _period_or_404(request, current("quarter", timezone.localdate()), running=True)
    return _file(
        report_of_hub(hub=hub.id, name=hub.name, period=period, today=timezone.localdate())
    )


@requires(Permission.NUMBERS_NETWORK)
@require_safe
def network_page(request: SignedInRequest) -> HttpResponse:
    """Totals of the network for those who pay for it: rounded, without small numbers."""
    chosen = _chosen(request, last_full("quarter", timezone.localdate()), running=True)
    return _page(request, _of_network(chosen.period), chosen, "numbers:network")


@requires(Permission.NUMBERS_NETWORK)
@require_safe
def network_csv(request: SignedInRequest) -> HttpResponse:
    period = _period_or_404(request, last_full("quarter", timezone.localdate()), running=True)
    return _file(_of_network(period).report)


@public
@require_safe
def public_page(request: HttpRequest) -> HttpResponse:
    """The same totals for everybody, of periods that are over."""
    chosen = _chosen(request, last_full("quarter", timezone.localdate()), running=False)
    return _page(request, _of_network(chosen.period), chosen, "numbers:public")


@public
@require_safe
def public_csv(request: HttpRequest) -> HttpResponse:
    period = _period_or_404(request, last_full("quarter", timezone.localdate()), running=False)
    return _file(_of_network(period).report)


def _of_network(period: Period) -> _Drawn:
    """The network's report with its pictures, which cost more than the rest of the page."""
    today = timezone.localdate()

    def worked_out() -> _Drawn:
        return _drawn(protected(report_of_network(name=network().name, period=period, today=today)))

    key = f"numbers:{REPORTS_OF}:{period.code}:{today}:{get_language()}"
    return cache.get_or_set(key, worked_out, KEPT_FOR)  # type: ignore[return-value]


def _drawn(report: Report) -> _Drawn:
    return _Drawn(report, [picture_of(table) for table in report.tables])


def _hub(request: SignedInRequest) -> tuple[list[Organisation], Organisation]:
    """The access points that the user leads, and the one that is asked for; 404 for somebody else's."""
    hubs = access_points_of(request.user, Permission.NUMBERS_HUB)
    if not hubs:
        raise PermissionDenied
    asked = request.GET.get("hub", "")
    if not asked:
        return hubs, hubs[0]
    try:
        wanted = UUID(asked)
    except ValueError:
        raise Http404 from None
    for hub in hubs:
        if hub.id == wanted:
            return hubs, hub
    raise Http404


def _chosen(request: HttpRequest, usual: Period, *, running: bool) -> _Chosen:
    code = request.GET.get("period", "")[:20]
    if not code:
        return _Chosen(usual)
    try:
        return _Chosen(_period(code, running=running))
    except NoSuchPeriod as error:
        return _Chosen(usual, str(error))


def _period_or_404(request: HttpRequest, usual: Period, *, running: bool) -> Period:
    code = request.GET.get("period", "")[:20]
    try:
        return _period(code, running=running) if code else usual
    except NoSuchPeriod as error:
        raise Http404 from error


def _period(code: str, *, running: bool) -> Period:
    today: date = timezone.localdate()
    period = period_of(code, today)
    if not running and not period.is_over(today):
        raise NoSuchPeriod(_("This period is not over yet. Choose an earlier one."))
    return period


def _page(
    request: HttpRequest, drawn: _Drawn, chosen: _Chosen, name: str, **context: Any
) -> HttpResponse:
    today = timezone.localdate()
    hub = context.get("hub")
    query = f"period={chosen.period.code}" + (f"&hub={hub.id}" if hub else "")
    return render(
        request,
        f"referrals/numbers/{name.split(':')[1]}.html",
        {
            "report": drawn.report,
            "period": chosen.period,
            "before": chosen.period.before(),
            "is_over": chosen.period.is_over(today),
            "error": chosen.error,
            "choices": choices(today, running=name != "numbers:public"),
            "tables": list(zip(drawn.report.tables, drawn.pictures, strict=True)),
            "file": f"{reverse(f'{name}_csv')}?{query}",
            **context,
        },
    )


def _file(report: Report) -> HttpResponse:
    return csv_response(
        f"numbers-{report.period.code}.csv",
        [
            _("Figures"),
            report.of,
            str(report.period),
            _("this period"),
            _("the period before: %(period)s") % {"period": report.period.before()},
            _("counted"),
        ],
        report.rows(),
    )
