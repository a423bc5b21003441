"""Shops and what they give. Read by ``members.models``."""

from members.offers.models.count import TillCount, count
from members.offers.models.link import ShopLink
from members.offers.models.offer import Offer, OfferVersion
from members.offers.models.shop import Shop

__all__ = ["Offer", "OfferVersion", "Shop", "ShopLink", "TillCount", "count"]
