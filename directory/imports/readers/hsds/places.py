"""Where help is given, and which places are confidential."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from directory.imports.readers.hsds.source import Source
from directory.imports.readers.hsds.times import Times
from directory.imports.readers.tables import Row
from directory.imports.readers.values import (
    a_number,
    items,
    yes,
)
from directory.imports.records import (
    UNSET,
    AccessFactRecord,
    AddressRecord,
    PlaceRecord,
)

CONFIDENTIAL = re.compile(r"\bconfidential\s+(?:address|location|place)\b", re.IGNORECASE)
# The words of HSDS 1's list of ways of getting in that mean one of our facts.
FACTS = {
    "wheelchair": "step_free",
    "ramp": "step_free",
    "restroom": "toilet",
    "disabled_parking": "parking",
    "elevator": "lift",
    "hearing_loop": "hearing_loop",
}
PLACES = {"physical": "physical", "postal": "postal", "virtual": "virtual"}


def read_places(source: Source, times: Times) -> None:
    addresses = source.by("addresses", "location_id")
    letters = source.by("mail_addresses", "location_id")
    phones = source.owned("phones", "location_id", above=("service_id",))
    contacts = source.owned("contacts", "location_id", above=("service_id",))
    words = source.by("accessibility", "location_id")
    for row in source.rows("locations"):
        key = row.text("id")
        location = source.ids.of("location", key)
        organisation = row.text("organization_id")
        getting_in = [
            text for found in words[key] if (text := found.text("description", "accessibility"))
        ]
        listed = items(row.text("accessibility"))
        description = row.text("description", "short_desc")
        facts = _facts(listed)
        kind = PLACES.get(row.text("location_type").lower(), "physical")
        if yes(row.text("virtual")):
            kind = "virtual"
        source.found.places.append(
            PlaceRecord(
                id=location,
                whence=row.whence,
                organisation_id=source.ids.of("organisation", organisation)
                if organisation
                else None,
                location_type=kind,
                name=row.text("name"),
                alternate_name=row.text("alternate_name"),
                # What a facts table cannot hold stays as words beside the place.
                description="\n\n".join(part for part in (description, *getting_in) if part),
                transportation=row.text("transportation"),
                url=row.text("url", "website"),
                is_confidential=_is_confidential(row, [*getting_in, *listed]),
                latitude=_degrees(row.text("latitude")),
                longitude=_degrees(row.text("longitude")),
                addresses=_addresses(source, location, addresses[key], letters[key]),
                access_facts=facts or UNSET,
                phones=source.phones(location, phones[key], contacts[key])
                if "phones" in source.tables
                else UNSET,
                contacts=source.contacts(location, contacts[key])
                if "contacts" in source.tables
                else UNSET,
                openingrules=times.rules("location_id", key, location),
                scheduleexceptions=times.exceptions("location_id", key, location),
            )
        )


def _is_confidential(row: Row, words: list[str]) -> bool:
    return bool(yes(row.text("is_confidential", "confidential"))) or any(
        CONFIDENTIAL.search(text) for text in words
    )


def _addresses(
    source: Source, location: UUID, physical: list[Row], postal: list[Row]
) -> list[AddressRecord]:
    found = []
    for row, kind in [*((r, "") for r in physical), *((r, "postal") for r in postal)]:
        stated = kind or row.text("address_type").lower()
        more = [row.text(f"address_{number}") for number in (2, 3, 4)]
        found.append(
            AddressRecord(
                id=source.ids.child(
                    "address" if not kind else "mail_address", location, row.text("id")
                ),
                address_type="postal" if stated == "postal" else "physical",
                attention=row.text("attention"),
                address_1=row.text("address_1"),
                address_2=", ".join(part for part in more if part),
                city=row.text("city"),
                region=row.text("region"),
                state_province=row.text("state_province"),
                postal_code=row.text("postal_code"),
                country=row.text("country")[:2].upper() or "GB",
            )
        )
    return found


def hide_what_attributes_call_confidential(source: Source) -> None:
    """Mark the places of everything that an attribute calls confidential."""
    terms = {term.id: term.name for term in source.found.terms}
    hidden: set[UUID] = set()
    for row in source.rows("attributes"):
        term = terms.get(source.term_id(row.text("taxonomy_term_id")), "")
        if not CONFIDENTIAL.search(" ".join([row.text("label"), row.text("value"), term])):
            continue
        for key in (row.text("link_id"), row.text("service_id"), row.text("location_id")):
            hidden |= {source.ids.of(table, key) for table in ("location", "service") if key}
    for service in source.found.services:
        if service.id in hidden:
            hidden |= {link.location_id for link in service.service_at_locations or []}
    for place in source.found.places:
        if place.id in hidden:
            place.is_confidential = True


def _degrees(text: str) -> Any:
    return a_number(text) if text else UNSET


def _facts(words: list[str]) -> list[AccessFactRecord]:
    kinds = dict.fromkeys(FACTS[word] for word in words if word in FACTS)
    return [AccessFactRecord(kind=kind, value="yes") for kind in kinds]
