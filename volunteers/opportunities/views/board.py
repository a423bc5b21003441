"""The volunteer manager's board, and one volunteer: move on, next step, something that suits better."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from volunteers.access import volunteer_or_404
from volunteers.actions.next_steps import finish_next_step, set_next_step
from volunteers.actions.redirecting import suggest_more
from volunteers.actions.volunteers import Suggestion, latest_step, move_volunteer
from volunteers.actions.volunteers import redirect as redirect_volunteer
from volunteers.becoming.checks import checks_over, running_out
from volunteers.becoming.forms.known import window_in_words
from volunteers.becoming.policies import policies_for
from volunteers.becoming.telling import tell_suggestions
from volunteers.events import VOLUNTEER_VIEWED, VOLUNTEERS_LISTED
from volunteers.helping.telling import way_to
from volunteers.models import Application, NextStep, Volunteer
from volunteers.opportunities.board_forms import MoveForm, RedirectForm, StepForm
from volunteers.refusals import Refused
from volunteers.rules import may_be_contacted
from volunteers.states import UNPLACED, VOLUNTEER, Party, VolunteerState, allowed

ROWS_ON_A_PAGE = 50


@requires(Permission.VOLUNTEER_VIEW)
@never_cache
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """Volunteers in one state, those whose next step is due first; the states with their numbers."""
    mine = Volunteer.objects.visible_to(request.user)
    counts = dict(mine.order_by().values_list("state").annotate(n=Count("pk")))
    asked = request.GET.get("state", "")
    state = asked if asked in VolunteerState.values else ""
    step = NextStep.objects.filter(volunteer=OuterRef("pk"), done_at=None)
    today = timezone.localdate()
    overdue = mine.filter(Exists(step.filter(due_on__lt=today)))
    late = not state and request.GET.get("late") == "1"
    rows = (
        (overdue if late else mine.filter(state=state) if state else mine.unplaced())
        .select_related("person", "organisation")
        .annotate(
            due_on=Subquery(step.values("due_on")[:1]), what=Subquery(step.values("what")[:1])
        )
        .order_by("due_on", "created_at", "id")
    )
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    checks = running_out(request.user)
    record(
        VOLUNTEERS_LISTED,
        by=request.user,
        details={
            "people": sorted(
                {row.person_id for row in page if row.person_id}
                | {check.volunteer.person_id for check in checks if check.volunteer.person_id}
            ),
            "volunteers": sorted(
                {row.pk for row in page} | {check.volunteer_id for check in checks}
            ),
        },
    )
    words = dict(NextStep.What.choices)
    return render(
        request,
        "volunteers/desk/board.html",
        {
            "page": page,
            "rows": [(row, words.get(str(getattr(row, "what", "")), "")) for row in page],
            "states": [
                (value, label, counts.get(value, 0)) for value, label in VolunteerState.choices
            ],
            "state": state,
            "heading": _("should have heard from us")
            if late
            else VolunteerState(state).label
            if state
            else _("waiting for a place"),
            "late": late,
            "late_count": overdue.count(),
            "checks": checks,
            "today": today,
            "query": "late=1&" if late else f"state={state}&" if state else "",
        },
    )


@requires(Permission.VOLUNTEER_VIEW)
@never_cache
@require_safe
def volunteer(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """One volunteer: how they stand, what comes next, what they asked for."""
    row = volunteer_or_404(request.user, volunteer_id)
    record(
        VOLUNTEER_VIEWED,
        by=request.user,
        subject=row.person_id,
        organisation=row.organisation_id,
        details={"volunteer": row.pk},
    )
    return _show(request, row)


def _show(request: SignedInRequest, row: Volunteer, **forms: Any) -> HttpResponse:
    ways = [
        way
        for way in allowed(VOLUNTEER, row.state, Party.STAFF)
        if way not in (VolunteerState.REDIRECTED, VolunteerState.NOT_SUITABLE)
    ]
    return render(
        request,
        "volunteers/desk/volunteer.html",
        {
            "row": row,
            "step": NextStep.objects.filter(volunteer=row).open().first(),
            "applications": row.applications.select_related("opportunity__organisation"),
            "mine": set(
                Application.objects.visible_to(request.user)
                .filter(volunteer=row)
                .values_list("pk", flat=True)
            ),
            "suggestions": row.redirections.select_related("opportunity", "organisation"),
            "free": [
                window_in_words(*window)
                for window in row.availability.values_list("weekday", "starts", "ends")
            ],
            "checks_over": checks_over(request.user, row),
            "to_agree": len(policies_for(row)),
            "needs_parent": row.needs_parent(timezone.localdate()),
            "waits": row.state in UNPLACED,
            "may_be_unsuitable": can(request.user, Permission.VOLUNTEER_CHECK)
            and (
                row.state == VolunteerState.NOT_SUITABLE
                or VolunteerState.NOT_SUITABLE in allowed(VOLUNTEER, row.state, Party.STAFF)
            ),
            "interests": row.interests.all(),
            "may_be_contacted": may_be_contacted(row),
            "may_redirect": row.state == VolunteerState.REDIRECTED
            or VolunteerState.REDIRECTED in allowed(VOLUNTEER, row.state, Party.STAFF),
            "move_form": forms.get("move") or MoveForm(ways=ways, version=row.version),
            "ways": ways,
            "step_form": forms.get("step") or StepForm(prefix="step", latest=_latest(row)),
            "redirect_form": forms.get("redirect") or RedirectForm(version=row.version),
            "form": next(iter(forms.values()), None),
        },
        status=422 if forms else 200,
    )


@requires(Permission.VOLUNTEER_MANAGE)
@require_POST
def move(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Into another state, by the one way there is."""
    row = volunteer_or_404(request.user, volunteer_id)
    ways = allowed(VOLUNTEER, row.state, Party.STAFF)
    form = MoveForm(request.POST, ways=ways, version=row.version)
    if form.is_valid():
        try:
            moved = move_volunteer(volunteer=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("They are now: %(state)s.") % {"state": moved.get_state_display()}
            )
            return redirect("volunteers:desk_volunteer", row.pk)
    return _show(request, row, move=form)


@requires(Permission.VOLUNTEER_MANAGE)
@require_POST
def step(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """The step is done, and the next one follows; or another one is planned."""
    row = volunteer_or_404(request.user, volunteer_id)
    if "done" in request.POST:
        open_step = NextStep.objects.filter(volunteer=row).open().first()
        # A double click, or an old page, finishes nothing that nobody has looked at.
        if open_step is not None and str(open_step.pk) == request.POST["done"]:
            finish_next_step(step=open_step, by=request.user)
        return redirect("volunteers:desk_volunteer", row.pk)
    form = StepForm(request.POST, prefix="step", latest=_latest(row))
    if form.is_valid():
        set_next_step(volunteer=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The next step is written down."))
        return redirect("volunteers:desk_volunteer", row.pk)
    return _show(request, row, step=form)


def _latest(row: Volunteer) -> date | None:
    return latest_step() if row.state in UNPLACED else None


def _say_to_ring(request: SignedInRequest, row: Volunteer) -> None:
    if not may_be_contacted(row):
        messages.warning(request, _("They are not told before a parent has said yes."))
    elif way_to(row.person, letters=True) is None:
        messages.warning(request, _("Ring them and tell them: they want no messages."))


@requires(Permission.VOLUNTEER_MANAGE)
@require_http_methods(["POST"])
def suggest(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Something that suits them better: at least one role or organisation, never just "no"."""
    row = volunteer_or_404(request.user, volunteer_id)
    form = RedirectForm(request.POST, version=row.version)
    if form.is_valid():
        typed = form.cleaned_data
        note = typed["note"]
        given = [Suggestion(opportunity=role, note=note) for role in typed["opportunities"]]
        if typed["organisation"]:
            given.append(Suggestion(organisation=typed["organisation"], note=note))
        try:
            if row.state == VolunteerState.REDIRECTED:
                with transaction.atomic():
                    if suggest_more(volunteer=row, suggestions=given, by=request.user):
                        tell_suggestions(row, by=request.user)
            else:
                redirect_volunteer(
                    volunteer=row, suggestions=given, by=request.user, version=typed["version"]
                )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The suggestions are written down, and a day to ask again.")
            )
            _say_to_ring(request, row)
            return redirect("volunteers:desk_volunteer", row.pk)
    return _show(request, row, redirect=form)
