"""Who is told when a referral moves: outbox rows in the transaction of the move itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from dcsn.audit import Actor, SystemJob
from dcsn.messages import Channel, Recipient, queue_message
from referrals.models import Referral, Reminder, StateChange

CLOCK = SystemJob("referral clock")


def tell_of(referral: Referral, changes: Sequence[StateChange], *, by: Actor) -> None:
    """Called by ``move_referral`` for the steps of one move, inside its transaction."""


def remind_receiver(reminder: Reminder) -> None:
    """Six working days and no answer: ask the receiver once more, without a word about the person."""
    referral = reminder.referral
    if not referral.owner.email:
        return
    queue_message(
        channel=Channel.EMAIL,
        key=f"reminder:{reminder.id}",
        to=Recipient(referral.owner.name, referral.owner.email),
        subject=_("Referral %(reference)s waits for your answer")
        % {"reference": referral.reference},
        body=_(
            "We sent you referral %(reference)s and have had no answer. Please sign in and say whether you "
            "can help, or ring us: %(link)s"
        )
        % {"reference": referral.reference, "link": settings.SITE_ADDRESS},
        by=CLOCK,
        organisation=referral.requester_id,
    )
