"""Rotas at the desk: which roles have one, a week of it, its sheet; making shifts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.doors import Door, register_door
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize, file_name, pdf_response
from directory.hours.clock import london_date
from volunteers.access import opportunity_or_404
from volunteers.actions.rotas import make_shifts
from volunteers.models import Application, Opportunity, Shift
from volunteers.refusals import Refused
from volunteers.rotas.events import ROTA_PRINTED
from volunteers.rotas.forms import ShiftsForm
from volunteers.rotas.rota import name_those_seen, record_seen, week_of_role, week_to_open
from volunteers.rotas.sheet import rota_sheet
from volunteers.rotas.week import Week
from volunteers.states import OpportunityState

ROWS_ON_A_PAGE = 25
_ENDED = (OpportunityState.DONE, OpportunityState.CANCELLED)
register_door(
    Door(
        Permission.VOLUNTEER_MANAGE,
        gettext_lazy("Rotas"),
        gettext_lazy("Who comes when, where somebody is missing, who waits for a place."),
        "volunteers:rotas",
        order=21,
    )
)


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_safe
def rotas(request: SignedInRequest) -> HttpResponse:
    """Roles that have shifts or somebody to come to them, with what is missing in the next four weeks."""
    placed = Application.objects.filter(
        opportunity=OuterRef("pk"), outcome=Application.Outcome.PLACED
    )
    roles = (
        Opportunity.objects.visible_to(request.user)
        .exclude(state__in=_ENDED)
        .filter(Exists(placed) | Exists(Shift.objects.filter(opportunity=OuterRef("pk"))))
        .select_related("organisation")
        .order_by("sort_key", "id")
    )
    page = Paginator(roles, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows: dict[Any, dict[str, Any]] = {
        role.pk: {"role": role, "next": None, "free": 0, "waiting": 0} for role in page
    }
    shifts = (
        Shift.objects.to_come(now)
        .filter(opportunity__in=list(rows), starts_at__lt=now + timedelta(weeks=4))
        .with_places_taken()
    )
    for shift in shifts:
        row = rows[shift.opportunity_id]
        row["next"] = row["next"] or shift.starts_at
        row["free"] += max(shift.places - shift.taken, 0)  # type: ignore[attr-defined]
        row["waiting"] += shift.waiting  # type: ignore[attr-defined]
    return render(
        request,
        "volunteers/rotas/rotas.html",
        {"page": page, "rows": list(rows.values()), "query": ""},
    )


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_safe
def rota(request: SignedInRequest, opportunity_id: UUID) -> HttpResponse:
    """One week of a role; without one that is asked for, the week in which there is something to do."""
    role = opportunity_or_404(request.user, opportunity_id)
    asked = request.GET.get("week")
    week = Week.read(asked) if asked else week_to_open(role)
    this_week = Week.of(timezone.localdate())
    days = week_of_role(role, week)
    places = [place for day in days for row in day.shifts for place in row.everybody]
    name_those_seen(request.user, places)
    record_seen(request.user, places)
    return render(
        request,
        "volunteers/rotas/rota.html",
        {
            "role": role,
            "week": week,
            "days": [day for day in days if day.shifts],
            "is_over": role.state in _ENDED,
            "this_week": this_week,
            "skipped": not asked and week != this_week,
            "sizes": list(PrintSize),
        },
    )


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_safe
def sheet(request: SignedInRequest, opportunity_id: UUID) -> HttpResponse:
    """The week for the wall: given names and a letter, no numbers."""
    role = opportunity_or_404(request.user, opportunity_id)
    week = Week.read(request.GET.get("week"))
    size = PrintSize.read(request.GET.get("size"))
    days = week_of_role(role, week)
    places = [place for day in days for row in day.shifts for place in row.everybody]
    seen = name_those_seen(request.user, places, short=True)
    pdf = rota_sheet(role, week, days, size)
    with transaction.atomic():
        record(
            ROTA_PRINTED,
            by=request.user,
            organisation=role.organisation_id,
            details={
                "opportunity": role.pk,
                "people": sorted(
                    {p.volunteer.person_id for p in places if p.volunteer_id in seen}, key=str
                ),
                "volunteers": seen,
            },
        )
    return pdf_response(
        pdf, file_name(_("Rota %(role)s") % {"role": role.name}, size=size, on=week.monday)
    )


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: SignedInRequest, opportunity_id: UUID) -> HttpResponse:
    """One shift, or one each week until a day."""
    role = opportunity_or_404(request.user, opportunity_id)
    form = ShiftsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_shifts(
                opportunity=role,
                spans=form.spans,
                places=form.cleaned_data["places"],
                note=form.cleaned_data["note"],
                series=form.cleaned_data["key"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, form.said)
            week = Week.of(london_date(min(shift.starts_at for shift in made)))
            address = reverse("volunteers:rota", args=[role.pk])
            return redirect(f"{address}?week={week.monday.isoformat()}")
    return render(
        request,
        "volunteers/rotas/make.html",
        {"role": role, "form": form},
        status=422 if form.errors else 200,
    )
