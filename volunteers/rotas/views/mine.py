"""A volunteer's own shifts: what comes, what is open, what others offer. A no costs nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import signed_in
from dcsn.access.requests import SignedInRequest
from volunteers.access import own_volunteer
from volunteers.actions.feeds import end_feed, make_feed
from volunteers.actions.shifts import give_back_place, offer_swap, swap_place, take_shift_place
from volunteers.models import CalendarFeed, ShiftPlace, Volunteer
from volunteers.refusals import Refused
from volunteers.rotas.feed import address_of
from volunteers.rotas.own import offered_to, own_shifts, shifts_for

_STATE = ShiftPlace.State


@signed_in
@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """My shifts."""
    volunteer = own_volunteer(request.user)
    if volunteer is None:
        return render(request, "volunteers/rotas/mine.html", {"volunteer": None})
    feed = CalendarFeed.objects.filter(volunteer=volunteer).first()
    return render(
        request,
        "volunteers/rotas/mine.html",
        {
            "volunteer": volunteer,
            "my": own_shifts(volunteer),
            "feed": feed,
            "feed_address": address_of(feed) if feed is not None else "",
        },
    )


def _own_or_404(request: SignedInRequest) -> Volunteer:
    volunteer = own_volunteer(request.user)
    if volunteer is None:
        raise Http404
    return volunteer


@signed_in
@require_POST
def take(request: SignedInRequest, shift_id: UUID) -> HttpResponse:
    """A place, or one on the waiting list."""
    volunteer = _own_or_404(request)
    shift = get_object_or_404(shifts_for(volunteer), pk=shift_id)
    try:
        place = take_shift_place(
            shift=shift, volunteer=volunteer, or_wait="wait" in request.POST, by=request.user
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            _("You are on the waiting list. We tell you as soon as a place comes free.")
            if place.state == _STATE.WAITING
            else _("The place is yours. Thank you."),
        )
    return redirect("volunteers:my_shifts")


@signed_in
@require_POST
def place(request: SignedInRequest, place_id: UUID) -> HttpResponse:
    """Give it back, offer it to the others, or keep it after all."""
    volunteer = _own_or_404(request)
    found = get_object_or_404(
        ShiftPlace.objects.filter(volunteer=volunteer).select_related("shift", "volunteer"),
        pk=place_id,
    )
    what = request.POST.get("what", "")
    try:
        if what == "give-back":
            give_back_place(place=found, by=request.user)
            messages.success(request, _("You have given it back. Thank you for telling us."))
        elif what == "offer":
            offer_swap(place=found, by=request.user)
            messages.success(
                request, _("The others are offered it. Until one takes it over, it stays yours.")
            )
        elif what == "keep":
            offer_swap(place=found, by=request.user, offered=False)
            messages.success(request, _("You keep it."))
        else:
            raise Http404
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("volunteers:my_shifts")


@signed_in
@require_POST
def take_over(request: SignedInRequest, place_id: UUID) -> HttpResponse:
    """A place that somebody else of the role offers. Who that is, nobody is told."""
    volunteer = _own_or_404(request)
    found = get_object_or_404(offered_to(volunteer), pk=place_id)
    try:
        swap_place(place=found, volunteer=volunteer, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The place is yours now. Thank you for stepping in."))
    return redirect("volunteers:my_shifts")


@signed_in
@require_POST
def calendar(request: SignedInRequest) -> HttpResponse:
    """Make the secret address, make it anew, or end it."""
    volunteer = _own_or_404(request)
    what = request.POST.get("what", "")
    if what == "end":
        end_feed(volunteer=volunteer, by=request.user)
        messages.success(request, _("The address opens no more."))
    elif what == "make":
        make_feed(volunteer=volunteer, by=request.user)
    elif what == "renew":
        there = CalendarFeed.objects.filter(volunteer=volunteer).first()
        if there is not None and str(there.pk) == request.POST.get("instead_of"):
            make_feed(volunteer=volunteer, by=request.user, instead_of=there)
            messages.success(request, _("This is the new address. The old one opens no more."))
    else:
        raise Http404
    return redirect("volunteers:my_shifts")
