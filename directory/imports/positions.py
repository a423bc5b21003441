"""Where a place is, worked out from its postcode when nobody has said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from directory.models import Location, PostcodePlace
from directory.models.places import Precision
from directory.postcodes import normalise, outcode_of, sector_of

LEVELS = (
    (Precision.UNIT, lambda code: code),
    (Precision.SECTOR, sector_of),
    (Precision.OUTCODE, outcode_of),
)


@dataclass(frozen=True, slots=True)
class Position:
    latitude: float
    longitude: float
    precision: str


def positions_of(postcodes: Iterable[str]) -> dict[str, Position]:
    """The best known position of each postcode, by the text that was given. One query."""
    wanted: dict[str, str] = {}
    for text in postcodes:
        code = normalise(text)
        if code:
            wanted[text] = code
    codes = {cut(code) for code in wanted.values() for _level, cut in LEVELS}
    known: dict[str, Any] = PostcodePlace.objects.in_bulk(codes)
    found: dict[str, Position] = {}
    for text, code in wanted.items():
        for level, cut in LEVELS:
            place = known.get(cut(code))
            if place is not None:
                found[text] = Position(place.latitude, place.longitude, level.value)
                break
    return found


def locate_places() -> list[Any]:
    """Give a position to every place without one, and a better one where postcodes now allow it.

    Returns the ids of the places that moved. A position that a source or a person gave is left.
    """
    unsure = (
        Location.objects.filter(is_confidential=False)
        .exclude(precision__in=[Precision.GIVEN, Precision.UNIT])
        .prefetch_related("addresses")
    )
    by_place = {
        place: address.postal_code
        for place in unsure
        for address in place.addresses.all()
        if address.postal_code
    }
    positions = positions_of(set(by_place.values()))
    moved = []
    for place, postcode in by_place.items():
        position = positions.get(postcode)
        if position is None or position.precision == place.precision:
            continue
        place.latitude, place.longitude = position.latitude, position.longitude
        place.precision = position.precision
        place.save(update_fields=["latitude", "longitude", "precision", "last_modified"])
        moved.append(place.id)
    return moved
