"""Paying by card online: begin, ask the provider how it stands, write down what follows.

The provider is never asked while a transaction is open. What it says is written down under a lock, once,
whoever asked: the payer who came back, its notice, or the sweep (docs/decisions/0059).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor, SystemJob
from members.models import JoinCode, Membership, Payment, PlanTerms
from members.payments.providers import (
    CannotTake,
    OutOfReach,
    Reading,
    online_method,
    provider_of,
)
from members.payments.settling import note_move, settle_taken
from members.refusals import Refused

logger = logging.getLogger(__name__)
State = Payment.State
ONLINE = (Payment.Method.GOVUK_PAY, Payment.Method.DEVELOPMENT)
UNFINISHED = (State.CREATED, State.STARTED, State.SUBMITTED, State.CAPTURABLE)
# A provider gives a payer ninety minutes.
EXPIRES_AFTER = timedelta(minutes=90)
PROVIDER = SystemJob("payment provider")
# Notices come out of order: a state is only ever followed by a later one.
_RANK = {State.CREATED: 0, State.STARTED: 1, State.SUBMITTED: 2, State.CAPTURABLE: 3}


class NotBegun(Refused):
    """The provider could not begin it; nothing was taken, and the same form may be sent again."""


class OnItsWay(Refused):
    """An earlier payment for the same thing is with the bank: a second one would pay twice."""


def begin_online(
    *,
    membership: Membership | None,
    terms: PlanTerms | None,
    amount_pence: int,
    return_url: str,
    key: UUID,
    by: Actor,
    purpose: str = Payment.For.MEMBERSHIP,
    gift: JoinCode | None = None,
    tokens: int = 0,
) -> Payment:
    """Begin to pay by card; then send the payer to ``payment.go_on_url``, a page of ours.

    For a gift (``purpose=Payment.For.GIFT``) there is a ``gift`` and no membership yet.

    ``return_url`` is a path of ours (``/my/membership/``): the payer comes back to our own page first, which
    asks the provider how it went and sends on those who have paid; the term is there by then. The others
    are told what happened and find a link to ``return_url`` to try again.

    ``key`` is made with the form: the same one is the same payment, here and with the provider. Whether
    ``by`` may pay for this membership is the caller's to decide. Not to be called inside a transaction: the
    provider is asked. Earlier tries for the same thing that nobody finished are given up.

    :raises NotOffered: cards are not taken online.
    :raises NotBegun: the provider did not answer, or refused; send the same form again, or pay at a desk.
    :raises OnItsWay: an earlier one is with the bank.
    """
    method = online_method()
    if amount_pence <= 0:
        raise Refused(_("There is nothing to pay."))
    known = Payment.objects.filter(key=key).first()
    if known is None:
        what_for = {"membership": membership, "gift": gift, "purpose": purpose}
        organisation_id, person_id = _whose(membership, gift)
        _give_up_earlier(what_for)
        known = _remember(
            key=key,
            method=method,
            amount_pence=amount_pence,
            organisation_id=organisation_id,
            person_id=person_id,
            **what_for,
            plan_terms=terms,
            tokens=tokens,
            return_to=return_url,
            by=by,
        )
    if not known.provider_id and known.state == State.CREATED:
        known = _create_at_provider(known, by=by)
    return known


def _whose(membership: Membership | None, gift: JoinCode | None) -> tuple[UUID, UUID | None]:
    """The access point and the person that a payment is put down to."""
    if membership is not None:
        return membership.organisation_id, membership.person_id
    if gift is None:
        raise ValueError("A payment is for a membership or for a gift.")
    return gift.organisation_id, gift.giver_id


def _remember(*, key: UUID, by: Actor, **facts: Any) -> Payment:
    """The row is there before the provider is asked, so that no answer of theirs finds nothing of ours."""
    try:
        with transaction.atomic(durable=True):
            payment = Payment(key=key, **facts)
            payment.full_clean(exclude=["key"])
            payment.save(force_insert=True)
            note_move(payment, by=by)
            return payment
    except IntegrityError:
        # Pressed twice: the other press was faster.
        return Payment.objects.get(key=key)


def _create_at_provider(payment: Payment, *, by: Actor) -> Payment:
    try:
        reading = provider_of(payment.method).create(
            key=payment.key,
            reference=payment.reference,
            amount_pence=payment.amount_pence,
            description=describe(payment),
            return_url=settings.SITE_ADDRESS + reverse("members:pay_back", args=[payment.pk]),
        )
    except OutOfReach as trouble:
        logger.warning("Payment %s was not begun: %s", payment.reference, trouble)
        raise NotBegun(
            _(
                "The payment service does not answer. Nothing was taken. "
                "Try again in a few minutes, or pay at an access point."
            )
        ) from trouble
    except CannotTake as trouble:
        logger.error("Payment %s was refused: %s %s", payment.reference, trouble.code, trouble)
        with transaction.atomic():
            current = locked_payment(payment.pk)
            if current.state == State.CREATED and not current.provider_id:
                current.state = State.ERROR
                current.failure_code = trouble.code
                current.save(update_fields=["state", "failure_code"])
                note_move(current, by=PROVIDER)
        raise NotBegun(
            _("The payment service refused the payment. Nothing was taken. Pay at an access point.")
        ) from trouble
    return write_down(payment.pk, reading, asked_at=timezone.now())


def _give_up_earlier(what_for: dict[str, Any]) -> None:
    """So that one who went back and began again cannot pay twice."""
    earlier = Payment.objects.filter(**what_for, method__in=ONLINE, state__in=UNFINISHED)
    for payment in earlier:
        current = give_up(payment)
        if current.state in (State.SUBMITTED, State.CAPTURABLE):
            raise OnItsWay(
                _("A payment for this is already with the bank. Look again in a few minutes.")
            )


def give_up(payment: Payment) -> Payment:
    """Cancel one that nobody finished, and write down how it stands then."""
    if not payment.provider_id:
        return cancel_unbegun(payment)
    try:
        provider_of(payment.method).cancel(payment.provider_id)
    except (CannotTake, OutOfReach) as trouble:
        logger.info("Payment %s was not cancelled: %s", payment.reference, trouble)
    return read_again(payment)


@transaction.atomic
def cancel_unbegun(payment: Payment) -> Payment:
    """One that the provider never answered for: nobody was given a page to pay it on."""
    current = locked_payment(payment.pk)
    if not current.provider_id and current.state == State.CREATED:
        current.state = State.CANCELLED
        current.save(update_fields=["state"])
        note_move(current, by=PROVIDER)
    return current


def read_again(payment: Payment) -> Payment:
    """Ask the provider how it stands and write it down; unchanged when the provider is out of reach."""
    try:
        return _read(payment)
    except OutOfReach as trouble:
        logger.warning("Payment %s could not be read: %s", payment.reference, trouble)
        return payment


def _read(payment: Payment) -> Payment:
    """
    :raises OutOfReach: the provider does not answer.
    """
    if not payment.provider_id:
        return payment
    asked_at = timezone.now()
    try:
        reading = provider_of(payment.method).read(payment.provider_id)
    except CannotTake as trouble:
        logger.error("Payment %s: the provider says %s", payment.reference, trouble.code or trouble)
        return _note_unknown(payment.pk, trouble.code)
    return write_down(payment.pk, reading, asked_at=asked_at)


@transaction.atomic
def _note_unknown(payment_id: UUID, code: str) -> Payment:
    """The provider will not speak of it. Once its time is over it is given up, for a person to look at."""
    current = locked_payment(payment_id)
    current.read_at = timezone.now()
    if current.state in UNFINISHED and current.created_at < timezone.now() - EXPIRES_AFTER:
        current.state, current.failure_code, current.next_url = State.ERROR, code, ""
        note_move(current, by=PROVIDER)
    current.read_wanted_at = None
    current.save(update_fields=["state", "failure_code", "next_url", "read_at", "read_wanted_at"])
    return current


@transaction.atomic
def write_down(payment_id: UUID, reading: Reading, *, asked_at: datetime) -> Payment:
    """What the provider said: the state, and once, when it is paid, the journal and the term.

    A state is only followed by a later one, and a final one by none: two answers may overtake each other.
    """
    current = locked_payment(payment_id)
    current.read_at = timezone.now()
    if current.read_wanted_at is not None and current.read_wanted_at <= asked_at:
        current.read_wanted_at = None
    current.provider_id = current.provider_id or reading.provider_id
    moved = False
    if not _is_ours(current, reading):
        logger.error("Payment %s differs from the provider's", current.reference)
        if current.state in UNFINISHED:
            current.state, current.failure_code, moved = State.ERROR, "DIFFERS", True
    elif _is_later(current.state, reading.state):
        current.state, current.failure_code, moved = reading.state, reading.code, True
        if current.state == State.SUCCESS:
            current.taken_at = timezone.now()
    current.next_url = reading.next_url if current.state in UNFINISHED else ""
    current.save(
        update_fields=[
            "state", "failure_code", "provider_id", "next_url", "taken_at", "read_at", "read_wanted_at"
        ]
    )  # fmt: skip
    if moved and current.state == State.SUCCESS:
        settle_taken(current, by=PROVIDER)
    if moved:
        note_move(current, by=PROVIDER)
    return current


def _is_later(was: str, now: str) -> bool:
    if was not in UNFINISHED:
        return False
    return now not in UNFINISHED or _RANK[State(now)] > _RANK[State(was)]


def _is_ours(payment: Payment, reading: Reading) -> bool:
    return (payment.provider_id, payment.amount_pence, payment.reference) == (
        reading.provider_id,
        reading.amount_pence,
        reading.reference,
    )


def hear_of_news(provider_id: str) -> UUID | None:
    """The provider says that there is news of a payment or a refund: note it and see that it is read.

    Returns the payment, None when it is not ours.
    """
    found = (
        Payment.objects.filter(Q(provider_id=provider_id) | Q(refund__provider_id=provider_id))
        .values_list("pk", flat=True)
        .first()
    )
    if found is not None:
        with transaction.atomic():
            Payment.objects.filter(pk=found).update(read_wanted_at=timezone.now())
            transaction.on_commit(lambda: _offer(found))
    return found


def _offer(payment_id: UUID) -> None:
    from members.tasks import read_payment

    try:
        read_payment.apply_async(args=(str(payment_id),), retry=False)
    except Exception as error:  # whatever a broker's client raises: the sweep reads it
        logger.warning("Payment %s waits: the broker cannot be reached (%s)", payment_id, error)


def sweep_payments(now: datetime | None = None) -> int:
    """Ask for those whose notice never came or was not followed; returns how many were asked for.

    One that nobody finishes is asked for every five minutes until the provider lets it run out.
    """
    now = now or timezone.now()
    rows = (
        Payment.objects.filter(method__in=ONLINE)
        .filter(
            Q(read_wanted_at__isnull=False)
            | Q(state__in=UNFINISHED, created_at__lt=now - timedelta(minutes=5))
            & (Q(read_at=None) | Q(read_at__lt=now - timedelta(minutes=5)))
        )
        .order_by(F("read_at").asc(nulls_first=True))[:100]
    )
    asked = 0
    for payment in rows:
        if payment.provider_id:
            try:
                _read(payment)
            except OutOfReach as trouble:
                # The others would not be answered either.
                logger.warning("The payment provider does not answer: %s", trouble)
                break
        elif payment.created_at < now - EXPIRES_AFTER:
            cancel_unbegun(payment)
        asked += 1
    return asked


def describe(payment: Payment) -> str:
    """What the payer reads on the provider's page and bank statement: nothing about the person."""
    if payment.purpose == Payment.For.TOKENS:
        return _("Tokens, %(network)s") % {"network": settings.NETWORK_NAME}
    return _("Membership, %(network)s") % {"network": settings.NETWORK_NAME}


def locked_payment(payment_id: UUID) -> Payment:
    return (
        Payment.objects.select_for_update(of=("self",))
        .select_related("organisation", "membership", "plan_terms")
        .get(pk=payment_id)
    )
