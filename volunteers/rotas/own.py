"""What a volunteer's own page shows, in as many queries however many shifts there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from volunteers.actions.opportunities import ENDED
from volunteers.booking import Span, clash, promised
from volunteers.models import Application, Shift, ShiftExchange, ShiftPlace, Volunteer
from volunteers.models.shift import ShiftPlaceQuerySet, ShiftQuerySet

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
    # Exchanges to which they say yes or no.
    asked_of_me: list[ShiftExchange] = field(default_factory=list)


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
        .exclude(opportunity__state__in=ENDED)
        # What is offered stands above: to step in is quicker than to wait.
        .exclude(pk__in=there | {offer.shift_id for offer in offers})
        .with_places_taken()
        .select_related("opportunity__organisation")
        .order_by("starts_at", "id")[:MOST]
    )
    asked = list(
        ShiftExchange.objects.own(volunteer)
        .waiting(at)
        .with_shifts()
        .order_by("wanted__shift__starts_at", "id")
    )
    for place in live:
        # One line for each shift asked for, of however many.
        one: Any = place
        mine = (row for row in asked if row.offered_id == place.pk)
        one.asked_for = list({row.wanted.shift_id: row for row in mine}.values())
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
        asked_of_me=[row for row in asked if row.wanted.volunteer_id == volunteer.pk],
    )


def own_place(volunteer: Volunteer) -> QuerySet[ShiftPlace]:
    """Their places on shifts to come."""
    return ShiftPlace.objects.filter(
        volunteer=volunteer,
        state=_STATE.CONFIRMED,
        shift__cancelled_at=None,
        shift__starts_at__gt=timezone.now(),
    ).select_related("shift__opportunity__organisation", "volunteer")


def to_exchange_for(place: ShiftPlace, now: datetime | None = None) -> list[Shift]:
    """Shifts of their roles on which somebody is who might do this one instead, and that they could do
    without it. Every rule is looked at when it is asked; whose shifts they are is not said."""
    at = now or timezone.now()
    until = at + 2 * AHEAD
    others = with_whom(place).filter(shift=OuterRef("pk"))
    rows = (
        shifts_for(place.volunteer)
        .filter(Exists(others), starts_at__gt=at, starts_at__lt=until)
        .exclude(
            Exists(
                ShiftPlace.objects.filter(
                    shift=OuterRef("pk"), volunteer=place.volunteer, state=_STATE.CONFIRMED
                )
            )
        )
        .select_related("opportunity__organisation")
        .order_by("starts_at", "id")[:MOST]
    )
    booked = promised(place.volunteer, at, until + timedelta(days=2), besides=place)
    return [shift for shift in rows if not _is_elsewhere(shift, booked)]


def with_whom(place: ShiftPlace) -> ShiftPlaceQuerySet:
    """Places of others who have this role too, are not on this shift, and have not said no to this."""
    theirs = OuterRef("volunteer")
    in_role = Application.objects.filter(
        volunteer=theirs,
        opportunity=place.shift.opportunity_id,
        outcome=Application.Outcome.PLACED,
    )
    there = ShiftPlace.objects.filter(
        volunteer=theirs, shift=place.shift_id, state=_STATE.CONFIRMED
    )
    said_no = ShiftExchange.objects.filter(
        offered=place, wanted=OuterRef("pk"), state=ShiftExchange.State.DECLINED
    )
    return ShiftPlace.objects.filter(
        Exists(in_role),
        ~Exists(there),
        ~Exists(said_no),
        state=_STATE.CONFIRMED,
        shift__cancelled_at=None,
        shift__starts_at__gt=timezone.now(),
    ).exclude(volunteer=place.volunteer)


def _open(shift: Any, booked: list[Span]) -> OpenShift:
    # Nobody passes those who wait.
    free = max(shift.places - shift.taken - shift.waiting, 0)
    return OpenShift(shift, free, shift.waiting, _is_elsewhere(shift, booked))


def _is_elsewhere(shift: Shift, booked: Iterable[Span]) -> bool:
    span = Span(shift.starts_at, shift.ends_at)
    return any(clash(span, one) for one in booked)
