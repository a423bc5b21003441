"""Writing to a shop what became of what it proposed."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from members.offers.models import OfferVersion, Shop
from members.offers.words import in_a_line


def tell_shop(shop: Shop, version: OfferVersion, *, by: Actor) -> None:
    """By e-mail, where the shop gave an address; else its own page says it the next time."""
    if not shop.contact_email:
        return
    taken = version.state == OfferVersion.State.PUBLISHED
    body = (
        _("Thank you. Your offer is on show from now on:\n\n%(offer)s")
        if taken
        else _("Thank you for your proposal. We have not put it on show:\n\n%(offer)s\n\n%(why)s")
    ) % {"offer": in_a_line(version, timezone.localdate()), "why": version.decided_why}
    queue_message(
        channel=Channel.EMAIL,
        key=f"offer-decided:{version.pk}:{version.edit}",
        to=Recipient(shop.contact_name, shop.contact_email),
        subject=_("Your offer is on show") if taken else _("About your offer"),
        body=f"{body}\n\n{network().name}\n{network().helpline}".rstrip(),
        by=by,
        organisation=shop.organisation_id,
    )
