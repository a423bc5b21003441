"""Points for the map, which is an extra: off unless ``TILE_ADDRESS`` is set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects

from directory.models import Service
from directory.visibility import PublicPlace, public_places


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


def points_of_services(services: Iterable[Service]) -> list[dict[str, Any]]:
    """A point for each place of each service of a list, named after the service; two queries more, and
    none where no map is offered."""
    listed = list(services)
    if not map_is_offered() or not listed:
        return []
    prefetch_related_objects(
        listed,
        "service_at_locations__location__addresses",
        "service_at_locations__location__access_facts",
    )
    return [
        point
        for service in listed
        for point in points_of(
            public_places(service), name=service.name, address=service.get_absolute_url()
        )
    ]
