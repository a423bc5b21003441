"""What a shop does with its link: propose. Nothing of it is on show before somebody looked at it."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from dcsn.audit import record
from members.offers.actions.locking import locked
from members.offers.actions.offers import (
    OfferDraft,
    Seen,
    latest,
    new_version,
    offer_of,
    save_draft,
)
from members.offers.events import OFFER_PROPOSED
from members.offers.links import BY_LINK
from members.offers.models import Offer, OfferVersion, ShopLink
from members.offers.refusals import LinkOver, OfferChanged, ShopLeft
from members.refusals import Refused

# A link that fell into wrong hands must not bury whoever looks at proposals.
MOST_WAITING = 10


@transaction.atomic
def propose_by_link(
    *,
    link: ShopLink,
    draft: OfferDraft,
    seen: Seen,
    key: uuid.UUID,
    offer: Offer | None = None,
) -> OfferVersion:
    """A new offer, or a change of ``offer``; what waits already is written over. The same ``key``, once.

    :raises LinkOver: when the link opens nothing any more.
    :raises OfferChanged: when the offer was changed since the page was opened.
    :raises Refused: while it is being changed at the desk, or when very many wait.
    """
    try:
        shop = locked(link.shop)
    except ShopLeft as refusal:
        raise LinkOver(str(refusal)) from refusal
    if not ShopLink.objects.live().filter(pk=link.pk).exists():
        raise LinkOver(_("This link does not work any more."))
    known = OfferVersion.objects.filter(key=key, offer__shop=shop).first()
    if known is not None:
        return known
    waiting = OfferVersion.objects.open().filter(offer__shop=shop)
    if offer is None and waiting.count() >= MOST_WAITING:
        raise Refused(_("Many of your proposals wait to be looked at. Please ring us."))
    offer = offer_of(shop, offer)
    newest = latest(offer)
    if Seen.of(newest) != seen:
        raise OfferChanged(
            _(
                "This offer was changed since you opened the page. What you typed is still here: "
                "read it once more, then send it again."
            )
        )
    if newest is not None and newest.state == OfferVersion.State.DRAFT:
        raise Refused(_("We are changing this offer ourselves at the moment. Please ring us."))
    if newest is not None and newest.state == OfferVersion.State.PROPOSED:
        version = save_draft(newest, draft, key=key, by=BY_LINK)
    else:
        version = new_version(
            offer,
            draft,
            state=OfferVersion.State.PROPOSED,
            via=OfferVersion.Via.LINK,
            by=BY_LINK,
            key=key,
        )
    OfferVersion.objects.filter(pk=version.pk).update(link=link)
    record(
        OFFER_PROPOSED,
        by=BY_LINK,
        subject=shop.pk,
        organisation=shop.organisation_id,
        details={"offer": offer.pk, "version": version.pk, "link": link.pk},
    )
    return version
