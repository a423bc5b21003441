"""Emptying confidential places, before anything else reads them."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any, cast
from uuid import UUID

from directory.imports.records import AddressRecord, Batch, PlaceRecord

NOT_SHOWN = "[address not shown]"


def hide_confidential(batch: Batch, known: set[UUID]) -> None:
    """Empty every confidential place, and take its address out of all other text of the source.

    Lists copy an address into descriptions and give it a second time under another name; both would
    undo the first. What is searched for is the first line (when it is long enough to mean something)
    and the postcode, however they are spaced and in upper or lower case.
    """
    hidden = batch.hidden
    addresses: set[tuple[str, str]] = set()
    confidential = [p for p in batch.places if p.is_confidential or p.id in known]
    for place in confidential:
        for address in place.addresses or []:
            addresses.add(_address_key(address))
            hidden.extend(_patterns(address))
    addresses.discard(("", ""))
    for place in batch.places:
        if place not in confidential and any(
            _address_key(address) in addresses for address in place.addresses or []
        ):
            confidential.append(place)
    for place in confidential:
        empty_confidential(place)
    if hidden:
        for group in (batch.organisations, batch.places, batch.services):
            for record in cast(list[Any], group):
                if _hide_in(record, hidden):
                    batch.problem(
                        record.whence,
                        "",
                        "Its text gave a confidential address, which was taken out.",
                    )


def empty_confidential(place: PlaceRecord) -> None:
    """Only that there is such a place, and telephones, are kept."""
    place.is_confidential = True
    place.latitude = place.longitude = None
    place.precision = ""
    place.name = place.alternate_name = place.description = ""
    place.transportation = place.url = ""
    place.addresses = []
    place.access_facts = []
    place.contacts = []


def _address_key(address: AddressRecord) -> tuple[str, str]:
    return (
        re.sub(r"\W+", "", address.address_1).casefold(),
        re.sub(r"\W+", "", address.postal_code).casefold(),
    )


def _patterns(address: AddressRecord) -> list[re.Pattern[str]]:
    found = []
    for text, sure in ((address.address_1, True), (address.address_2, False)):
        words = re.findall(r"\w+", text)
        numbered = any(c.isdigit() for c in text)
        # A second line without a number is a street that others live in too.
        if len("".join(words)) >= 6 and (numbered or (sure and len(words) > 1)):
            joined = r"\W{0,3}".join(re.escape(word) for word in words)
            found.append(re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE))
    compact = re.sub(r"\W+", "", address.postal_code)
    if len(compact) >= 5:
        found.append(
            re.compile(
                r"(?<!\w)" + r"\s?".join(re.escape(c) for c in compact) + r"(?!\w)", re.IGNORECASE
            )
        )
    return found


def _hide_in(record: Any, hidden: list[re.Pattern[str]]) -> bool:
    """Replace in every text of a record and of its children; True when something was found."""
    changed = False
    for entry in fields(record):
        value = getattr(record, entry.name)
        if isinstance(value, str):
            clean_value = value
            for pattern in hidden:
                clean_value = pattern.sub(NOT_SHOWN, clean_value)
            if clean_value != value:
                setattr(record, entry.name, clean_value)
                changed = True
        elif isinstance(value, list):
            for child in value:
                # An address of another place is its own: one that is the same was emptied above.
                if is_dataclass(child) and not isinstance(child, AddressRecord):
                    changed = _hide_in(child, hidden) or changed
    return changed
