"""What can be done for a member at the desk next: links that the parts beside this one add.

Cards, receipts and the safety net each stand in a package of their own; what they offer on the page of a
membership is named here, in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from members.cards.actions import card_for
from members.cards.validity import membership_good_until
from members.models import Card, Payment

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Membership


@dataclass(frozen=True)
class NextStep:
    """A button on the page of a membership."""

    words: str
    address: str
    main: bool = False


def safety_net_at_desk(membership: Membership) -> str:
    """Where staff ask the one question for somebody who cannot pay."""
    return reverse("members:safety_net_ask", args=[membership.pk])


def next_steps(user: User, membership: Membership) -> list[NextStep]:
    """What to do for this member now, the likeliest first: the card, the receipt, the safety net."""
    found = []
    card = card_for(membership, membership.person) if membership.person is not None else None
    if can(user, Permission.CARD_CHANGE, membership):
        until = membership_good_until(membership)
        is_good = until is not None and until >= timezone.localdate()
        if card is not None and is_good and card.state == Card.State.REQUESTED:
            found.append(
                NextStep(_("Print the card"), reverse("members:card", args=[card.pk]), True)
            )
        if card is not None:
            found.append(
                NextStep(_("Cards"), reverse("members:membership_cards", args=[membership.pk]))
            )
    receipt = (
        membership.payments.filter(state__in=Payment.TAKEN, receipt_number__isnull=False)
        .order_by("-taken_at")
        .first()
    )
    if receipt is not None and can(user, Permission.PAYMENT_TAKE, receipt):
        found.append(
            NextStep(_("Print the receipt"), reverse("members:payment_receipt", args=[receipt.pk]))
        )
    if membership.stored == "pending" and can(user, Permission.SAFETY_NET_ASK, membership):
        found.append(NextStep(_("They cannot pay"), safety_net_at_desk(membership)))
    return found
