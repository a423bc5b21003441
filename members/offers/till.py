"""What a shop's own till page needs: its offer in words, and counting."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from members.offers.models import OfferVersion, Shop
from members.offers.words import in_a_line


def offer_for_till(shop: Shop) -> str:
    """What members get here today, one offer to a line; else on which days they do; else nothing.

    The same for every card: it is about the shop.
    """
    today = timezone.localdate()
    shown = list(
        OfferVersion.objects.shown(today)
        .filter(offer__shop=shop.pk)
        .order_by("offer__created_at", "offer_id")
    )
    now = [version for version in shown if version.holds_on(today)]
    if now:
        return "\n".join(in_a_line(version, today) for version in now)
    return "\n".join(
        _("Not today. %(offer)s") % {"offer": in_a_line(version, today)} for version in shown
    )
