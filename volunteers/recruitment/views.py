"""The recruitment figures: of one's own organisation, or of all for the volunteer centre; and as a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.csv_export import csv_response
from dcsn.figures.charts import picture_of
from dcsn.figures.periods import NoSuchPeriod, choices, current, period_of
from dcsn.figures.shapes import rows
from volunteers.models import Volunteer
from volunteers.recruitment import study
from volunteers.recruitment.report import Report, report_of, study_tables


@requires(Permission.VOLUNTEER_VIEW)
@never_cache
@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """Who came, how far, who stayed, what stood in the way; beside the study's survey."""
    today, error = timezone.localdate(), ""
    try:
        report = _report(request)
    except NoSuchPeriod as problem:
        error = str(problem)
        report = _report(request, code=current("year", today).code)
    return render(
        request,
        "volunteers/recruitment/figures.html",
        {
            "report": report,
            "error": error,
            "choices": choices(today, running=True),
            "tables": [(table, picture_of(table)) for table in report.tables],
            "study": [(table, picture_of(table)) for table in study_tables()],
            "printed_hours": study.PRINTED_HOURS,
            "mean_hours": study.mean_hours(),
            "is_over": report.period.is_over(today),
        },
    )


@requires(Permission.VOLUNTEER_VIEW)
@never_cache
@require_safe
def figures_csv(request: SignedInRequest) -> HttpResponse:
    try:
        report = _report(request)
    except NoSuchPeriod as problem:
        raise Http404 from problem
    return csv_response(
        f"volunteers-{report.period.code}.csv",
        [_("Table"), _("Line"), _("Column"), _("Value"), _("Counted")],
        rows((*report.tables, *study_tables())),
    )


def _report(request: SignedInRequest, code: str | None = None) -> Report:
    today = timezone.localdate()
    asked = code or request.GET.get("period") or current("year", today).code
    return report_of(
        period_of(asked, today),
        now=timezone.now(),
        among=_theirs(request.user),
        protect=request.GET.get("for") == "publishing",
    )


def _theirs(user: Any) -> Any:
    """Those who came to an organisation where ``user`` looks after volunteers; forgotten ones too, which
    are counts by now."""
    scope = scope_of_permission(user, Permission.VOLUNTEER_VIEW)
    everybody = Volunteer.objects.all()
    return everybody if scope.network else everybody.filter(organisation_id__in=scope.organisations)
