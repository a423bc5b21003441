"""What can be done for a member at the desk next: links that the parts beside this one add.

Cards, receipts and the safety net each stand in a package of their own; what they offer on the page of a
membership is named here, in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from members.cards.validity import membership_good_until
from members.safety_net.actions import is_due

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Membership


@dataclass(frozen=True)
class NextStep:
    """A button on the page of a membership."""

    words: str
    address: str
    main: bool = False


def _address(name: str, *arguments: object) -> str:
    """Where the page is; empty where this installation has none."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def safety_net_at_desk(membership: Membership) -> str:
    """Where staff ask the one question for somebody who cannot pay."""
    return _address("members:safety_net_ask", membership.pk)


def next_steps(user: User, membership: Membership) -> list[NextStep]:
    """What to do for this member now, the likeliest first."""
    steps = []
    if membership_good_until(membership) and can(user, Permission.CARD_CHANGE, membership):
        steps.append(
            NextStep(_("Their card"), reverse("members:membership_cards", args=[membership.pk]))
        )
    if is_due(membership, timezone.localdate()) and can(
        user, Permission.SAFETY_NET_ASK, membership
    ):
        steps.append(NextStep(_("They cannot pay"), safety_net_at_desk(membership)))
    return steps
