"""Points for the map, which is an extra: off unless ``TILE_ADDRESS`` is set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from directory.visibility import PublicPlace


def map_is_offered() -> bool:
    return bool(settings.TILE_ADDRESS)


def points_of(
    places: Iterable[PublicPlace], *, name: str = "", address: str = ""
) -> list[dict[str, Any]]:
    """What the map's script reads: a confidential place has no position, so it cannot be here."""
    if not map_is_offered():
        return []
    return [
        {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "name": name or place.name,
            "address": address,
        }
        for place in places
        if place.has_position
    ]
