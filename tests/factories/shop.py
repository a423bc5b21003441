"""Shops and offers as the tests need them.

ShopFactory(name="Brightwell Books")                       takes part
ShopFactory(place=(54.52, -1.55))                          with a position
offer(shop=…, percent=10, wording="everything")            on show since a week ago
offer(state="proposed")                                    waiting to be looked at
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from members.models import Offer, OfferVersion, Shop, ShopLink
from members.offers.search.index import write_vector
from tests.factories.person import access_point


class ShopFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Shop
        skip_postgeneration_save = True

    class Params:
        place = None

    organisation = factory.LazyFunction(access_point)
    name = factory.Sequence(lambda n: f"Brightwell Books {n}")
    category = "leisure"
    address_1 = "1 Mill Lane"
    town = "Riverside"
    postcode = "AB3 4DJ"
    latitude = factory.LazyAttribute(lambda shop: shop.place[0] if shop.place else None)
    longitude = factory.LazyAttribute(lambda shop: shop.place[1] if shop.place else None)
    precision = factory.LazyAttribute(lambda shop: "unit" if shop.place else "")
    phone = "01632 960701"
    opening = "Monday to Saturday, 9am to 5pm"
    contact_name = "Rowan Contact"
    contact_email = "rowan@example.org"
    agreed_by = "Rowan Contact"
    agreed_on = factory.LazyFunction(timezone.localdate)

    @factory.post_generation
    def indexed(self: Shop, create: bool, _extracted: Any, **_kwargs: Any) -> None:  # type: ignore[misc]
        if create:
            write_vector(self.pk)


def offer(*, shop: Shop | None = None, state: str = "published", **facts: Any) -> OfferVersion:
    """An offer with one version in that state, as the actions leave it."""
    shop = shop or ShopFactory()
    now = timezone.now()
    known = facts.pop("offer", None)
    row = known or Offer.objects.create(shop=shop)
    if not facts.keys() & {"kind", "percent", "amount_pence"}:
        facts["percent"] = 10
    kind = "percent" if "percent" in facts else "amount" if "amount_pence" in facts else "words"
    if state == "published":
        facts.setdefault("published_at", now - timedelta(days=7))
    if state == "ended":
        facts.setdefault("published_at", now - timedelta(days=7))
        facts.setdefault("ended_at", now - timedelta(days=1))
    version = OfferVersion.objects.create(
        **{
            "offer": row,
            "number": row.versions.count() + 1,
            "state": state,
            "kind": kind,
            "days": list(range(7)),
            "from_on": timezone.localdate() - timedelta(days=7),
            "agreed_by": "Rowan Contact",
            "agreed_on": timezone.localdate(),
        }
        | facts
    )
    write_vector(shop.pk)
    return version


def shop_link(shop: Shop | None = None, *, lasts: timedelta = timedelta(days=30)) -> ShopLink:
    """A link that opens; with ``lasts`` below nothing, one that has run out."""
    now = timezone.now()
    made = min(now, now + lasts) - timedelta(days=1)
    return ShopLink.objects.create(shop=shop or ShopFactory(), made_at=made, expires_at=now + lasts)
