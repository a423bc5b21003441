"""Why something about a shop or an offer was refused, in words for the page."""

from __future__ import annotations

from members.refusals import Refused


class ShopChanged(Refused):
    """Somebody else has changed the shop's details since the page was opened."""


class OfferChanged(Refused):
    """Somebody else, or the shop, has changed or decided about the offer since the page was opened."""


class ShopLeft(Refused):
    """The shop no longer takes part."""


class LinkOver(Refused):
    """The link has run out or was taken back."""


class CannotBeSent(Refused):
    """The shop has given no e-mail address."""
