"""Cash, cheques and the card terminal at a desk: receipts without a gap, banking with two names."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from directory.models import Organisation
from members.actions.journal import Line, post
from members.models import (
    Account,
    Banking,
    JoinCode,
    JournalEntry,
    Membership,
    Payment,
    PlanTerms,
    ReceiptBook,
    Refund,
)
from members.payments.events import (
    BANKING_CHECKED,
    BANKING_COUNTED,
    BANKING_GIVEN_UP,
    BANKING_RECONCILED,
)
from members.payments.settling import (
    WHERE,
    newer_first,
    note_move,
    paid_for_since,
    settle_taken,
    settle_voided,
)
from members.refusals import Refused

Method, State = Payment.Method, Payment.State


class NotAtADesk(Refused):
    """This way of paying is not taken at a desk."""


class MovedOn(Refused):
    """The payment, or the banking, is no longer what the page showed."""


class SamePerson(Refused):
    """The second name must be another's."""


@transaction.atomic
def take_at_desk(
    *,
    key: UUID,
    membership: Membership | None,
    plan_terms: PlanTerms | None,
    amount_pence: int,
    method: str,
    by: User,
    organisation: Organisation | None = None,
    purpose: str = Payment.For.MEMBERSHIP,
    gift: JoinCode | None = None,
    tokens: int = 0,
) -> Payment:
    """Take money and give it the desk's next receipt number. The same ``key`` is the same payment.

    Numbers have no gap: the book is locked until the transaction ends, and a payment that fails takes its
    number back with it.
    """
    if method not in Payment.DESK:
        raise NotAtADesk(_("Choose cash, cheque or card terminal."))
    if amount_pence == 0:
        raise Refused(_("There is nothing to pay, so there is no receipt."))
    desk = organisation or (membership or gift).organisation  # type: ignore[union-attr]
    payment = Payment(
        key=key,
        method=method,
        amount_pence=amount_pence,
        organisation=desk,
        purpose=purpose,
        membership=membership,
        gift=gift,
        person=membership.person if membership else gift.giver if gift else None,
        plan_terms=plan_terms,
        tokens=tokens,
        taken_by=by,
    )
    check(by, Permission.PAYMENT_TAKE, payment)
    ReceiptBook.objects.get_or_create(organisation=desk)
    book = ReceiptBook.objects.select_for_update().get(organisation=desk)
    # Only now: whoever pressed the button twice waited for the first.
    known = Payment.objects.filter(key=key).first()
    if known is not None:
        return known
    payment.receipt_number = book.next_number
    payment.state = State.RECEIPTED
    payment.taken_at = timezone.now()
    payment.full_clean(exclude=["key"])
    payment.save(force_insert=True)
    book.next_number += 1
    book.save(update_fields=["next_number"])
    settle_taken(payment, by=by)
    note_move(payment, by=by)
    return payment


@transaction.atomic
def void_payment(*, payment: Payment, reason: str, by: User) -> Payment:
    """Take back a receipt that has not been banked; its number stays, marked void.

    :raises MovedOn: when it has been banked (then it is refunded), or a newer one has to go back first.
    """
    current = locked(payment)
    check(by, Permission.PAYMENT_TAKE, current)
    if current.state == State.VOIDED:
        return current
    if current.state != State.RECEIPTED or current.banking_id is not None:
        raise MovedOn(_("This payment is being banked, or was banked already. Refund it instead."))
    if Refund.objects.filter(payment=current).exists():
        raise MovedOn(_("This payment was given back already."))
    newer = paid_for_since(current)
    if newer is not None:
        raise MovedOn(newer_first(newer))
    if not reason.strip():
        raise Refused(_("Say why it is voided."))
    current.state = State.VOIDED
    current.void_reason = reason.strip()[:200]
    current.voided_by = by
    current.save(update_fields=["state", "void_reason", "voided_by"])
    settle_voided(current, by=by)
    note_move(current, by=by)
    return current


@transaction.atomic
def count_banking(
    *,
    key: UUID,
    organisation: Organisation,
    payments: Iterable[Payment],
    counted_pence: int,
    by: User,
    difference_note: str = "",
    paying_in_reference: str = "",
) -> Banking:
    """The first name: what was counted. The payments are held for it until a second person has counted.

    :raises MovedOn: when one of them was voided or put into another banking meanwhile.
    """
    known = Banking.objects.filter(key=key).first()
    if known is not None:
        return known
    check(by, Permission.PAYMENT_TAKE, Banking(organisation=organisation))
    wanted = sorted({payment.pk for payment in payments}, key=str)
    rows = list(
        Payment.objects.select_for_update(of=("self",))
        .to_bank()
        .filter(pk__in=wanted, organisation=organisation)
        .order_by("pk")
    )
    # Asked again, now that they are held: a refund changes no column of the payment, so whoever waited for
    # one here would count what has just been handed back.
    given_back = Refund.objects.filter(payment__in=wanted).exists()
    if not rows or len(rows) != len(wanted) or given_back:
        raise MovedOn(_("Some of these were voided or banked meanwhile. Look at the list again."))
    banking = Banking(
        key=key,
        organisation=organisation,
        expected_pence=sum(row.amount_pence for row in rows),
        counted_pence=counted_pence,
        difference_note=difference_note.strip(),
        paying_in_reference=paying_in_reference.strip(),
        counted_by=by,
    )
    banking.full_clean()
    banking.save(force_insert=True)
    Payment.objects.filter(pk__in=wanted).update(banking=banking)
    record(BANKING_COUNTED, by=by, organisation=organisation.id, details={"banking": banking.id})
    return banking


@transaction.atomic
def check_banking(*, banking: Banking, counted_pence: int, by: User) -> Banking:
    """The second name, who counted too and came to the same: now it is banked, and the journal says so.

    :raises SamePerson: when it is the first.
    :raises MovedOn: when the sums differ.
    """
    current = Banking.objects.select_for_update().get(pk=banking.pk)
    check(by, Permission.PAYMENT_TAKE, current)
    if current.counted_by_id == by.pk:
        raise SamePerson(_("Somebody else has to count it too."))
    check(by, Permission.PAYMENT_RECONCILE, current)
    if current.checked_at is not None:
        return current
    if counted_pence != current.counted_pence:
        raise MovedOn(_("You came to another sum. Count again together."))
    current.checked_by = by
    current.checked_at = timezone.now()
    current.full_clean()
    current.save(update_fields=["checked_by", "checked_at"])
    rows = list(current.payments.select_for_update())
    out: dict[str, int] = {}
    for row in rows:
        out[row.method] = out.get(row.method, 0) + row.amount_pence
    difference = current.counted_pence - current.expected_pence
    post(
        what=JournalEntry.What.BANKED,
        source_id=current.id,
        lines=[
            Line(Account.BANK, current.counted_pence, current.organisation),
            Line(Account.DIFFERENCES, -difference, current.organisation),
            *(Line(WHERE[method], -pence, current.organisation) for method, pence in out.items()),
        ],
    )
    current.payments.update(state=State.BANKED)
    record(
        BANKING_CHECKED,
        by=by,
        organisation=current.organisation_id,
        details={"banking": current.id},
    )
    return current


@transaction.atomic
def undo_count(*, banking: Banking, by: User) -> None:
    """Give a count up that nobody has checked yet: its payments wait again. Pressed twice, it is once."""
    current = Banking.objects.select_for_update().filter(pk=banking.pk).first()
    if current is None:
        return
    check(by, Permission.PAYMENT_TAKE, current)
    if current.checked_at is not None:
        raise MovedOn(_("It was banked already."))
    current.payments.update(banking=None)
    # The row goes, so the trail alone can tell that somebody counted and took it back.
    record(
        BANKING_GIVEN_UP,
        by=by,
        organisation=current.organisation_id,
        details={"banking": current.id},
    )
    current.delete()


@transaction.atomic
def reconcile_banking(*, banking: Banking, by: User) -> Banking:
    """It was seen on the bank's statement."""
    current = Banking.objects.select_for_update().get(pk=banking.pk)
    check(by, Permission.PAYMENT_RECONCILE, current)
    if current.checked_at is None:
        raise MovedOn(_("A second person has to count it first."))
    if current.reconciled_at is None:
        current.reconciled_at = timezone.now()
        current.reconciled_by = by
        current.save(update_fields=["reconciled_at", "reconciled_by"])
        current.payments.filter(state=State.BANKED).update(state=State.RECONCILED)
        record(
            BANKING_RECONCILED,
            by=by,
            organisation=current.organisation_id,
            details={"banking": current.id},
        )
    return current


def locked(payment: Payment) -> Payment:
    return (
        Payment.objects.select_for_update(of=("self",))
        .select_related("organisation", "membership", "plan_terms")
        .get(pk=payment.pk)
    )
