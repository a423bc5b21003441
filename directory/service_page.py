"""What a service's own page says, in words: facts in, sentences out.

Reads a service prepared by ``Service.objects.for_service_page()`` and makes no query of its own. What
is not known is said to be not known: a gap must not read as "no".
"""

from __future__ import annotations

from dataclasses import dataclass

from directory.costs import prices_in_words
from directory.models import Phone, Service
from directory.visibility import PublicPlace, public_phones, public_places


@dataclass(frozen=True)
class ServicePage:
    """The parts of the page in the order in which they are read."""

    service: Service
    phones: list[Phone]
    start: str
    costs: list[str]
    places: list[PublicPlace]


def service_page(service: Service) -> ServicePage:
    return ServicePage(
        service=service,
        phones=public_phones(service),
        start=service.application_process,
        costs=prices_in_words(service),
        places=public_places(service),
    )
