"""The calendar of one volunteer: their shifts and visits, and nothing about anybody else.

The address holds the id of a row and the portal's signature over it (docs/decisions/0073); neither the
address nor a hash of it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.calendars import (
    AHEAD,
    BACK,
    CANCELLED,
    CONFIRMED,
    TENTATIVE,
    Entry,
    calendar_file,
)
from dcsn.network import network
from directory.visibility import public_place
from volunteers.models import CalendarFeed, Opportunity, ShiftPlace, Visit, Volunteer
from volunteers.opportunities.finding import with_facts
from volunteers.opportunities.words import where_in_words
from volunteers.states import GONE, OfferState

_STATE = ShiftPlace.State


def _signer() -> Signer:
    return Signer(sep=".", salt="volunteers.calendar")


def token_of(feed: CalendarFeed) -> str:
    return _signer().sign(feed.pk.hex)


def address_of(feed: CalendarFeed) -> str:
    return f"{settings.SITE_ADDRESS}{reverse('volunteers:calendar_feed', args=[token_of(feed)])}"


def feed_of_token(token: str) -> CalendarFeed | None:
    """The row behind an address; ``None`` for one that is altered, renewed, ended, or of who has left."""
    try:
        identifier = UUID(hex=_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    return (
        CalendarFeed.objects.filter(pk=identifier, volunteer__anonymised_at=None)
        .exclude(volunteer__state__in=sorted(GONE))
        .select_related("volunteer")
        .first()
    )


def calendar_of(volunteer: Volunteer, now: datetime | None = None) -> bytes:
    """The file (RFC 5545). The same rows give the same bytes."""
    at = now or timezone.now()
    entries = [*_shifts(volunteer, at), *_visits(volunteer, at)]
    # A shift and a visit are moments, never whole days.
    entries.sort(key=lambda one: (cast(datetime, one.starts), one.identifier))
    return calendar_file("Volunteers", _("My volunteering"), entries)


def _shifts(volunteer: Volunteer, now: datetime) -> Iterable[Entry]:
    rows = (
        ShiftPlace.objects.filter(
            volunteer=volunteer,
            shift__ends_at__gt=now - BACK,
            shift__starts_at__lt=now + AHEAD,
        )
        .select_related("shift")
        .prefetch_related(
            Prefetch("shift__opportunity", queryset=with_facts(Opportunity.objects.all()))
        )
        .order_by("joined_at", "id")
    )
    # Whoever gives a place back and takes one again has two rows for one thing to go to: the later counts.
    latest = {place.shift_id: place for place in rows}
    for place in latest.values():
        if place.state == _STATE.GIVEN_BACK and place.shift.ends_at <= now:
            continue
        yield _shift(place)


def _shift(place: ShiftPlace) -> Entry:
    shift, role = place.shift, place.shift.opportunity
    summary, status = role.name, CONFIRMED
    if shift.cancelled_at is not None:
        summary, status = _("Called off: %(what)s") % {"what": role.name}, CANCELLED
    elif place.state == _STATE.GIVEN_BACK:
        summary, status = _("Given back: %(what)s") % {"what": role.name}, CANCELLED
    elif place.state == _STATE.WAITING:
        summary, status = _("Waiting list: %(what)s") % {"what": role.name}, TENTATIVE
    location = public_place(role.location) if role.location is not None else None
    lines = [
        role.organisation.name,
        shift.note,
        _("Ring us: %(number)s") % {"number": network().helpline},
    ]
    return Entry(
        identifier=f"shift-{shift.pk}",
        starts=shift.starts_at,
        ends=shift.ends_at,
        changed_at=max(shift.changed_at, place.changed_at),
        summary=summary,
        status=status,
        path=reverse("volunteers:my_shifts"),
        where=where_in_words(role, location),
        words="\n".join(line for line in lines if line),
    )


def _visits(volunteer: Volunteer, now: datetime) -> Iterable[Entry]:
    """Visits to whom the volunteer helps: a reference, and neither a name, an address nor the password."""
    rows = Visit.objects.filter(
        offer__volunteer=volunteer,
        offer__released_at__isnull=False,
        ends_at__gt=now - BACK,
        starts_at__lt=now + AHEAD,
    ).select_related("offer__help_request")
    for visit in rows:
        off = visit.cancelled_at is not None or visit.offer.state not in (
            OfferState.ACCEPTED,
            OfferState.DONE,
        )
        what = _("A visit, %(reference)s") % {"reference": visit.offer.help_request.reference}
        changes = (
            visit.created_at,
            visit.moved_at,
            visit.cancelled_at,
            visit.offer.ended_at,
        )
        yield Entry(
            identifier=f"visit-{visit.pk}",
            starts=visit.starts_at,
            ends=visit.ends_at,
            changed_at=max(change for change in changes if change is not None),
            summary=_("Called off: %(what)s") % {"what": what} if off else what,
            status=CANCELLED if off else CONFIRMED,
            path=reverse("volunteers:my_shifts"),
        )
