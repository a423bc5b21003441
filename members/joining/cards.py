"""A card for everybody who belongs to a membership, whichever way the term came: money, grant or gift."""

from __future__ import annotations

from typing import Any

from dcsn.audit import SystemJob
from members.cards.actions import NoCard, request_card
from members.models import Membership
from members.signals import membership_extended

CARDS = SystemJob("cards")


def want_cards(*, membership: Membership, **_signal: Any) -> None:
    """Put the member's card, and those of all who share, on the list; in the term's own transaction."""
    people = [membership.person] if membership.person is not None else []
    people += [
        share.person for share in membership.shares.filter(until=None).select_related("person")
    ]
    for person in people:
        try:
            request_card(membership=membership, person=person, by=CARDS)
        except NoCard:
            # Shared before it was paid for: the cards follow with the first term.
            return


def connect() -> None:
    membership_extended.connect(want_cards, dispatch_uid="members.joining.cards")
