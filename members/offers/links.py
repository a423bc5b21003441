"""A shop's link: its address, and finding it again. Looking one up writes nothing: scanners open links."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dcsn.audit import SystemJob
from dcsn.messages.sealed import register_seal
from dcsn.signed_ids import id_of_token, token_of
from members.offers.models import ShopLink

# Long enough for a shop to use it each season; a shop that loses its paper gets a new one.
LINK_LASTS = timedelta(days=90)
BY_LINK = SystemJob("shop link")
SEAL = "shop-link"
_PURPOSE = "members.offers.link"


def link_token(link: ShopLink) -> str:
    return token_of(_PURPOSE, link.pk)


def find_link(token: str) -> ShopLink | None:
    """The link that opens, with its shop; ``None`` for every kind that does not, and which is not said."""
    identifier = id_of_token(_PURPOSE, token)
    if identifier is None:
        return None
    link = ShopLink.objects.live().select_related("shop").filter(pk=identifier).first()
    return link if link is not None and link.shop.takes_part() else None


def page_address(link: ShopLink) -> str:
    return reverse("members:shop_page", args=[link_token(link)])


def whole_address(link: ShopLink) -> str:
    return f"{settings.SITE_ADDRESS}{page_address(link)}"


def _address_to_send(identifier: UUID) -> str | None:
    link = ShopLink.objects.live().select_related("shop").filter(pk=identifier).first()
    return whole_address(link) if link is not None and link.shop.takes_part() else None


register_seal(SEAL, words=_("the shop’s link"), secret=_address_to_send)
