"""Whose pages these are, and what hours can be written down for."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, scope_of_permission
from dcsn.audit import Actor
from directory.models import Organisation
from volunteers.actions.hours import key_of, log_hours
from volunteers.models import Application, Hours, Offer, Opportunity, ShiftPlace, Visit, Volunteer
from volunteers.states import OfferState

# Visits and shifts of the last so many days are offered; what is older is written down by its role.
OFFERED_FOR = timedelta(days=92)


@dataclass(frozen=True)
class Own:
    """A volunteer at their own pages: signed in, or by their link (``token``)."""

    volunteer: Volunteer
    by: Actor
    token: str = ""

    def address(self, page: str, *arguments: Any) -> str:
        if self.token:
            return reverse(f"volunteers:link_{page}", args=[self.token, *arguments])
        return reverse(f"volunteers:my_{page}", args=arguments)


@dataclass(frozen=True)
class Task:
    """Something that a volunteer did and can write hours down for."""

    value: str
    label: str
    organisation: Organisation
    # Known for a visit or a shift; asked for a role.
    day: date | None = None
    minutes: int | None = None
    key: UUID | None = None
    opportunity: Opportunity | None = None
    offer: Offer | None = None
    shift_place: ShiftPlace | None = None

    def log(self, volunteer: Volunteer, *, day: date, minutes: int, key: UUID, by: Actor) -> Hours:
        return log_hours(
            volunteer=volunteer,
            organisation=self.organisation,
            day=day,
            minutes=minutes,
            by=by,
            opportunity=self.opportunity,
            offer=self.offer,
            shift_place=self.shift_place,
            key=self.key or key,
        )


def places_of(volunteer: Volunteer, user: Any = None) -> list[Organisation]:
    """The organisations that a volunteer is with; with ``user``, those where they confirm hours."""
    found = [
        one.organisation
        for one in volunteer.standings.current().select_related("organisation").order_by("began_at")
    ]
    if not found:
        found = [volunteer.organisation]
    if user is None:
        return found
    scope = scope_of_permission(user, Permission.HOURS_CONFIRM)
    return [one for one in found if scope.network or one.pk in scope.organisations]


def tasks_of(volunteer: Volunteer, at: Collection[UUID] | None = None) -> list[Task]:
    """Visits and shifts without hours, the latest first; then roles; then each organisation.

    :param at: only of these organisations.
    """
    found = [*_visits(volunteer), *_shifts(volunteer), *_roles(volunteer)]
    found += [
        Task(
            value=f"at:{place.pk}",
            label=_("Something else for %(organisation)s") % {"organisation": place.name},
            organisation=place,
        )
        for place in places_of(volunteer)
    ]
    return found if at is None else [one for one in found if one.organisation.pk in at]


def _visits(volunteer: Volunteer) -> list[Task]:
    """Never with the name of whoever was helped: the list may lie open on a screen."""
    now = timezone.now()
    rows = list(
        Visit.objects.filter(
            offer__volunteer=volunteer,
            offer__state__in=[OfferState.ACCEPTED, OfferState.DONE],
            cancelled_at=None,
            starts_at__range=(now - OFFERED_FOR, now),
        )
        .exclude(outcome=Visit.Outcome.VOLUNTEER_MISSED)
        .select_related("offer__help_request__organisation")
        .order_by("-starts_at")
    )
    known = _known([key_of(row) for row in rows])
    return [
        Task(
            value=f"visit:{row.pk}",
            label=_("%(kind)s, %(day)s")
            % {
                "kind": row.offer.help_request.get_kind_display(),
                "day": date_format(timezone.localdate(row.starts_at), "l j F"),
            },
            organisation=row.offer.help_request.organisation,
            day=timezone.localdate(row.starts_at),
            minutes=_minutes(row.starts_at, row.ends_at),
            key=key_of(row),
            offer=row.offer,
        )
        for row in rows
        if key_of(row) not in known
    ]


def _shifts(volunteer: Volunteer) -> list[Task]:
    now = timezone.now()
    rows = list(
        ShiftPlace.objects.filter(
            volunteer=volunteer,
            state__in=[ShiftPlace.State.CONFIRMED, ShiftPlace.State.DONE],
            shift__cancelled_at=None,
            shift__starts_at__range=(now - OFFERED_FOR, now),
            hours=None,
        )
        .select_related("shift__opportunity__organisation")
        .order_by("-shift__starts_at")
    )
    return [
        Task(
            value=f"shift:{row.pk}",
            label=_("%(role)s, shift on %(day)s")
            % {
                "role": row.shift.opportunity.name,
                "day": date_format(timezone.localdate(row.shift.starts_at), "l j F"),
            },
            organisation=row.shift.opportunity.organisation,
            day=timezone.localdate(row.shift.starts_at),
            minutes=_minutes(row.shift.starts_at, row.shift.ends_at),
            key=key_of(row),
            shift_place=row,
        )
        for row in rows
    ]


def _roles(volunteer: Volunteer) -> list[Task]:
    rows = (
        volunteer.applications.filter(outcome=Application.Outcome.PLACED)
        .select_related("opportunity__organisation")
        .order_by("opportunity__sort_key", "id")
    )
    return [
        Task(
            value=f"role:{row.opportunity_id}",
            label=row.opportunity.name,
            organisation=row.opportunity.organisation,
            opportunity=row.opportunity,
        )
        for row in rows
    ]


def _known(keys: list[uuid.UUID]) -> set[uuid.UUID]:
    return set(Hours.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()


def _minutes(starts_at: Any, ends_at: Any) -> int:
    return min(max(round((ends_at - starts_at).total_seconds() / 60), 1), 24 * 60)


def what_for(hours: Hours) -> str:
    """What hours were given for, in a few words that name nobody."""
    if hours.offer is not None:
        return str(hours.offer.help_request.get_kind_display())
    if hours.shift_place is not None:
        return hours.shift_place.shift.opportunity.name
    if hours.opportunity is not None:
        return hours.opportunity.name
    return _("Something else")


JOINED = (
    "organisation",
    "opportunity",
    "offer__help_request",
    "shift_place__shift__opportunity",
)
