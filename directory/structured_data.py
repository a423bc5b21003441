"""A service in schema.org's words, for search engines (a data block of JSON-LD in its page).

Places come only through :mod:`directory.visibility`: a confidential one has no address, no position and
no opening hours here either.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from directory import markdown
from directory.hours import opening_hours
from directory.models import Organisation, Service
from directory.service_page import ServicePage
from directory.visibility import PublicPlace

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def absolute(path: str) -> str:
    """The one public address of a page."""
    return f"{settings.SITE_ADDRESS}{path}"


def service_data(page: ServicePage, today: date) -> dict[str, Any]:
    """schema.org ``Service``."""
    service = page.service
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": absolute(service.get_absolute_url()),
        "url": absolute(service.get_absolute_url()),
        "identifier": str(service.id),
        "name": service.name,
        "description": service.summary or _shortened(markdown.plain(service.description)),
        "provider": organisation_data(service.organisation),
        "availableChannel": [_channel(page, place, today) for place in page.places]
        or [_channel(page, None, today)],
    }
    if areas := [area.name for area in service.service_areas.all() if area.name]:
        data["areaServed"] = areas
    if service.cost == Service.Cost.FREE:
        data["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "GBP"}
    elif prices := [o for o in service.cost_options.all() if o.amount is not None]:
        data["offers"] = [
            {
                "@type": "Offer",
                "price": f"{(option.amount or 0) / 100:.2f}",
                "priceCurrency": option.currency,
                **({"name": option.option} if option.option else {}),
            }
            for option in prices
        ]
    return {name: value for name, value in data.items() if value}


def organisation_data(organisation: Organisation) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "@id": absolute(organisation.get_absolute_url()),
        "name": organisation.name,
    }


def _channel(page: ServicePage, place: PublicPlace | None, today: date) -> dict[str, Any]:
    channel: dict[str, Any] = {"@type": "ServiceChannel"}
    if page.phones:
        channel["servicePhone"] = {"@type": "ContactPoint", "telephone": page.phones[0].number}
    if page.service.url:
        channel["serviceUrl"] = page.service.url
    if place is None or place.is_confidential:
        return channel
    where: dict[str, Any] = {
        "@type": "Place",
        "name": place.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": ", ".join(place.lines),
            "postalCode": place.postcode,
            "addressCountry": "GB",
        },
    }
    if place.has_position:
        where["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    for hours in page.hours.places:
        if any(str(location.id) == place.location_id for location in hours.locations):
            where |= opening_hours(hours.schedule, page.hours.calendars, today)
    channel["serviceLocation"] = where
    return channel


def _shortened(text: str, length: int = 300) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else words[: length - 1].rsplit(" ", 1)[0] + "…"


def data_block(data: dict[str, Any]) -> SafeString:
    """The JSON-LD element. Browsers do not run it, so the security policy lets it stand; ``<``, ``>``
    and ``&`` are escaped, so that no text in it can close the element."""
    text = json.dumps(data, ensure_ascii=False, default=str).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
