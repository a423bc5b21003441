"""Offers in the sitemap: those on show."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from directory.sitemap import DISALLOWED, MAPS, PublicPages
from members.offers.models import OfferVersion


class Offers(PublicPages):
    def items(self) -> QuerySet[OfferVersion]:
        return OfferVersion.objects.shown().select_related("offer__shop").order_by("offer_id")

    def location(self, item: OfferVersion) -> str:
        return item.offer.get_absolute_url()

    def lastmod(self, item: OfferVersion) -> datetime | None:
        return item.published_at


class OfferPages(PublicPages):
    def items(self) -> list[str]:
        return ["members:offers"]

    def location(self, item: str) -> str:
        return reverse(item)


def register() -> None:
    MAPS["offer-pages"] = OfferPages
    MAPS["offers"] = Offers
    # A shop's link is a key; results are not pages of their own.
    for path in ("/offers/shop/", "/offers/?", "/offers/leaflet"):
        if path not in DISALLOWED:
            DISALLOWED.append(path)
