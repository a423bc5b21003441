"""The receiver's word, by the four ways in which it can come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import Actor
from referrals.actions.moving import Saying, locked, move_referral
from referrals.models import Referral, ReplyLink, Telling
from referrals.refusals import LinkOver
from referrals.replies.answers import LEADS_TO
from referrals.replies.codes import BY_LINK
from referrals.replies.links import opens
from referrals.states import Party, Via


@dataclass(frozen=True)
class Answered:
    """What was said, as the form gives it."""

    answer: str
    by_name: str = ""
    reason_code: str = ""
    reason_text: str = ""
    day: date | None = None


@transaction.atomic
def answer_by_link(*, link: ReplyLink, said: Answered, version: int) -> Referral:
    """One step by link: the link is used up with it, or neither happens.

    :raises LinkOver: somebody was quicker with the same link (a double click too).
    :raises Refused: as ``move_referral``; the link can then be used again.
    """
    referral = locked(link.referral)
    current = ReplyLink.objects.select_for_update().select_related("referral").get(pk=link.pk)
    if not opens(current):
        raise LinkOver
    ReplyLink.objects.filter(pk=current.pk).update(used_at=timezone.now())
    return _move(referral, said, via=Via.LINK, by=BY_LINK, version=version)


def answer_signed_in(*, referral: Referral, said: Answered, by: User, version: int) -> Referral:
    """Somebody of the receiving organisation, signed in; ``move_referral`` checks that they may."""
    return _move(referral, said, via=Via.SIGNED_IN, by=by, version=version)


@transaction.atomic
def relay_answer(
    *, referral: Referral, said: Answered, via: str, by: User, version: int
) -> Referral:
    """The access point writes down what the receiver said by phone, or on the slip that came back."""
    if via not in (Via.PHONE, Via.SLIP):
        raise ValueError(via)
    moved = _move(referral, said, via=via, by=by, version=version)
    if via == Via.SLIP:
        Telling.objects.filter(
            referral=referral,
            whom=Telling.Whom.RECEIVER,
            how=Telling.How.POST,
            returned_at=None,
        ).update(returned_at=timezone.now())
    return moved


def _move(referral: Referral, said: Answered, *, via: str, by: Actor, version: int) -> Referral:
    return move_referral(
        referral=referral,
        to=LEADS_TO[said.answer],
        by=by,
        saying=Saying(
            Party.RECEIVER,
            via=via,
            reason_code=said.reason_code,
            reason_text=said.reason_text,
            by_name=said.by_name,
            expected_on=said.day,
        ),
        version=version,
        # "We have helped her already": the steps between are recorded too.
        catch_up=True,
    )
