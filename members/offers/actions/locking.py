"""The shop's row orders everything that is done to it and its offers, one after the other."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.audit import Actor, SystemJob
from members.offers.models import Shop
from members.offers.refusals import ShopLeft


def locked(shop: Shop) -> Shop:
    """Its row, held until the end of the transaction.

    :raises ShopLeft: when it no longer takes part.
    """
    current = Shop.objects.select_for_update(of=("self",)).get(pk=shop.pk)
    if not current.takes_part():
        raise ShopLeft(_("This shop no longer takes part."))
    return current


def may(by: Actor, shop: Shop) -> None:
    """Whoever is signed in must look after this shop; jobs of the portal may."""
    if not isinstance(by, SystemJob):
        check(by, Permission.OFFER_CHANGE, shop)
