"""Who looks after which shops: an access point its own, the membership officer all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, get_permitted_or_404, register_scope
from dcsn.access.doors import Door, register_door
from members.offers.models import Offer, OfferVersion, Shop

register_scope(Offer, lambda offer: offer.shop.organisation_id)
register_scope(OfferVersion, lambda version: version.offer.shop.organisation_id)
register_door(
    Door(
        Permission.OFFER_CHANGE,
        _("Shops and offers"),
        _("Sign up shops, look at what they propose, print posters and letters for them."),
        "members:shops",
        order=55,
    )
)


def shop_or_404(user: Any, shop_id: UUID) -> Shop:
    return get_permitted_or_404(
        user, Permission.OFFER_CHANGE, Shop.objects.select_related("organisation"), id=shop_id
    )


def offer_or_404(user: Any, shop: Shop, offer_id: UUID) -> Offer:
    return get_permitted_or_404(
        user, Permission.OFFER_CHANGE, shop.offers.select_related("shop"), id=offer_id
    )


def version_or_404(user: Any, version_id: UUID) -> OfferVersion:
    return get_permitted_or_404(
        user,
        Permission.OFFER_CHANGE,
        OfferVersion.objects.select_related("offer__shop", "made_by", "decided_by"),
        id=version_id,
    )
