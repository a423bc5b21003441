"""Giving money back: within 14 days of joining or renewing, to where it came from.

A refund is a row before anybody is asked to pay it, so a second press finds it. The term goes when it is
certain that the money goes; the journal says so when it has gone. What the bank takes back (a cheque that
bounced, a card payment that its owner disputes) is written down the same way, without asking anybody.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from members.models import Account, Payment, Refund, Term
from members.payments.events import PAYMENT_REFUNDED
from members.payments.online import PROVIDER, locked_payment
from members.payments.providers import CannotTake, OutOfReach, RefundReading, provider_of
from members.payments.settling import (
    WHERE,
    newer_first,
    paid_for_since,
    settle_refunded,
    take_back_what_it_bought,
)
from members.refusals import Refused

logger = logging.getLogger(__name__)
Method, State, Way = Payment.Method, Payment.State, Refund.Way
COOLING_OFF = timedelta(days=14)
# GOV.UK Pay asks not to be asked more often about one refund.
ASK_EVERY = timedelta(minutes=5)


class TooLate(Refused):
    """More than 14 days ago."""


class NotRefundable(Refused):
    """It was not paid, is being banked, went back already, or another has to go back first."""


def way_back(payment: Payment) -> Refund.Way:
    """How it goes back: as it came while it is still there, else out of the bank."""
    if payment.method not in Payment.DESK:
        return Way.ONLINE
    if payment.banking_id is not None:
        return Way.TRANSFER
    return {
        Method.CASH: Way.CASH,
        Method.CHEQUE: Way.CHEQUE,
        Method.CARD_TERMINAL: Way.CARD_TERMINAL,
    }[Method(payment.method)]


def last_day(payment: Payment) -> date | None:
    """The last day on which they may change their mind."""
    return timezone.localdate(payment.taken_at) + COOLING_OFF if payment.taken_at else None


def is_without_use(payment: Payment) -> bool:
    """Paid online for a membership that had ended by then: it brought nothing and goes back any time."""
    return (
        payment.purpose == Payment.For.MEMBERSHIP
        and payment.is_taken
        and not Term.objects.filter(source=Term.Source.PAYMENT, source_id=payment.pk).exists()
    )


def _is_in_an_uncounted_bag(payment: Payment) -> bool:
    return payment.banking_id is not None and payment.state == State.RECEIPTED


def obstacle(payment: Payment, now: datetime | None = None) -> Refused | None:
    """Why it cannot be given back, if so: to be raised, or shown."""
    if not payment.is_taken:
        return NotRefundable(_("It was not paid, or it was voided."))
    if _is_in_an_uncounted_bag(payment):
        return NotRefundable(_("It is being banked. Wait until a second person has counted."))
    limit = last_day(payment)
    if limit and timezone.localdate(now) > limit and not is_without_use(payment):
        return TooLate(_("The 14 days for changing one's mind are over."))
    newer = paid_for_since(payment)
    return NotRefundable(newer_first(newer)) if newer is not None else None


def refund_payment(*, payment: Payment, reason: str, by: User) -> Refund:
    """Give all of it back. Pressed twice, it is one refund.

    Online the provider is asked afterwards, with no transaction open: look at ``state``. "submitted" goes
    on by itself; "error" needs somebody (``try_again``, ``refund_by_transfer``).

    :raises TooLate: after 14 days.
    :raises NotRefundable: it cannot be given back as it stands.
    """
    refund = _ask(payment=payment, reason=reason, by=by)
    if (
        refund.way == Way.ONLINE
        and refund.state == Refund.State.SUBMITTED
        and not refund.provider_id
    ):
        return send_refund(refund.pk)
    return refund


@transaction.atomic
def _ask(*, payment: Payment, reason: str, by: User) -> Refund:
    current = locked_payment(payment.pk)
    check(by, Permission.PAYMENT_RECONCILE, current)
    known = Refund.objects.filter(payment=current).first()
    if known is not None:
        return known
    refusal = obstacle(current)
    if refusal is not None:
        raise refusal
    refund = Refund(
        payment=current,
        amount_pence=current.amount_pence,
        way=way_back(current),
        reason=reason.strip()[:200],
        by=by,
    )
    if current.purpose == Payment.For.TOKENS:
        # At once, so that none of them is spent while the provider thinks.
        take_back_what_it_bought(current, by=by)
    if refund.way != Way.ONLINE:
        refund.state, refund.done_at = Refund.State.SUCCESS, timezone.now()
    refund.full_clean()
    refund.save(force_insert=True)
    if refund.way != Way.ONLINE:
        take_back_what_it_bought(current, by=by)
        settle_refunded(current, source_id=refund.id, out_of=_out_of(current, refund))
    _note(refund, by=by)
    return refund


@transaction.atomic
def note_taken_back(*, payment: Payment, reason: str, by: User) -> Refund:
    """The bank took it back: a cheque that bounced, a card payment that was disputed.

    :raises NotRefundable: it was not paid, is being banked, or went back already.
    """
    current = locked_payment(payment.pk)
    check(by, Permission.PAYMENT_RECONCILE, current)
    known = Refund.objects.filter(payment=current).first()
    if known is not None and known.way == Way.TAKEN_BACK:
        return known
    if known is not None or not current.is_taken:
        raise NotRefundable(_("It was not paid, or it went back already."))
    if _is_in_an_uncounted_bag(current):
        # Else it left the drawer twice: now, and with the bag.
        raise NotRefundable(_("It is being banked. Wait until a second person has counted."))
    if current.method == Method.CASH:
        raise NotRefundable(_("Cash is not taken back by a bank."))
    if not reason.strip():
        raise Refused(_("Say what the bank wrote."))
    refund = Refund.objects.create(
        payment=current,
        amount_pence=current.amount_pence,
        way=Way.TAKEN_BACK,
        state=Refund.State.SUCCESS,
        reason=reason.strip()[:200],
        done_at=timezone.now(),
        by=by,
    )
    take_back_what_it_bought(current, by=by)
    settle_refunded(current, source_id=refund.id, out_of=_out_of(current, refund))
    _note(refund, by=by)
    return refund


def try_again(*, refund: Refund, by: User) -> Refund:
    """Ask the provider anew for one that went wrong."""
    with transaction.atomic():
        current = _locked(refund.pk)
        check(by, Permission.PAYMENT_RECONCILE, current.payment)
        if current.state == Refund.State.SUCCESS or current.way != Way.ONLINE:
            return current
        if current.state == Refund.State.ERROR:
            current.state, current.provider_id, current.failure_code = (
                Refund.State.SUBMITTED,
                "",
                "",
            )
            current.save(update_fields=["state", "provider_id", "failure_code"])
    return follow(current.pk)


@transaction.atomic
def refund_by_transfer(*, refund: Refund, reason: str, by: User) -> Refund:
    """The card that paid is no more: somebody sent the money by bank transfer or cheque."""
    current = _locked(refund.pk)
    check(by, Permission.PAYMENT_RECONCILE, current.payment)
    if current.state == Refund.State.SUCCESS:
        return current
    if current.state != Refund.State.ERROR:
        raise NotRefundable(
            _("The provider is still at it. Wait until it says that it went wrong.")
        )
    if not reason.strip():
        raise Refused(_("Say why, and how it was sent."))
    current.way, current.reason = Way.TRANSFER, reason.strip()[:200]
    _finish(current, by=by)
    return current


def follow_refund(payment: Payment) -> Refund | None:
    """What has become of a payment's refund, when there is one that is not done."""
    refund = Refund.objects.filter(
        payment=payment, way=Way.ONLINE, state=Refund.State.SUBMITTED
    ).first()
    return follow(refund.pk) if refund else None


def follow(refund_id: UUID) -> Refund:
    """Send it if the provider does not have it yet; else ask how it stands."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != Refund.State.SUBMITTED or refund.way != Way.ONLINE:
        return refund
    if not refund.provider_id:
        return send_refund(refund.pk)
    try:
        reading = provider_of(refund.payment.method).read_refund(
            refund.payment.provider_id, refund.provider_id
        )
    except (OutOfReach, CannotTake) as trouble:
        logger.warning("Refund of %s could not be read: %s", refund.payment.reference, trouble)
        Refund.objects.filter(pk=refund.pk).update(tried_at=timezone.now())
        return refund
    return _write_down(refund.pk, reading)


def send_refund(refund_id: UUID) -> Refund:
    """Ask the provider to give it back. Out of reach, it stays "submitted" and the sweep asks again."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    Refund.objects.filter(pk=refund_id).update(tried_at=timezone.now())
    try:
        reading = provider_of(refund.payment.method).refund(
            refund.payment.provider_id, amount_pence=refund.amount_pence
        )
    except OutOfReach as trouble:
        logger.warning("Refund of %s waits: %s", refund.payment.reference, trouble)
        return Refund.objects.get(pk=refund_id)
    except CannotTake as trouble:
        logger.error("Refund of %s was refused: %s", refund.payment.reference, trouble.code)
        return _write_down(
            refund_id, RefundReading("", Refund.State.ERROR, refund.amount_pence), trouble.code
        )
    return _write_down(refund_id, reading)


@transaction.atomic
def _write_down(refund_id: UUID, reading: RefundReading, code: str = "") -> Refund:
    current = _locked(refund_id)
    if current.state == Refund.State.SUCCESS:
        return current
    current.provider_id = reading.provider_id or current.provider_id
    current.tried_at = timezone.now()
    if reading.amount_pence != current.amount_pence:
        current.state, current.failure_code = Refund.State.ERROR, "DIFFERS"
    elif reading.state == Refund.State.ERROR:
        current.state, current.failure_code = Refund.State.ERROR, code
    elif reading.state == Refund.State.SUCCESS:
        _finish(current, by=PROVIDER)
        return current
    else:
        # It is on its way: they have the money, so not the membership.
        take_back_what_it_bought(current.payment, by=PROVIDER)
    moved = current.state != Refund.State.SUBMITTED
    current.save(update_fields=["state", "provider_id", "failure_code", "tried_at"])
    if moved:
        _note(current, by=PROVIDER)
    return current


def _finish(refund: Refund, *, by: Actor) -> None:
    refund.state, refund.done_at, refund.failure_code = Refund.State.SUCCESS, timezone.now(), ""
    refund.save()
    take_back_what_it_bought(refund.payment, by=by)
    settle_refunded(refund.payment, source_id=refund.id, out_of=_out_of(refund.payment, refund))
    _note(refund, by=by)


def sweep_refunds(now: datetime | None = None) -> int:
    """Follow those that are on their way; returns how many."""
    before = (now or timezone.now()) - ASK_EVERY
    rows = Refund.objects.filter(way=Way.ONLINE, state=Refund.State.SUBMITTED).filter(
        Q(tried_at=None) | Q(tried_at__lt=before)
    )[:50]
    for refund in rows:
        follow(refund.pk)
    return len(rows)


def _out_of(payment: Payment, refund: Refund) -> Account:
    """Which account it leaves."""
    if refund.way == Way.TRANSFER or payment.state in (State.BANKED, State.RECONCILED):
        return Account.BANK
    return WHERE[payment.method]


def _locked(refund_id: UUID) -> Refund:
    """The payment's row first, as everywhere."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    payment = locked_payment(payment_id)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    refund.payment = payment
    return refund


def _note(refund: Refund, *, by: Actor) -> None:
    record(
        PAYMENT_REFUNDED,
        by=by,
        subject=refund.payment.person_id,
        organisation=refund.payment.organisation_id,
        details={
            "payment": refund.payment_id,
            "state": str(refund.state),
            "way": str(refund.way),
        },
    )
