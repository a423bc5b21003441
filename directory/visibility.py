"""The one rule for which *fields* the public may see, used by page, search, print, map and export.

Which *services* it may see is :meth:`Service.objects.publishable`. Nothing else reads an
``Address``, a coordinate, a ``Contact`` or a phone for the public: a refuge's address must not leak
through the one surface that somebody forgot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory.models import AccessFact, Address, Contact, Location, Organisation, Phone, Service


@dataclass(frozen=True)
class PublicPlace:
    """A place as the public may see it. A confidential one has a name at most."""

    location_id: str
    name: str
    lines: tuple[str, ...]
    postcode: str
    latitude: float | None
    longitude: float | None
    precision: str
    description: str
    transportation: str
    is_confidential: bool
    access_facts: tuple[AccessFact, ...]

    @property
    def on_one_line(self) -> str:
        """``St Mary's Hall, Mill Lane, Riverside, AB3 4DJ``; the postcode does not break."""
        parts = [*self.lines, self.postcode.replace(" ", "\u00a0")]
        return ", ".join(part for part in parts if part)

    @property
    def has_position(self) -> bool:
        return self.latitude is not None and self.longitude is not None


def public_place(location: Location) -> PublicPlace:
    """What may be said of ``location``. Reads ``addresses`` and ``access_facts``: prefetch both."""
    if location.is_confidential:
        # Facts about steps or a bus stop would narrow down where it is.
        return PublicPlace(
            location_id="",
            name=_("Address kept confidential: ring for it"),
            lines=(),
            postcode="",
            latitude=None,
            longitude=None,
            precision="",
            description="",
            transportation="",
            is_confidential=True,
            access_facts=(),
        )
    address = _physical_address(location.addresses.all())
    lines: list[str] = [location.name] if location.name else []
    if address is not None:
        for line in (address.address_1, address.address_2, address.city):
            line = line.strip().rstrip(",")
            if line and line.casefold() not in {seen.casefold() for seen in lines}:
                lines.append(line)
    return PublicPlace(
        location_id=str(location.id),
        name=location.name,
        lines=tuple(lines),
        postcode=address.postal_code if address is not None else "",
        latitude=location.latitude,
        longitude=location.longitude,
        precision=location.precision,
        description=location.description,
        transportation=location.transportation,
        is_confidential=False,
        access_facts=tuple(location.access_facts.all()),
    )


def _physical_address(addresses: Iterable[Address]) -> Address | None:
    found = sorted(addresses, key=lambda a: a.address_type != Address.Kind.PHYSICAL)
    return found[0] if found else None


def public_places(service: Service) -> list[PublicPlace]:
    """Where ``service`` is given, by name; needs ``service_at_locations__location`` prefetched with
    its ``addresses`` and ``access_facts``."""
    places = [
        public_place(link.location)
        for link in service.service_at_locations.all()
        if link.location.location_type == Location.Kind.PHYSICAL
    ]
    return sorted(places, key=lambda place: (place.is_confidential, place.name, place.location_id))


def public_phones(service: Service) -> list[Phone]:
    """Numbers to ring about ``service``: its own, else its organisation's (prefetch ``phones``)."""
    own = [phone for phone in service.phones.all() if phone.is_public]
    if own:
        return own
    return [phone for phone in service.organisation.phones.all() if phone.is_public]


def public_contacts(owner: Service | Organisation) -> list[Contact]:
    """Named roles that somebody said may be shown (prefetch ``contacts``)."""
    return [contact for contact in owner.contacts.all() if contact.is_public]
