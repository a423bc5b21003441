"""Where joining hands over to whoever takes the card: one place that knows the payments' interface."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db.models import Q

from dcsn.audit import Actor
from members.joining.actions import Due
from members.models import JoinCode, Membership, Payment
from members.payments import begin_online
from members.payments.providers import NotOffered, online_method


def may_pay_by_card() -> bool:
    """Whether this installation takes cards online."""
    try:
        online_method()
    except NotOffered:
        return False
    return True


def usable_key(key: UUID) -> UUID:
    """The same key while its payment can still be made; a new one after it came to nothing or went back."""
    over = Q(state__in=Payment.FINISHED_UNPAID) | Q(refund__isnull=False)
    return uuid4() if Payment.objects.filter(over, key=key).exists() else key


def begin_for_membership(
    *, membership: Membership, due: Due, key: UUID, return_url: str, by: Actor
) -> Payment:
    """Begin to pay for the next term of a membership by card. The same ``key`` is the same payment.

    :raises Refused: cards are not taken online, or the provider does not answer; nothing was taken.
    """
    return begin_online(
        membership=membership,
        terms=due.terms,
        amount_pence=due.pence,
        return_url=return_url,
        key=key,
        by=by,
    )


def begin_for_gift(*, gift: JoinCode, key: UUID, return_url: str, by: Actor) -> Payment:
    """The same for a membership that is given to somebody else."""
    return begin_online(
        membership=None,
        gift=gift,
        purpose=Payment.For.GIFT,
        terms=gift.plan_terms,
        amount_pence=gift.plan_terms.price_pence,
        return_url=return_url,
        key=key,
        by=by,
    )
