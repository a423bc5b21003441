"""What the hours given are counted as: exact for one's own organisation, without small numbers for all."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.csv_export import csv_response
from volunteers.giving.thanks_forms import StretchOfDaysForm
from volunteers.giving.value import Value, value_of, without_small
from volunteers.models import Hours


def _asked(request: SignedInRequest) -> tuple[StretchOfDaysForm, Value | None, bool]:
    """The stretch of days, what was given in it (None when the days are wrong), and whether small numbers
    are left out."""
    form = StretchOfDaysForm(request.GET)
    network = scope_of_permission(request.user, Permission.HOURS_CONFIRM).network
    if not form.is_valid():
        return form, None, network
    value = value_of(
        Hours.objects.visible_to(request.user),
        begins=form.cleaned_data["begins"],
        ends=form.cleaned_data["ends"],
        name_of_total=_("Together"),
    )
    return form, without_small(value) if network else value, network


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    form, value, network = _asked(request)
    if value is not None:
        # Show the days that were taken where none were typed.
        shown = StretchOfDaysForm(initial=form.cleaned_data)
    return render(
        request,
        "volunteers/giving/value.html",
        {
            "here": "value",
            "form": form if value is None else shown,
            "value": value,
            "without_small": network,
            "typed": form.cleaned_data if value is not None else {},
            "query": request.GET.urlencode(),
        },
        status=200 if value is not None else 422,
    )


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def csv(request: SignedInRequest) -> HttpResponse:
    """The same as a file; what is not shown on the page is not in it either."""
    _form, value, _network = _asked(request)
    lines = [] if value is None else [*value.lines, value.total]
    return csv_response(
        "value-of-hours.csv",
        [_("Organisation"), _("Volunteers"), _("Minutes"), _("Value in pence")],
        [
            (line.name, line.volunteers, line.minutes, line.pence)
            if not line.is_hidden
            else (line.name, _("not shown"), _("not shown"), _("not shown"))
            for line in lines
        ],
    )
