"""Who is told when a referral moves: rows in the transaction of the move itself.

==============  ====================================================================================
the receiver    of a new request, their way; that it is withdrawn; a receipt of what came by link
the hub         of each word of the receiver, by e-mail to its shared address
the person      when it is sent, accepted, turned down or put on a waiting list: only by the channel
                that they chose, and never one who asked not to be contacted
==============  ====================================================================================

No e-mail or text names the person, the service or what is asked for: only the reference. Where no
machine may or can tell somebody (a note on safe contact, a sensitive service, an interpreter, paper, the
phone), a ``Telling`` waits for the access point's staff. Every key is the step's own, so that nothing is
told twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from dcsn.audit import Actor
from referrals.models import Referral, StateChange, Telling
from referrals.notices.access_point import tell_hub
from referrals.notices.person import tell_person, write_that_it_was_sent
from referrals.notices.receiver import (
    CLOCK,
    remind_receiver,
    send_receipt,
    stop_words,
    tell_receiver_again,
    tell_receiver_of_request,
    tell_receiver_to_stop,
)
from referrals.notices.sending import desk_of, not_needed
from referrals.replies.links import end_links
from referrals.states import FINAL, Party, State, Via

__all__ = [
    "CLOCK",
    "desk_of",
    "remind_receiver",
    "stop_words",
    "tell_of",
    "tell_receiver_again",
]

# What the person is told of: what changes what they may expect.
TOLD_TO_THE_PERSON = frozenset({State.ACCEPTED, State.REJECTED, State.ON_HOLD})
_STOPPED = frozenset({State.CANCELLED, State.ENTERED_IN_ERROR})


def tell_of(referral: Referral, changes: Sequence[StateChange], *, by: Actor) -> None:
    """Called by ``move_referral`` for the steps of one move, inside its transaction."""
    change = changes[-1]
    if change.to_state == State.REQUESTED:
        tell_receiver_of_request(referral, change, by=by)
        write_that_it_was_sent(referral, by=by)
    elif change.party == Party.REQUESTER:
        if change.to_state in FINAL:
            # "They will help" is no longer true: nobody rings the person to say so.
            not_needed(referral, Telling.Whom.PERSON)
        if change.to_state in _STOPPED and changes[0].from_state != State.DRAFT:
            tell_receiver_to_stop(referral, change, by=by)
    else:
        not_needed(referral, Telling.Whom.RECEIVER)
        if change.via == Via.LINK:
            send_receipt(referral, change, by=by)
        if change.recorded_by_id is None:
            tell_hub(referral, change, by=by)
        if change.to_state in TOLD_TO_THE_PERSON:
            tell_person(referral, change, by=by)
    if referral.state in FINAL:
        end_links(referral)
