"""What the audit trail calls the things that happen to shops and offers. Their subject is the shop."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

_OFFER = {"offer": OnErasure.KEEP, "version": OnErasure.KEEP}
_LINK = {"link": OnErasure.KEEP}

SHOP_SIGNED_UP = register(
    EventType(
        "shop:signed_up",
        sentence=_("%(actor)s signed up a shop (%(via)s)"),
        details={"via": OnErasure.KEEP},
    )
)
SHOP_CHANGED = register(
    EventType("shop:changed", sentence=_("%(actor)s changed the details of a shop"))
)
SHOP_LEFT = register(
    EventType("shop:left", sentence=_("%(actor)s noted that a shop no longer takes part"))
)
OFFER_DRAFTED = register(
    EventType(
        "offer:drafted", sentence=_("%(actor)s wrote down an offer of a shop"), details=_OFFER
    )
)
OFFER_PROPOSED = register(
    EventType(
        "offer:proposed",
        sentence=_("The shop proposed an offer by its link (%(actor)s)"),
        details={**_OFFER, **_LINK},
    )
)
OFFER_PUBLISHED = register(
    EventType("offer:published", sentence=_("%(actor)s put an offer on show"), details=_OFFER)
)
OFFER_TURNED_DOWN = register(
    EventType("offer:turned_down", sentence=_("%(actor)s did not take an offer"), details=_OFFER)
)
OFFER_ENDED = register(
    EventType("offer:ended", sentence=_("%(actor)s ended an offer"), details=_OFFER)
)
SHOP_LINK_MADE = register(
    EventType(
        "shop_link:made",
        sentence=_("%(actor)s made a link by which a shop edits its offers"),
        details=_LINK,
    )
)
SHOP_LINK_HANDED_OUT = register(
    EventType(
        "shop_link:handed_out",
        sentence=_("%(actor)s handed out a shop’s link (%(way)s)"),
        details={**_LINK, "way": OnErasure.KEEP},
    )
)
SHOP_LINK_REVOKED = register(
    EventType("shop_link:revoked", sentence=_("%(actor)s took a shop’s link back"), details=_LINK)
)
