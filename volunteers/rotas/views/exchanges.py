"""Two shifts for each other: asked and answered by the volunteers themselves, or by staff who ring them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import Permission, requires, signed_in
from dcsn.access.requests import SignedInRequest
from volunteers.access import own_volunteer
from volunteers.actions.exchanges import (
    accept_exchange,
    ask_exchange,
    ask_for_shift,
    decline_exchange,
    withdraw_exchange,
)
from volunteers.models import Shift, ShiftExchange, ShiftPlace, Volunteer
from volunteers.refusals import Refused
from volunteers.rotas.forms import DeskExchangeForm, ExchangeForm
from volunteers.rotas.own import MOST, own_place, to_exchange_for, with_whom
from volunteers.rotas.rota import name_those_seen, record_seen
from volunteers.rotas.telling import when_in_words

_ANSWERS: dict[str, tuple[Callable[..., ShiftExchange], str | Promise]] = {
    "yes": (accept_exchange, gettext_lazy("The shifts are exchanged. Thank you.")),
    "no": (decline_exchange, gettext_lazy("You keep your shift. A no is fine.")),
    "withdraw": (withdraw_exchange, gettext_lazy("You keep your shift. Nobody is asked any more.")),
}
_ANSWERED_AT_DESK: dict[str, str | Promise] = {
    "yes": gettext_lazy("The shifts are exchanged. Both are told."),
    "no": gettext_lazy("It is written down. Both keep their shifts."),
    "withdraw": gettext_lazy("It is written down. Both keep their shifts."),
}


def _words(shift: Shift) -> str:
    return f"{when_in_words(shift)}: {shift.opportunity.name}"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: SignedInRequest, place_id: UUID) -> HttpResponse:
    """Ask for another shift instead of this one. Whose that is, nobody is told."""
    volunteer = own_volunteer(request.user)
    if volunteer is None:
        raise Http404
    place = get_object_or_404(own_place(volunteer), pk=place_id)
    shifts = to_exchange_for(place)
    form = ExchangeForm(
        request.POST if request.method == "POST" else None,
        shifts=[(str(one.pk), _words(one)) for one in shifts],
    )
    if request.method == "POST" and form.is_valid():
        wanted = next(one for one in shifts if str(one.pk) == form.cleaned_data["instead"])
        try:
            ask_for_shift(place=place, shift=wanted, by=request.user)
        except Refused as refusal:
            form.add_error("instead", str(refusal))
        else:
            messages.success(
                request, _("They are asked. Until one says yes, your shift stays yours.")
            )
            return redirect("volunteers:my_shifts")
    return render(
        request,
        "volunteers/rotas/exchange.html",
        {"shift": place.shift, "form": form, "shifts": shifts},
        status=422 if form.errors else 200,
    )


@signed_in
@require_POST
def own_said(request: SignedInRequest, exchange_id: UUID) -> HttpResponse:
    """Yes or no of whoever was asked; whoever asked takes it back."""
    volunteer = own_volunteer(request.user)
    what = request.POST.get("what", "")
    if volunteer is None or what not in _ANSWERS:
        raise Http404
    side: dict[str, Volunteer] = (
        {"offered__volunteer": volunteer}
        if what == "withdraw"
        else {"wanted__volunteer": volunteer}
    )
    found = get_object_or_404(ShiftExchange.objects.with_shifts().filter(**side), pk=exchange_id)
    answer, said = _ANSWERS[what]
    try:
        answer(exchange=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, str(said))
    return redirect("volunteers:my_shifts")


# --- At the desk --------------------------------------------------------------------------------------


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest, place_id: UUID) -> HttpResponse:
    """Somebody rings: ask another of the rota for them, or write down that both have said yes."""
    place = get_object_or_404(
        ShiftPlace.objects.filter(
            shift__in=Shift.objects.visible_to(request.user),
            volunteer__in=Volunteer.objects.visible_to(request.user),
            state=ShiftPlace.State.CONFIRMED,
        ).select_related("shift__opportunity__organisation", "volunteer__person"),
        pk=place_id,
    )
    found = _others_of(request, place)
    name_those_seen(request.user, [place, *found])
    record_seen(request.user, [place, *found])
    form = DeskExchangeForm(
        request.POST if request.method == "POST" else None,
        shifts=[(str(one.pk), f"{_name(one)}, {_words(one.shift)}") for one in found],
    )
    if request.method == "POST" and form.is_valid():
        wanted = next(one for one in found if str(one.pk) == form.cleaned_data["instead"])
        try:
            with transaction.atomic():
                asked = ask_exchange(place=place, wanted=wanted, by=request.user)
                if form.cleaned_data["both_agree"]:
                    accept_exchange(exchange=asked, by=request.user)
        except Refused as refusal:
            form.add_error("instead", str(refusal))
        else:
            messages.success(
                request,
                _("The shifts are exchanged. Both are told.")
                if form.cleaned_data["both_agree"]
                else _("They are asked. The answer stands here when it has come."),
            )
            return redirect("volunteers:shift", place.shift_id)
    return render(
        request,
        "volunteers/rotas/desk_exchange.html",
        {"place": place, "shift": place.shift, "form": form, "places": found},
        status=422 if form.errors else 200,
    )


def _others_of(request: SignedInRequest, place: ShiftPlace) -> list[ShiftPlace]:
    """Of those whom ``user`` looks after, on shifts of roles in which this volunteer has a place."""
    rows = with_whom(place).filter(
        shift__in=Shift.objects.visible_to(request.user),
        shift__opportunity__applications__volunteer=place.volunteer,
        shift__opportunity__applications__outcome="placed",
        volunteer__in=Volunteer.objects.visible_to(request.user),
    )
    return list(
        rows.select_related("shift__opportunity", "volunteer__person")
        .distinct()
        .order_by("shift__starts_at", "id")[:MOST]
    )


def _name(place: Any) -> str:
    return str(place.name)


@requires(Permission.VOLUNTEER_MANAGE)
@require_POST
def desk_said(request: SignedInRequest, exchange_id: UUID) -> HttpResponse:
    """What one of the two said on the telephone."""
    seen = Volunteer.objects.visible_to(request.user)
    shifts = Shift.objects.visible_to(request.user)
    found = get_object_or_404(
        ShiftExchange.objects.with_shifts().filter(
            offered__shift__in=shifts,
            wanted__shift__in=shifts,
            offered__volunteer__in=seen,
            wanted__volunteer__in=seen,
        ),
        pk=exchange_id,
    )
    what = request.POST.get("what", "")
    if what not in _ANSWERS:
        raise Http404
    try:
        _ANSWERS[what][0](exchange=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, str(_ANSWERED_AT_DESK[what]))
    back = found.wanted if request.POST.get("back") == "wanted" else found.offered
    return redirect("volunteers:shift", back.shift_id)
