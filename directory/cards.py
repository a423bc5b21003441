"""One service in a list: the few words that let a person choose.

Used by topics, my list and organisations. Reads a service prepared by
``Service.objects.for_lists()``; makes no query of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from directory.costs import cost_in_words
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
    cost: str
    notice: str
    service: Service


def card_of(service: Service) -> ServiceCard:
    phones = public_phones(service)
    return ServiceCard(
        service_id=service.id,
        name=service.name,
        address=service.get_absolute_url(),
        organisation=service.organisation.name,
        phone=phones[0] if phones else None,
        summary=service.summary,
        cost=cost_in_words(service),
        notice=str(service.get_status_display()) if service.is_closed_for_now else "",
        service=service,
    )


def cards_of(services: Iterable[Service]) -> list[ServiceCard]:
    return [card_of(service) for service in services]
