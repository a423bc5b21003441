"""What carers and people with a budget may find by a search engine."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from directory.sitemap import MAPS, PublicPages


class PathwayPages(PublicPages):
    def items(self) -> Sequence[str]:
        return ["pathways:carers"]

    def location(self, item: str) -> str:
        return reverse(item)


def register() -> None:
    MAPS["pathways"] = PathwayPages
