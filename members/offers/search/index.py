"""By what words a shop is found: its name, what it gives, its kind and where it is."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db.models import TextField, Value

from directory.search.words import indexable
from members.offers.categories import CATEGORIES
from members.offers.models import OfferVersion, Shop
from members.offers.words import headline

# As the directory's index: stemmed by PostgreSQL, folded by us.
CONFIG = "english"


def _vector(text: str, weight: str) -> SearchVector:
    return SearchVector(
        Value(indexable(text), output_field=TextField()), weight=weight, config=CONFIG
    )


def write_vector(shop_id: UUID) -> None:
    """Write the words of one shop anew: call it in the transaction that changed shop or offer."""
    shop = Shop.objects.get(pk=shop_id)
    on_show = list(
        OfferVersion.objects.filter(offer__shop=shop_id, state=OfferVersion.State.PUBLISHED)
    )
    category = CATEGORIES[shop.category]
    Shop.objects.filter(pk=shop_id).update(
        vector=_vector(f"{shop.name} {shop.alternate_name}", "A")
        + _vector(f"{category.name} {category.words}", "B")
        + _vector(" ".join(headline(version) for version in on_show), "C")
        + _vector(
            " ".join([shop.address_1, shop.address_2, shop.town, shop.postcode]),
            "D",
        )
    )
