"""The network's own facts (name, help line, hours), for templates and print.

They are settings, so that another borough takes the portal up without touching code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Network:
    """What every page and every printed sheet says about who is speaking."""

    name: str
    area_name: str
    helpline: str
    helpline_hours: str
    short_address: str
    demonstration: bool
    brand_colour: str = "#00465e"
    # Where "Leave this site quickly" goes.
    exit_address: str = ""

    @property
    def has_own_colour(self) -> bool:
        """Whether the brand's colour differs from the one in the style sheet."""
        return self.brand_colour.lower() != "#00465e"

    @property
    def helpline_address(self) -> str:
        """The ``tel:`` address of the help line: digits only, no spaces."""
        return "tel:" + "".join(c for c in self.helpline if c.isdigit() or c == "+")


def network() -> Network:
    return Network(
        name=settings.NETWORK_NAME,
        area_name=settings.NETWORK_AREA_NAME,
        helpline=settings.HELPLINE_NUMBER,
        helpline_hours=settings.HELPLINE_HOURS,
        short_address=settings.NETWORK_SHORT_ADDRESS,
        demonstration=settings.DEMONSTRATION,
        brand_colour=settings.BRAND_COLOUR,
        exit_address=settings.EXIT_ADDRESS,
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor; reads settings only, never the database."""
    return {
        "network": network(),
        "map": {"tiles": settings.TILE_ADDRESS, "attribution": settings.TILE_ATTRIBUTION},
    }
