"""Links to answer by: made, found, ended. Looking one up writes nothing: mail scanners open links."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.messages.sealed import register_seal
from referrals.models import Referral, ReplyLink
from referrals.replies.tokens import link_of_token, link_token
from referrals.states import OPEN

LINK_LASTS = timedelta(days=30)
SEAL = "reply-link"


def live_link(referral: Referral) -> ReplyLink:
    """The link that now answers this referral; a new one when there is none or it has run out.

    Call it in the transaction that holds the referral's row: one link is live at most.
    """
    now = timezone.now()
    links = ReplyLink.objects.filter(referral=referral)
    found = links.filter(used_at=None, superseded_at=None).first()
    if found is not None and found.is_live(now) and found.owner_id == referral.owner_id:
        return found
    end_links(referral)
    return ReplyLink.objects.create(
        referral=referral,
        owner_id=referral.owner_id,
        step=links.count() + 1,
        made_at=now,
        expires_at=now + LINK_LASTS,
    )


def new_link(referral: Referral) -> ReplyLink:
    """Another one in place of the one that is live: the old one opens nothing any more."""
    end_links(referral)
    return live_link(referral)


def end_links(referral: Referral) -> None:
    """Nothing is answered by link any more, until another is made."""
    ReplyLink.objects.filter(referral=referral, used_at=None, superseded_at=None).update(
        superseded_at=timezone.now()
    )


def end_links_of(organisation: UUID) -> int:
    """All that an organisation has: its registered address is another's from now on."""
    return ReplyLink.objects.filter(owner_id=organisation, used_at=None, superseded_at=None).update(
        superseded_at=timezone.now()
    )


def find_link(token: str) -> ReplyLink | None:
    """The link that opens, with its referral; ``None`` for every kind that does not.

    Altered, run out, used, superseded, made for another organisation, of a referral that has ended: who
    holds such a link is not told which.
    """
    identifier = link_of_token(token)
    if identifier is None:
        return None
    link = (
        ReplyLink.objects.select_related(
            "referral__person",
            "referral__service",
            "referral__requester",
            "referral__owner",
            "referral__consent",
        )
        .filter(pk=identifier)
        .first()
    )
    return link if link is not None and opens(link) else None


def opens(link: ReplyLink) -> bool:
    referral = link.referral
    return (
        link.is_live()
        and link.owner_id == referral.owner_id
        and referral.state in OPEN
        and referral.anonymised_at is None
    )


def page_address(link: ReplyLink) -> str:
    return reverse("referrals:reply", args=[link_token(link.id)])


def _address_to_send(identifier: UUID) -> str | None:
    link = ReplyLink.objects.select_related("referral").filter(pk=identifier).first()
    if link is None or not opens(link):
        return None
    return f"{settings.SITE_ADDRESS}{page_address(link)}"


register_seal(SEAL, words=_("the link to answer by"), secret=_address_to_send)
