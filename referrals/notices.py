"""Who is told when a referral moves: outbox rows in the transaction of the move itself."""

from __future__ import annotations

from collections.abc import Sequence

from dcsn.audit import Actor
from referrals.models import Referral, StateChange


def tell_of(referral: Referral, changes: Sequence[StateChange], *, by: Actor) -> None:
    """Called by ``move_referral`` for the steps of one move, inside its transaction."""
