"""One shift at the desk: who is on it, put somebody on, take off, was there; change it, call it off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from directory.hours.clock import london_date
from volunteers.actions.hours import log_shift
from volunteers.actions.rotas import cancel_series, cancel_shift, change_shift, later_in_series
from volunteers.actions.shifts import (
    give_back_place,
    mark_place,
    reasons_not_to,
    take_shift_place,
)
from volunteers.helping.telling import way_to
from volunteers.models import Hours, Shift, ShiftPlace
from volunteers.refusals import AlreadyBooked, PlaceTaken, Refused
from volunteers.rotas.forms import CallOffForm, ChangeShiftForm, PutOnForm
from volunteers.rotas.rota import (
    RotaShift,
    exchanges_of,
    may_be_put_on,
    name_those_seen,
    record_seen,
    rota_shift,
    with_places,
)
from volunteers.rotas.week import Week

_PLACE_SAID: dict[str, str | Promise] = {
    "off": gettext_lazy("They are taken off. Whoever waits first has moved up."),
    "hours": gettext_lazy("The hours are written down. They count when the volunteer agrees."),
}


def _shift_or_404(request: SignedInRequest, shift_id: UUID) -> Shift:
    return get_object_or_404(
        with_places(
            Shift.objects.visible_to(request.user).select_related("opportunity__organisation")
        ),
        pk=shift_id,
    )


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_safe
def one(request: SignedInRequest, shift_id: UUID) -> HttpResponse:
    row = rota_shift(_shift_or_404(request, shift_id))
    return _page(request, row)


def _page(
    request: SignedInRequest, row: RotaShift, form: PutOnForm | None = None, status: int = 200
) -> HttpResponse:
    exchanges = exchanges_of(row.shift)
    both = [place for one in exchanges for place in (one.offered, one.wanted)]
    name_those_seen(request.user, [*row.everybody, *both])
    record_seen(request.user, [*row.everybody, *both])
    for one in exchanges:
        asked: Any = one
        asked.can_be_answered = one.is_waiting() and one.offered.is_seen and one.wanted.is_seen  # type: ignore[attr-defined]
    for place in row.everybody:
        # Whom no message reaches is rung, and the number stands here.
        seen: Any = place
        seen.is_rung = seen.is_seen and way_to(place.volunteer.person) is None
    now = timezone.now()
    shift = row.shift
    logged = set(
        Hours.objects.filter(shift_place__in=row.on_it).values_list("shift_place", flat=True)
    )
    scope = scope_of_permission(request.user, Permission.HOURS_CONFIRM)
    confirms = scope.network or shift.opportunity.organisation_id in scope.organisations
    for place in row.on_it:
        done: Any = place
        done.hours_logged = place.pk in logged
        done.may_log = confirms and done.is_seen and not done.hours_logged and place.state == "done"
    if form is None:
        form = PutOnForm(volunteers=may_be_put_on(request.user, row))
    return render(
        request,
        "volunteers/rotas/shift.html",
        {
            "row": row,
            "shift": shift,
            "role": shift.opportunity,
            "week": Week.of(london_date(shift.starts_at)),
            "is_over": shift.ends_at <= now,
            "has_begun": shift.starts_at <= now,
            "is_off": shift.cancelled_at is not None,
            "form": form,
            "exchanges": exchanges,
            "to_ring": [one for one in row.everybody if getattr(one, "is_rung", False)],
        },
        status=status,
    )


@requires(Permission.VOLUNTEER_MANAGE)
@require_POST
def put_on(request: SignedInRequest, shift_id: UUID) -> HttpResponse:
    """Somebody of the role comes, or waits; every rule that forbids it is said."""
    row = rota_shift(_shift_or_404(request, shift_id))
    form = PutOnForm(request.POST, volunteers=may_be_put_on(request.user, row))
    if not form.is_valid():
        return _page(request, row, form, status=422)
    typed = form.cleaned_data
    try:
        place = take_shift_place(
            shift=row.shift,
            volunteer=form.chosen,
            or_wait=typed["or_wait"],
            override_reason=typed["override_reason"],
            by=request.user,
        )
    except PlaceTaken as refusal:
        form.add_error("or_wait", str(refusal))
    except Refused as refusal:
        _say_why_not(form, row.shift, refusal)
    else:
        waits = place.state == ShiftPlace.State.WAITING
        messages.success(
            request, _("They are on the waiting list.") if waits else _("They have a place.")
        )
        return redirect("volunteers:shift", row.shift.pk)
    return _page(request, row, form, status=422)


def _say_why_not(form: PutOnForm, shift: Shift, refusal: Refused) -> None:
    reasons = reasons_not_to(shift, form.chosen) or [refusal]
    for reason in reasons:
        # Only an overlap can be decided otherwise: it is said where the reason is written.
        clash = isinstance(reason, AlreadyBooked)
        form.add_error("override_reason" if clash else "volunteer", str(reason))


@requires(Permission.VOLUNTEER_MANAGE)
@require_POST
def place(request: SignedInRequest, place_id: UUID) -> HttpResponse:
    """Take somebody off; write down whether they were there, and the hours that they gave."""
    found = get_object_or_404(
        ShiftPlace.objects.filter(shift__in=Shift.objects.visible_to(request.user)).select_related(
            "shift__opportunity__organisation", "volunteer__person"
        ),
        pk=place_id,
    )
    what = request.POST.get("what", "")
    if what not in ("off", "came", "not", "hours"):
        raise Http404
    try:
        if what == "off":
            give_back_place(place=found, by=request.user)
        elif what == "hours":
            log_shift(place=found, by=request.user)
        else:
            mark_place(place=found, came=what == "came", by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _PLACE_SAID.get(what, _("It is written down.")))
    return redirect("volunteers:shift", found.shift_id)


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, shift_id: UUID) -> HttpResponse:
    shift = _shift_or_404(request, shift_id)
    form = ChangeShiftForm(request.POST or None, initial=ChangeShiftForm.initial_of(shift))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            change_shift(
                shift=shift,
                span=form.span,
                places=typed["places"],
                note=typed["note"],
                version=typed["version"],
                override_reason=typed["override_reason"],
                by=request.user,
            )
        except AlreadyBooked as refusal:
            form.add_error("override_reason", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The shift is changed. Those on it hear when its time is another.")
            )
            return redirect("volunteers:shift", shift.pk)
    return render(
        request,
        "volunteers/rotas/change.html",
        {"shift": shift, "role": shift.opportunity, "form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: SignedInRequest, shift_id: UUID) -> HttpResponse:
    """Call it off; those on it hear, and whom no message reaches stands on the page to be rung."""
    shift = _shift_or_404(request, shift_id)
    row = rota_shift(shift)
    form = CallOffForm(
        request.POST if request.method == "POST" else None, later=later_in_series(shift).count()
    )
    if request.method == "POST" and form.is_valid():
        try:
            typed = form.cleaned_data
            cancel = cancel_series if typed.get("later_too") else cancel_shift
            cancel(shift=shift, words=typed["words"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("They are called off, and those on them are told.")
                if typed.get("later_too")
                else _("It is called off, and those on it are told."),
            )
            return redirect("volunteers:shift", shift.pk)
    return render(
        request,
        "volunteers/rotas/call_off.html",
        {"shift": shift, "role": shift.opportunity, "form": form, "number": len(row.everybody)},
        status=422 if form.errors else 200,
    )
