"""A week of a role's shifts with who is on them: one gathering for the page, the sheet and one shift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import record
from directory.hours import clock
from directory.hours.clock import london_date
from volunteers.events import VOLUNTEERS_LISTED
from volunteers.models import (
    Application,
    Opportunity,
    Shift,
    ShiftExchange,
    ShiftPlace,
    Volunteer,
)
from volunteers.rotas.week import Week

_STATE = ShiftPlace.State
MOST_EXCHANGES = 50


@dataclass
class RotaShift:
    """One shift: who has a place, who waits, how many are wanted."""

    shift: Shift
    on_it: list[ShiftPlace] = field(default_factory=list)
    waiting: list[ShiftPlace] = field(default_factory=list)

    @property
    def free(self) -> int:
        if self.shift.cancelled_at is not None:
            return 0
        return max(self.shift.places - len(self.on_it), 0)

    @property
    def everybody(self) -> list[ShiftPlace]:
        return [*self.on_it, *self.waiting]


@dataclass(frozen=True)
class RotaDay:
    day: date
    shifts: list[RotaShift]


def with_places(shifts: QuerySet[Shift]) -> QuerySet[Shift]:
    """Places with the volunteers' names, in one more query."""
    places = (
        ShiftPlace.objects.exclude(state=_STATE.GIVEN_BACK)
        .select_related("volunteer__person")
        .order_by("joined_at", "id")
    )
    return shifts.prefetch_related(Prefetch("shift_places", queryset=places, to_attr="found"))


def rota_shift(shift: Shift) -> RotaShift:
    """``shift`` comes from :func:`with_places`."""
    row = RotaShift(shift)
    for place in shift.found:  # type: ignore[attr-defined]
        (row.waiting if place.state == _STATE.WAITING else row.on_it).append(place)
    return row


def exchanges_of(shift: Shift) -> list[ShiftExchange]:
    """What was asked and exchanged with places of this shift, the latest first: its history."""
    rows = ShiftExchange.objects.with_shifts().filter(
        Q(offered__shift=shift) | Q(wanted__shift=shift)
    )
    return list(rows.order_by("-asked_at", "id")[:MOST_EXCHANGES])


def week_of_role(role: Opportunity, week: Week) -> list[RotaDay]:
    """The seven days, empty ones too. A night shift stands on the day on which it begins."""
    shifts = with_places(
        Shift.objects.filter(
            opportunity=role, starts_at__gte=week.begins, starts_at__lt=week.ends
        ).order_by("starts_at", "id")
    )
    days: dict[date, list[RotaShift]] = {day: [] for day in week.days}
    for shift in shifts:
        days[london_date(shift.starts_at)].append(rota_shift(shift))
    return [RotaDay(day, rows) for day, rows in days.items()]


def week_to_open(role: Opportunity) -> Week:
    """Where somebody begins to read who asked for no week: where the first shift is that is not over, or
    was today, so that who came can be written down. This week, where none is left."""
    now = timezone.now()
    this = Week.of(timezone.localdate(now))
    today = clock.moment(timezone.localdate(now), clock.MIDNIGHT)
    first = (
        Shift.objects.filter(opportunity=role, cancelled_at=None)
        .filter(Q(starts_at__gte=today) | Q(ends_at__gt=now))
        .order_by("starts_at", "id")
        .first()
    )
    return Week.of(london_date(first.starts_at)) if first is not None else this


def name_those_seen(user: User, places: Iterable[ShiftPlace], *, short: bool = False) -> list[UUID]:
    """Give each place its ``name``: a manager reads of nobody whom they do not look after.

    :param short: as on a wall, "Edna F.".
    :returns: the ids of the volunteers whose names were given.
    """
    rows = list(places)
    seen = set(
        Volunteer.objects.visible_to(user)
        .filter(pk__in={place.volunteer_id for place in rows})
        .values_list("pk", flat=True)
    )
    for place in rows:
        one: Any = place
        person = place.volunteer.person
        one.is_seen = place.volunteer_id in seen and person is not None
        if not one.is_seen or person is None:
            one.name = place.volunteer.reference
        else:
            one.name = _short(person) if short else person.name
    return sorted(seen, key=str)


def _short(person: Any) -> str:
    given = (person.known_as or person.given_name).split() or [person.name]
    return f"{given[0]} {person.family_name[:1]}." if person.family_name else given[0]


def record_seen(user: User, places: Iterable[ShiftPlace]) -> None:
    """A look at a rota is a look at everybody on it."""
    rows = [place for place in places if getattr(place, "is_seen", False)]
    if rows:
        record(
            VOLUNTEERS_LISTED,
            by=user,
            details={
                "people": sorted({place.volunteer.person_id for place in rows}, key=str),
                "volunteers": sorted({place.volunteer_id for place in rows}, key=str),
            },
        )


def may_be_put_on(user: User, row: RotaShift) -> list[Volunteer]:
    """Those with a place in the role whom ``user`` looks after and who are not on this shift yet."""
    there = {place.volunteer_id for place in row.everybody}
    found = (
        Volunteer.objects.visible_to(user)
        .filter(
            applications__opportunity=row.shift.opportunity,
            applications__outcome=Application.Outcome.PLACED,
        )
        .exclude(pk__in=there)
        .select_related("person")
        .distinct()
    )
    return sorted(found, key=lambda one: one.person.name.casefold() if one.person else "")
