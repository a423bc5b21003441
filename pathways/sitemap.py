"""What people may find by a search engine; what only its own owner opens, nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from directory.sitemap import DISALLOWED, MAPS, PublicPages


class PathwayPages(PublicPages):
    def items(self) -> Sequence[str]:
        return ["pathways:ask", "pathways:carers", "pathways:estimate", "pathways:estimate_how"]

    def location(self, item: str) -> str:
        return reverse(item)


def register() -> None:
    MAPS["pathways"] = PathwayPages
    DISALLOWED.append("/pathways/calendar/")
