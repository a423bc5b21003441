"""What follows when money has come in or goes back: the journal and the membership's term."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor, record
from members import tokens
from members.actions.journal import Line, post, reverse
from members.actions.memberships import Ended, apply_source, void_source
from members.joining.ending import end_code
from members.models import Account, JournalEntry, Payment, Term
from members.payments.events import PAYMENT_MOVED

logger = logging.getLogger(__name__)

# Where the money is when it has just come in.
WHERE: dict[str, Account] = {
    Payment.Method.CASH: Account.CASH,
    Payment.Method.CHEQUE: Account.CHEQUES,
    Payment.Method.CARD_TERMINAL: Account.CARD_TERMINAL,
    Payment.Method.GOVUK_PAY: Account.ONLINE,
    Payment.Method.DEVELOPMENT: Account.ONLINE,
}
# What it is for, when it is income; tokens are owed until they are spent.
FOR: dict[str, Account] = {
    Payment.For.MEMBERSHIP: Account.MEMBERSHIPS,
    Payment.For.GIFT: Account.MEMBERSHIPS,
    Payment.For.TOKENS: Account.TOKENS,
}


def settle_taken(payment: Payment, *, by: Actor) -> None:
    """Once, in the transaction in which the payment came into a paid state.

    Money that came by card online is there, whatever became of the membership meanwhile: where that has
    ended, the payment brings no term and waits on the list of those to be given back.
    """
    post(
        what=JournalEntry.What.TAKEN,
        source_id=payment.id,
        lines=[
            Line(WHERE[payment.method], payment.amount_pence, payment.organisation),
            Line(FOR[payment.purpose], -payment.amount_pence, payment.organisation),
        ],
    )
    if payment.purpose == Payment.For.TOKENS:
        tokens.hand_out(payment)
    if payment.membership is None or payment.purpose != Payment.For.MEMBERSHIP:
        return
    try:
        with transaction.atomic():
            apply_source(
                membership=payment.membership,
                source=Term.Source.PAYMENT,
                source_id=payment.id,
                plan_terms=payment.plan_terms,
                by=by,
                on=timezone.localdate(payment.taken_at),
            )
    except Ended:
        if payment.method in Payment.DESK:
            raise
        logger.warning("Payment %s came for a membership that has ended", payment.reference)


def settle_voided(payment: Payment, *, by: Actor) -> None:
    """The opposite, once: a payment that was voided before it was banked."""
    taken = taken_entry(payment)
    if taken is not None:
        reverse(entry=taken, what=JournalEntry.What.VOIDED, source_id=payment.id)
    take_back_what_it_bought(payment, by=by)


def settle_refunded(payment: Payment, *, source_id: UUID, out_of: Account) -> None:
    """Money went back, once: out of where it was, or out of the bank."""
    post(
        what=JournalEntry.What.REFUNDED,
        source_id=source_id,
        reverses=taken_entry(payment),
        lines=[
            Line(FOR[payment.purpose], payment.amount_pence, payment.organisation),
            Line(out_of, -payment.amount_pence, payment.organisation),
        ],
    )


def taken_entry(payment: Payment) -> JournalEntry | None:
    return JournalEntry.objects.filter(what=JournalEntry.What.TAKEN, source_id=payment.id).first()


def take_back_what_it_bought(payment: Payment, *, by: Actor) -> None:
    """The term, the gift or the tokens. Done before, nothing happens.

    :raises SpentAlready: for tokens of which some are gone.
    """
    if payment.purpose == Payment.For.TOKENS:
        tokens.take_back(payment)
    elif payment.gift is not None:
        end_code(code=payment.gift, by=by)
    else:
        void_source(source=Term.Source.PAYMENT, source_id=payment.id, by=by)


def paid_for_since(payment: Payment) -> Payment | None:
    """The last payment for time after this one's that still stands: that one goes back first.

    Else the year in the middle would go and the last day would stay: two years for one year's money.
    """
    term = Term.objects.filter(
        source=Term.Source.PAYMENT, source_id=payment.pk, voided_at=None
    ).first()
    if term is None:
        return None
    later = Term.objects.filter(
        membership=term.membership_id,
        source=Term.Source.PAYMENT,
        voided_at=None,
        starts_on__gt=term.starts_on,
    )
    standing = Payment.objects.taken().filter(pk__in=later.values("source_id"), refund__isnull=True)
    return standing.order_by("-taken_at", "-id").first()


def newer_first(newer: Payment) -> str:
    """What is said to whoever would give back the older one."""
    return _("They have paid for more time since. Give that back first: payment %(reference)s.") % {
        "reference": newer.reference
    }


def note_move(payment: Payment, *, by: Actor) -> None:
    """The audit event of a change of state."""
    record(
        PAYMENT_MOVED,
        by=by,
        subject=payment.person_id,
        organisation=payment.organisation_id,
        details={
            "payment": payment.id,
            "state": str(payment.state),
            "method": str(payment.method),
        },
    )
