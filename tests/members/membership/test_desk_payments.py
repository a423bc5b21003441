"""Money at the desk: receipts without a gap, two names on what is banked, a journal that balances."""

from __future__ import annotations

import threading
import uuid
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.db.models import Sum
from django.http import Http404

from members.actions.journal import balance
from members.models import Account, Banking, JournalLine, Membership, Payment, ReceiptBook, Status
from members.payments.desk import (
    MovedOn,
    NotAtADesk,
    SamePerson,
    check_banking,
    count_banking,
    reconcile_banking,
    take_at_desk,
    undo_count,
    void_payment,
)
from members.refusals import Refused
from tests.conftest import Cast
from tests.factories.membership import membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_journal_balances() -> Any:
    yield
    assert (JournalLine.objects.aggregate(sum=Sum("pence"))["sum"] or 0) == 0


def waiting(cast: Cast, **facts: Any) -> Membership:
    hub = access_point(cast.organisation_id)
    return membership(person=PersonFactory(organisation=hub), source=None, **facts)


def pay(cast: Cast, row: Membership | None = None, **facts: Any) -> Payment:
    row = row or waiting(cast)
    return take_at_desk(
        key=facts.pop("key", None) or uuid.uuid4(),
        membership=row,
        plan_terms=row.plan_terms,
        amount_pence=facts.pop("amount_pence", 1000),
        method=facts.pop("method", Payment.Method.CASH),
        by=facts.pop("by", cast.access_point_staff),
        **facts,
    )


def test_cash_makes_a_member_a_receipt_and_an_entry(cast: Cast) -> None:
    row = waiting(cast)
    payment = pay(cast, row)
    assert (payment.state, payment.receipt_number) == (Payment.State.RECEIPTED, 1)
    assert Membership.objects.get().status(date.today()) == Status.NEW
    assert balance(Account.CASH, row.organisation) == 1000
    assert balance(Account.MEMBERSHIPS) == -1000


def test_a_double_click_is_one_payment(cast: Cast) -> None:
    row, key = waiting(cast), uuid.uuid4()
    assert pay(cast, row, key=key) == pay(cast, row, key=key)
    assert Payment.objects.count() == 1
    assert ReceiptBook.objects.get().next_number == 2


def test_numbers_run_on_in_each_desk_and_a_failure_leaves_no_gap(cast: Cast) -> None:
    assert [pay(cast).receipt_number for _number in range(3)] == [1, 2, 3]
    with pytest.raises(ValidationError):
        pay(cast, amount_pence=-1)
    assert pay(cast).receipt_number == 4
    other = membership(
        person=PersonFactory(organisation=access_point(cast.other_organisation_id)), source=None
    )
    assert pay(cast, other, by=cast.stranger("access_point_staff")).receipt_number == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_receipts_at_once_have_fifty_numbers(cast: Cast) -> None:
    rows = [waiting(cast) for _number in range(50)]
    staff = cast.access_point_staff
    ready = threading.Barrier(10)

    def take(mine: list[Membership]) -> None:
        ready.wait()
        for row in mine:
            pay(cast, row, by=staff)
        connections.close_all()

    threads = [threading.Thread(target=take, args=(rows[n::10],)) for n in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    numbers = sorted(Payment.objects.values_list("receipt_number", flat=True))
    assert numbers == list(range(1, 51))


def test_a_card_online_is_not_taken_at_a_desk(cast: Cast) -> None:
    with pytest.raises(NotAtADesk):
        pay(cast, method=Payment.Method.GOVUK_PAY)


def test_strangers_take_nothing(cast: Cast) -> None:
    row = waiting(cast)
    with pytest.raises(Http404):
        pay(cast, row, by=cast.stranger("access_point_staff"))
    with pytest.raises(PermissionDenied):
        pay(cast, row, by=cast.coordinator)


def test_voiding_needs_a_reason_and_takes_the_term_back(cast: Cast) -> None:
    payment = pay(cast)
    with pytest.raises(Refused):
        void_payment(payment=payment, reason=" ", by=cast.access_point_staff)
    for _click in range(2):
        void_payment(payment=payment, reason="Wrong person", by=cast.access_point_staff)
    assert Membership.objects.get().status(date.today()) == Status.PENDING
    assert balance(Account.CASH) == 0
    assert pay(cast).receipt_number == 2


def test_banking_has_two_names(cast: Cast) -> None:
    rows = [pay(cast), pay(cast, method=Payment.Method.CHEQUE)]
    staff, lead = cast.access_point_staff, cast.hub_lead
    banking = count_banking(
        key=uuid.uuid4(),
        organisation=rows[0].organisation,
        payments=rows,
        counted_pence=2000,
        by=staff,
    )
    with pytest.raises(SamePerson):
        check_banking(banking=banking, counted_pence=2000, by=staff)
    with pytest.raises(MovedOn):
        check_banking(banking=banking, counted_pence=1990, by=lead)
    assert balance(Account.BANK) == 0
    for _click in range(2):
        check_banking(banking=banking, counted_pence=2000, by=lead)
    assert [balance(a) for a in (Account.BANK, Account.CASH, Account.CHEQUES)] == [2000, 0, 0]
    assert set(Payment.objects.values_list("state", flat=True)) == {Payment.State.BANKED}
    reconcile_banking(banking=banking, by=cast.membership_officer)
    assert set(Payment.objects.values_list("state", flat=True)) == {Payment.State.RECONCILED}


def test_a_difference_is_explained_and_written_down(cast: Cast) -> None:
    rows = [pay(cast)]
    facts: dict[str, Any] = {
        "key": uuid.uuid4(),
        "organisation": rows[0].organisation,
        "payments": rows,
        "counted_pence": 950,
        "by": cast.access_point_staff,
    }
    with pytest.raises(ValidationError):
        count_banking(**facts)
    banking = count_banking(**facts, difference_note="50p short, looked everywhere")
    check_banking(banking=banking, counted_pence=950, by=cast.hub_lead)
    assert balance(Account.DIFFERENCES) == 50


def test_what_is_being_banked_is_neither_voided_nor_banked_twice(cast: Cast) -> None:
    rows = [pay(cast)]
    facts: dict[str, Any] = {
        "organisation": rows[0].organisation,
        "payments": rows,
        "counted_pence": 1000,
        "by": cast.access_point_staff,
    }
    banking = count_banking(key=uuid.uuid4(), **facts)
    with pytest.raises(MovedOn):
        void_payment(payment=rows[0], reason="Mistake", by=cast.access_point_staff)
    with pytest.raises(MovedOn):
        count_banking(key=uuid.uuid4(), **facts)
    undo_count(banking=banking, by=cast.access_point_staff)
    assert not Banking.objects.exists()
    count_banking(key=uuid.uuid4(), **facts)
