"""What the desk sees of a service before choosing it: the public's card, and what only a referrer asks.

Is there room, how long until they answer, and may anything about the person go there at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.cards import ServiceCard, card_of
from directory.hours import load_calendars
from directory.loading import services_for_cards
from directory.models import Organisation, Service
from directory.nearby import NoSuchPostcode, Position, locate
from directory.results_page import checked_in_a_line, distance_in_words, showing_for
from directory.search import Query, search
from directory.search.words import clean
from members.models import SharingAgreement
from referrals.models import Capacity
from referrals.replies.times import reply_times

# What is read while somebody waits; the rest folds up.
SHOWN_AT_ONCE = 5


@dataclass(frozen=True)
class Offer:
    """One service as the desk sees it."""

    card: ServiceCard
    room: str
    replies: str
    distance: str
    checked: str
    # Why nothing about the person may go there; empty when it may.
    only_tell: str
    # What was chosen of it on this enquiry; empty when it is not on the list.
    way: str = ""

    @property
    def focus(self) -> str:
        return f"found-{self.service.short_id}"

    @property
    def service(self) -> Service:
        return self.card.service

    @property
    def may_refer(self) -> bool:
        return not self.only_tell


@dataclass(frozen=True)
class FoundForDesk:
    """What was found for the enquirer's words."""

    words: str
    offers: list[Offer]
    total: int
    showing_for: str = ""
    near: Position | None = None
    near_problem: str = ""

    @property
    def first(self) -> list[Offer]:
        return self.offers[:SHOWN_AT_ONCE]

    @property
    def rest(self) -> list[Offer]:
        return self.offers[SHOWN_AT_ONCE:]


def find_for_desk(
    words: str, near: str, *, desk: Organisation, chosen: Sequence[UUID] = ()
) -> tuple[FoundForDesk | None, dict[UUID, Offer]]:
    """The directory's own search, as the public has it, and what is said of the ``chosen`` services too.

    Nothing is searched for where there are no words.
    """
    words = clean(words)
    if not words:
        return None, {offer.service.id: offer for offer in offers_of(chosen, desk=desk)}
    position, problem = None, ""
    if near.strip():
        try:
            position = locate(near)
        except NoSuchPostcode as error:
            problem = str(error)
    results = search(Query(words=words, near=position))
    miles = {
        hit.service_id: hit.miles for section in results.sections.values() for hit in section.hits
    }
    ids = results.service_ids
    offers = {
        offer.service.id: offer
        for offer in offers_of(list(dict.fromkeys([*ids, *chosen])), desk=desk, miles=miles)
    }
    found = FoundForDesk(
        words=words,
        offers=[offers[key] for key in ids if key in offers],
        total=results.total,
        showing_for=showing_for(results),
        near=position,
        near_problem=problem,
    )
    return found, offers


def offers_of(
    service_ids: Sequence[UUID],
    *,
    desk: Organisation,
    miles: Mapping[UUID, float | None] | None = None,
) -> list[Offer]:
    """These services in this order; those that are no longer in the directory are left out."""
    services = {one.id: one for one in services_for_cards(service_ids)}
    if not services:
        return []
    calendars, now = load_calendars(), timezone.now()
    agreements = SharingAgreement.objects.in_force_for(
        {one.organisation_id for one in services.values()}, timezone.localdate()
    )
    replies = reply_times(services)
    rooms = rooms_in_words(services.values())
    return [
        Offer(
            card=card_of(service, calendars, now),
            room=rooms.get(service.id, ""),
            replies=replies[service.id].words if service.id in replies else "",
            distance=distance_in_words((miles or {}).get(service.id)),
            checked=checked_in_a_line(service),
            only_tell=""
            if service.organisation_id in agreements or service.organisation_id == desk.id
            else _("No agreement about sharing people’s details with %(name)s.")
            % {"name": service.organisation.name},
        )
        for key in service_ids
        if (service := services.get(key))
    ]


def rooms_in_words(services: Iterable[Service]) -> dict[UUID, str]:
    """Whether there is room: what the service said last, with its age, else the directory's own entry."""
    known = list(services)
    rooms = {room.service_id: room for room in Capacity.objects.filter(service__in=known)}
    said: dict[UUID, str] = {}
    for service in known:
        room = rooms.get(service.id)
        if room is not None and not room.is_stale:
            said[service.id] = _room_in_words(room)
        elif service.capacity == Service.Capacity.NOT_KNOWN:
            said[service.id] = _("Room: not known, ask")
        else:
            words = str(service.get_capacity_display())
            said[service.id] = f"{words}: {service.wait_time}" if service.wait_time else words
    return said


def _room_in_words(room: Capacity) -> str:
    words = str(room.get_state_display())
    words = words[:1].upper() + words[1:]
    if room.wait_weeks:
        words = ngettext(
            "%(words)s: about %(weeks)d week", "%(words)s: about %(weeks)d weeks", room.wait_weeks
        ) % {"words": words, "weeks": room.wait_weeks}
    days = room.days_old()
    if days:
        words = ngettext(
            "%(words)s (said yesterday)", "%(words)s (said %(days)d days ago)", days
        ) % {"words": words, "days": days}
    return f"{words}. {room.note}" if room.note else words


def near_of(enquiry: Any) -> str:
    """Where the person lives, as exactly as the desk knows it."""
    if enquiry.person is not None and enquiry.person.postcode:
        return str(enquiry.person.postcode)
    return str(enquiry.outward)
