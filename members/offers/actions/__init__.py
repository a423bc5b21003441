"""What can be done with shops and offers. One transaction each, with its audit event."""

from members.offers.actions.by_link import propose_by_link
from members.offers.actions.links import email_link, make_link, print_link, revoke_links
from members.offers.actions.offers import (
    OfferDraft,
    Seen,
    end_offer,
    publish_version,
    turn_down,
    write_offer,
)
from members.offers.actions.shops import ShopDraft, change_shop, shop_leaves, sign_up_shop

__all__ = [
    "OfferDraft",
    "Seen",
    "ShopDraft",
    "change_shop",
    "email_link",
    "end_offer",
    "make_link",
    "print_link",
    "propose_by_link",
    "publish_version",
    "revoke_links",
    "shop_leaves",
    "sign_up_shop",
    "turn_down",
    "write_offer",
]
