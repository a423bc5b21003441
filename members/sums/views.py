"""The sums of the membership, for the officer; and as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.csv_export import csv_response
from dcsn.figures.charts import picture_of
from dcsn.figures.shapes import Pence, rows
from members.sums import study
from members.sums.arithmetic import Assumptions
from members.sums.assumptions import AssumptionsForm, address_of, initial_of
from members.sums.report import counted, forecast_of

COHORTS = ("year", "month")


@requires(Permission.SUMS_VIEW)
@never_cache
@require_safe
def sums(request: SignedInRequest) -> HttpResponse:
    """Members, who stays, income, the safety net; and what might be, under assumptions of one's own."""
    today = timezone.localdate()
    by = _by(request)
    found = counted(today, by=by)
    form, given = _assumed(request, found.today)
    might_be = forecast_of(given)
    printed = study.first_year(study.STUDY)
    return render(
        request,
        "members/sums/sums.html",
        {
            "today": today,
            "by": by,
            "tables": [(table, picture_of(table)) for table in found.tables],
            "form": form,
            "forecast": (might_be.table, picture_of(might_be.table)),
            "is_changed": given != found.today,
            "study": (might_be.study, ""),
            "study_total": Pence(printed.total),
            "study_fees": Pence(printed.fees),
            "study_hours": Pence(printed.hours),
            "printed": Pence(study.PRINTED),
            "nearly": Pence(study.as_printed().total),
            "apart": Pence(study.PRINTED - study.as_printed().total),
            "missing": Pence(printed.total - study.PRINTED),
            "study_address": address_of(study.STUDY),
            "southwark_address": address_of(study.SOUTHWARK),
            "shared_address": address_of(given),
            "file": f"{reverse('members:sums_csv')}?{urlencode({'by': by})}&{address_of(given)}",
        },
    )


@requires(Permission.SUMS_VIEW)
@never_cache
@require_safe
def sums_csv(request: SignedInRequest) -> HttpResponse:
    """All tables of the page in one file, with the assumptions."""
    today = timezone.localdate()
    found = counted(today, by=_by(request))
    form, given = _assumed(request, found.today)
    might_be = forecast_of(given)
    assumed = (
        (_("What is assumed"), str(form.fields[name].label), "", _plain(name, value), "")
        for name, value in initial_of(given).items()
    )
    return csv_response(
        f"sums-{today:%Y-%m-%d}.csv",
        [_("Table"), _("Line"), _("Column"), _("Value"), _("Counted")],
        [*rows(found.tables), *assumed, *rows((might_be.table, might_be.study))],
    )


def _plain(name: str, value: object) -> object:
    return Pence(value).pounds if name in ("price", "rate", "costs") else value  # type: ignore[call-overload]


def _by(request: HttpRequest) -> str:
    by = request.GET.get("by", "")
    return by if by in COHORTS else COHORTS[0]


def _assumed(request: HttpRequest, today: Assumptions) -> tuple[AssumptionsForm, Assumptions]:
    """The form, and what it assumes; what cannot be read leaves all as it is today, and the page says so."""
    asked = any(name in request.GET for name in AssumptionsForm.base_fields)
    if not asked:
        return AssumptionsForm(initial=initial_of(today)), today
    form = AssumptionsForm(request.GET)
    return form, form.assumptions(today) if form.is_valid() else today
