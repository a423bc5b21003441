"""Making a shop's link, handing it out, taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor, EventType, SystemJob, record
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.messages.sealed import seal
from dcsn.network import network
from members.offers.actions.locking import locked, may
from members.offers.events import SHOP_LINK_HANDED_OUT, SHOP_LINK_MADE, SHOP_LINK_REVOKED
from members.offers.links import LINK_LASTS, SEAL
from members.offers.models import Shop, ShopLink
from members.offers.refusals import CannotBeSent, LinkOver


@transaction.atomic
def make_link(*, shop: Shop, by: Actor) -> ShopLink:
    """A new way in; the one before opens nothing any more."""
    may(by, shop)
    current = locked(shop)
    now = timezone.now()
    current.links.filter(revoked_at=None).update(revoked_at=now)
    link = ShopLink.objects.create(
        shop=current,
        made_at=now,
        expires_at=now + LINK_LASTS,
        made_by=None if isinstance(by, SystemJob) else by,
    )
    _record(SHOP_LINK_MADE, link, current, by)
    return link


@transaction.atomic
def email_link(*, shop: Shop, by: Actor) -> ShopLink:
    """A new link, by e-mail to whom the shop said. It stands in no record: only in the e-mail.

    :raises CannotBeSent: when the shop gave no address.
    """
    may(by, shop)
    current = locked(shop)
    if not current.contact_email:
        raise CannotBeSent(_("This shop has given no e-mail address. Print the link instead."))
    link = make_link(shop=current, by=by)
    queue_message(
        channel=Channel.EMAIL,
        key=f"shop-link:{link.pk}",
        to=Recipient(current.contact_name, current.contact_email),
        subject=_("Change what your shop offers"),
        body=_(
            "Open this page to see and change what %(shop)s offers to members:\n\n%(link)s\n\n"
            "It works until %(day)s and needs no password. We look at each change before it is on "
            "show. Please do not pass the link on.\n\n%(network)s\n%(phone)s"
        )
        % {
            "shop": current.name,
            "link": seal(SEAL, link.pk),
            "day": date_format(link.expires_at, "j F Y"),
            "network": network().name,
            "phone": network().helpline,
        },
        by=by,
        organisation=current.organisation_id,
    )
    ShopLink.objects.filter(pk=link.pk).update(emailed_at=timezone.now())
    _record(SHOP_LINK_HANDED_OUT, link, current, by, way="e-mail")
    return link


@transaction.atomic
def print_link(*, shop: Shop, by: Actor) -> ShopLink:
    """The link for a letter that is printed now: the one that is live, else a new one.

    The letter may be printed again; every copy carries the same link.
    """
    may(by, shop)
    current = locked(shop)
    link = current.links.live().first() or make_link(shop=current, by=by)
    ShopLink.objects.filter(pk=link.pk).update(printed_at=timezone.now())
    _record(SHOP_LINK_HANDED_OUT, link, current, by, way="letter")
    return link


@transaction.atomic
def revoke_links(*, shop: Shop, by: Actor) -> None:
    """The link opens nothing any more.

    :raises LinkOver: when there was none, or somebody else took it back a moment ago.
    """
    may(by, shop)
    current = locked(shop)
    link = current.links.live().first()
    if link is None:
        raise LinkOver(_("There is no link that works any more."))
    current.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    _record(SHOP_LINK_REVOKED, link, current, by)


def _record(event: EventType, link: ShopLink, shop: Shop, by: Actor, **details: str) -> None:
    record(
        event,
        by=by,
        subject=shop.pk,
        organisation=shop.organisation_id,
        details={"link": link.pk, **details},
    )
