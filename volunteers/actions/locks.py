"""The one order in which rows are held, so that two who are at it at once wait for each other in turn and
never crosswise: requests; roles; shifts; volunteers; then offers, applications and places; exchanges last.

Several of one kind are held by their keys, and all of them before the next kind. Held without their key
columns (``no_key``): a row that only points at one of them is still written by others meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from volunteers.models import (
    Application,
    HelpRequest,
    Offer,
    Opportunity,
    Shift,
    ShiftExchange,
    ShiftPlace,
    Volunteer,
)

_STATE = ShiftPlace.State
# Whoever takes something on just before they leave is looked at anew; after so many times it is taken as is.
_TIMES = 5


def lock_shifts(keys: Iterable[Any]) -> dict[Any, Shift]:
    rows = (
        Shift.objects.select_for_update(of=("self",), no_key=True)
        .select_related("opportunity__organisation")
        .filter(pk__in=set(keys))
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def lock_volunteers(keys: Iterable[Any]) -> dict[Any, Volunteer]:
    rows = (
        Volunteer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "organisation")
        .filter(pk__in=set(keys))
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def lock_exchanges(places: Iterable[Any], *, also: Iterable[Any] = ()) -> dict[Any, ShiftExchange]:
    """Those that nobody has answered yet, with any of these places. Hold their shifts."""
    keys = set(places)
    asked = Q(offered__in=keys) | Q(wanted__in=keys), Q(state=ShiftExchange.State.ASKED)
    rows = (
        ShiftExchange.objects.select_for_update(of=("self",))
        .filter(Q(*asked) | Q(pk__in=set(also)))
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def places_to_come(
    volunteer: Volunteer, opportunity: Opportunity | None = None
) -> QuerySet[ShiftPlace]:
    rows = ShiftPlace.objects.filter(
        volunteer=volunteer,
        state__in=[_STATE.CONFIRMED, _STATE.WAITING],
        shift__starts_at__gt=timezone.now(),
    )
    return rows if opportunity is None else rows.filter(shift__opportunity=opportunity)


class _Anew(Exception):
    """Something came to it while this waited."""


def lock_what_goes_to_others(volunteer: Volunteer, opportunity: Opportunity | None = None) -> None:
    """Before somebody leaves or has a break, or (``opportunity``) before their place in a role ends: what
    they were asked to do, their roles, their shifts to come, and then them with all to whom it may go.

    What they take on until they are held themself is let go with them: everything is released (the
    savepoint does that) and held anew. Call it in the transaction of their leaving.
    """
    for time in range(_TIMES):
        try:
            with transaction.atomic():
                if not _lock(volunteer, opportunity) and time < _TIMES - 1:
                    raise _Anew
        except _Anew:
            continue
        return


@dataclass(frozen=True)
class _Given:
    """The keys of what a volunteer has that goes to others."""

    requests: set[Any]
    roles: set[Any]
    shifts: set[Any]

    @classmethod
    def of(cls, volunteer: Volunteer, opportunity: Opportunity | None) -> _Given:
        places = places_to_come(volunteer, opportunity)
        shifts = set(places.values_list("shift_id", flat=True))
        if opportunity is not None:
            return cls(set(), {opportunity.pk}, shifts)
        live = Offer.objects.filter(volunteer=volunteer).live()
        placed = Application.objects.filter(volunteer=volunteer, outcome=Application.Outcome.PLACED)
        return cls(
            set(live.values_list("help_request_id", flat=True)),
            set(placed.values_list("opportunity_id", flat=True)),
            shifts,
        )


def _lock(volunteer: Volunteer, opportunity: Opportunity | None) -> bool:
    """Whether there is nothing but what is held now."""
    given = _Given.of(volunteer, opportunity)
    for rows in (
        HelpRequest.objects.filter(pk__in=given.requests),
        Opportunity.objects.filter(pk__in=given.roles),
    ):
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    lock_shifts(given.shifts)
    waiting = ShiftPlace.objects.filter(shift__in=given.shifts, state=_STATE.WAITING)
    queued = Offer.objects.filter(help_request__in=given.requests).queued()
    lock_volunteers(
        {
            volunteer.pk,
            *waiting.values_list("volunteer_id", flat=True),
            *queued.values_list("volunteer_id", flat=True),
        }
    )
    now = _Given.of(volunteer, opportunity)
    return (
        now.requests <= given.requests and now.roles <= given.roles and now.shifts <= given.shifts
    )
