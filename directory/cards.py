"""One service in a list: the few words that let a person choose.

Used by topics, my list and organisations. Reads a service prepared by
``Service.objects.for_lists()``; makes no query of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from directory.costs import cost_in_words
from directory.hours import Calendars, hours_of, load_calendars
from directory.models import Phone, Service
from directory.visibility import public_phones


@dataclass(frozen=True)
class ServiceCard:
    """What one entry of a list says."""

    service_id: UUID
    name: str
    address: str
    organisation: str
    phone: Phone | None
    summary: str
    when: str
    cost: str
    notice: str
    service: Service


def summary_in_words(service: Service) -> str:
    """The summary; one that is only the cut-off beginning of the description ends in "…".

    Published lists often cut theirs after so many letters, in the middle of a word.
    """
    summary = " ".join(service.summary.split())
    if not summary or summary[-1] in ".!?…":
        return summary
    # Without the marks for bold and headings; rendering it would take longer than all the rest.
    whole = " ".join(re.sub(r"[*_#]", "", service.description).split())
    if len(whole) <= len(summary) or not whole.startswith(summary):
        return summary
    if whole[len(summary)].isalnum() and " " in summary:
        summary = summary.rsplit(" ", 1)[0]
    return f"{summary.rstrip(' ,;:')}…"


def card_of(service: Service, calendars: Calendars, now: datetime) -> ServiceCard:
    phones = public_phones(service)
    return ServiceCard(
        service_id=service.id,
        name=service.name,
        address=service.get_absolute_url(),
        organisation=service.organisation.name,
        phone=phones[0] if phones else None,
        summary=summary_in_words(service),
        when=hours_of(service, calendars, now).say_next(),
        cost=cost_in_words(service),
        notice=str(service.get_status_display()) if service.is_closed_for_now else "",
        service=service,
    )


def cards_of(services: Iterable[Service]) -> list[ServiceCard]:
    """The entries of a whole list; two queries more, for the calendars, however long it is."""
    calendars, now = load_calendars(), timezone.now()
    return [card_of(service, calendars, now) for service in services]
