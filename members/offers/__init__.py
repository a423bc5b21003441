"""Shops, and what they give to whoever shows a card. See README.md of members and decision 0063.

=================  ====================================================================================
``categories``     the kinds of shops, a dated list
``models``         Shop, Offer and its versions, the link by which a shop edits, counts per day
``actions``        signing up, proposing, publishing, ending; the links
``words``          an offer in words: what, on which days, until when
``till``           what stands at the till, and the counting there
``search``         words, category, day and distance; with the directory's pieces
``leaflet``        on paper: by kind of shop or by area
=================  ====================================================================================

The shop never sees people: it sees its own offer, its own details and counts per day of five or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members.offers.models import Shop


def offer_for_till(shop: Shop) -> str:
    """What the till shows of this shop's offers today, as plain text; empty where it has none.

    The same for every card. In one query.
    """
    from members.offers.till import offer_for_till as say

    return say(shop)
