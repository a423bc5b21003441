"""What a volunteer's own page shows, in as many queries however many shifts there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from volunteers.booking import Span, clash, promised
from volunteers.models import Application, Shift, ShiftPlace, Volunteer
from volunteers.models.shift import ShiftQuerySet

_STATE = ShiftPlace.State
# As far ahead as shifts are offered, and the most that stand on the page.
AHEAD = timedelta(weeks=4)
MOST = 40


@dataclass(frozen=True)
class OpenShift:
    """A shift that they might take. ``elsewhere``: they have promised something else at that time."""

    shift: Shift
    free: int
    waiting: int
    elsewhere: bool
    # The place that somebody offers, when that is how it is open.
    offered: ShiftPlace | None = None


@dataclass(frozen=True)
class OwnShifts:
    coming: list[ShiftPlace]
    waiting: list[ShiftPlace]
    called_off: list[ShiftPlace]
    offered: list[OpenShift]
    open: list[OpenShift]
    has_role: bool


def shifts_for(volunteer: Volunteer) -> ShiftQuerySet:
    """Those of the roles in which they have a place."""
    placed = Application.objects.filter(
        volunteer=volunteer,
        opportunity=OuterRef("opportunity"),
        outcome=Application.Outcome.PLACED,
    )
    return Shift.objects.filter(Exists(placed))


def offered_to(volunteer: Volunteer) -> QuerySet[ShiftPlace]:
    """Places that others of their roles offer; a place that is gone stays in it, so that it can be said."""
    return (
        ShiftPlace.objects.filter(shift__in=shifts_for(volunteer))
        .exclude(volunteer=volunteer)
        .select_related("shift__opportunity__organisation", "volunteer")
    )


def own_shifts(volunteer: Volunteer, now: datetime | None = None) -> OwnShifts:
    at = now or timezone.now()
    places = list(
        ShiftPlace.objects.filter(
            volunteer=volunteer,
            state__in=[_STATE.CONFIRMED, _STATE.WAITING],
            shift__ends_at__gt=at,
        )
        .select_related("shift__opportunity__organisation")
        .order_by("shift__starts_at", "id")
    )
    live = [place for place in places if place.shift.cancelled_at is None]
    there = {place.shift_id for place in live}
    until = at + AHEAD
    booked = promised(volunteer, at, until + timedelta(days=2))
    offers = list(
        offered_to(volunteer)
        .filter(
            state=_STATE.CONFIRMED,
            swap_offered_at__isnull=False,
            shift__cancelled_at=None,
            shift__starts_at__gt=at,
        )
        .exclude(shift__in=[place.shift_id for place in live if place.state == _STATE.CONFIRMED])
        .order_by("shift__starts_at", "id")[:MOST]
    )
    open_rows = (
        shifts_for(volunteer)
        .filter(cancelled_at=None, starts_at__gt=at, starts_at__lt=until)
        # What is offered stands above: to step in is quicker than to wait.
        .exclude(pk__in=there | {offer.shift_id for offer in offers})
        .with_places_taken()
        .select_related("opportunity__organisation")
        .order_by("starts_at", "id")[:MOST]
    )
    return OwnShifts(
        coming=[place for place in live if place.state == _STATE.CONFIRMED],
        waiting=[place for place in live if place.state == _STATE.WAITING],
        called_off=[place for place in places if place.shift.cancelled_at is not None],
        offered=[
            OpenShift(offer.shift, 1, 0, _is_elsewhere(offer.shift, booked), offer)
            for offer in offers
        ],
        open=[_open(shift, booked) for shift in open_rows],
        has_role=Application.objects.filter(
            volunteer=volunteer, outcome=Application.Outcome.PLACED
        ).exists(),
    )


def _open(shift: Any, booked: list[Span]) -> OpenShift:
    # Nobody passes those who wait.
    free = max(shift.places - shift.taken - shift.waiting, 0)
    return OpenShift(shift, free, shift.waiting, _is_elsewhere(shift, booked))


def _is_elsewhere(shift: Shift, booked: Iterable[Span]) -> bool:
    span = Span(shift.starts_at, shift.ends_at)
    return any(clash(span, one) for one in booked)
