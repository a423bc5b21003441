"""Open roles in the sitemap; what is a key, one's own or a list of results is not."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from directory.sitemap import DISALLOWED, MAPS, PublicPages
from volunteers.models import Opportunity
from volunteers.opportunities.words import address_of


class Roles(PublicPages):
    def items(self) -> QuerySet[Opportunity]:
        return Opportunity.objects.public().only("slug", "short_id", "changed_at").order_by("id")

    def location(self, item: Opportunity) -> str:
        return address_of(item)

    def lastmod(self, item: Opportunity) -> datetime:
        return item.changed_at


class RolePages(PublicPages):
    def items(self) -> list[str]:
        return ["volunteers:roles", "volunteers:five", "volunteers:ask_help"]

    def location(self, item: str) -> str:
        return reverse(item)


def register() -> None:
    MAPS["role-pages"] = RolePages
    MAPS["roles"] = Roles
    for path in (
        "/my/",
        "/help-offer/",
        "/volunteering/?",
        "/volunteering/parent/",
        "/volunteering/suggested/",
    ):
        if path not in DISALLOWED:
            DISALLOWED.append(path)
