"""Giving money back: once, in time, to where it came from; the right term goes and the journal says so."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from members.actions.journal import balance
from members.actions.memberships import end_membership
from members.models import Account, Membership, Payment, Refund, Status, Term
from members.payments.desk import MovedOn, check_banking, count_banking, void_payment
from members.payments.online import read_again
from members.payments.refunds import (
    NotRefundable,
    TooLate,
    follow_refund,
    note_taken_back,
    refund_by_transfer,
    refund_payment,
    sweep_refunds,
    try_again,
)
from members.refusals import Refused
from tests.conftest import Cast
from tests.factories.membership import TESTS
from tests.factories.payment import begun, paid_at_desk
from tests.members.payments.govuk_stub import Stub

pytestmark = pytest.mark.django_db
WHY = "Changed their mind"


def fresh(row: Membership) -> Membership:
    return Membership.objects.get(pk=row.pk)


def paid_online(stub: Stub, row: Membership) -> Payment:
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    return read_again(payment)


def test_who_paid_twice_gets_the_newer_one_back_and_keeps_one_year(
    cast: Cast, row: Membership, stub: Stub, client_as: Any
) -> None:
    # Given somebody who paid online and, the same day, at the desk
    first = paid_online(stub, row)
    one_year = fresh(row).ends_on
    second = paid_at_desk(fresh(row), by=cast.access_point_staff)
    # When the first is to go back, the year in the middle would go and the last day would stay
    words = f"Give that back first: payment {second.reference}."
    with pytest.raises(NotRefundable, match="paid for more time since"):
        refund_payment(payment=first, reason=WHY, by=cast.hub_lead)
    page = client_as(cast.hub_lead).get(first.get_absolute_url()).text
    assert words in page
    assert "Give £10 back" not in page
    # Then the newer one goes, and one year's money stays for one year
    void_payment(payment=second, reason="Paid twice", by=cast.access_point_staff)
    assert fresh(row).ends_on == one_year
    assert balance(Account.MEMBERSHIPS) == -1000
    # And after it the first one may go, too
    refund_payment(payment=first, reason=WHY, by=cast.hub_lead)
    assert fresh(row).stored == Status.PENDING
    assert balance(Account.MEMBERSHIPS) == 0


def test_an_older_receipt_is_not_voided_from_under_a_newer_one(
    cast: Cast, row: Membership, client_as: Any
) -> None:
    first = paid_at_desk(row, by=cast.access_point_staff)
    second = paid_at_desk(fresh(row), by=cast.access_point_staff)
    staff = client_as(cast.access_point_staff)
    assert "Void the payment" not in staff.get(first.get_absolute_url()).text
    answer = staff.post(f"{first.get_absolute_url()}void/", {"reason": "Mistake"})
    assert second.reference in answer.text
    for payment in (second, first):
        staff.post(f"{payment.get_absolute_url()}void/", {"reason": "Mistake"})
    assert fresh(row).stored == Status.PENDING
    assert balance(Account.CASH) == 0


def test_a_double_click_is_one_refund(cast: Cast, row: Membership, stub: Stub) -> None:
    payment = paid_online(stub, row)
    first = refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    again = refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    assert first == again
    assert first.state == Refund.State.SUCCESS
    assert len(stub.refunds[payment.provider_id]) == 1
    assert (balance(Account.ONLINE), balance(Account.MEMBERSHIPS)) == (0, 0)
    assert fresh(row).status(date.today()) == Status.PENDING


def test_a_refund_after_a_renewal_takes_back_the_renewal(
    cast: Cast, row: Membership, stub: Stub
) -> None:
    # Given somebody who joined in March and renewed in November
    with time_machine.travel("2026-03-10 12:00Z", tick=False):
        paid_at_desk(row, by=cast.access_point_staff)
    with time_machine.travel("2026-11-20 12:00Z", tick=False):
        renewal = paid_online(stub, fresh(row))
        assert fresh(row).ends_on == date(2028, 3, 9)
    # When the renewal is given back
    with time_machine.travel("2026-11-25 12:00Z", tick=False):
        refund_payment(payment=renewal, reason=WHY, by=cast.hub_lead)
    # Then the first year is theirs still, and the journal holds one year's money
    member = fresh(row)
    assert (member.ends_on, member.joined_on) == (date(2027, 3, 9), date(2026, 3, 10))
    assert member.status(date(2026, 11, 25)) == Status.CURRENT
    assert balance(Account.MEMBERSHIPS) == -1000
    assert [term.voided_at is None for term in member.terms.order_by("starts_on")] == [True, False]


@pytest.mark.parametrize(("day", "allowed"), [(14, True), (15, False)])
def test_until_the_fourteenth_day(
    cast: Cast, row: Membership, stub: Stub, day: int, allowed: bool
) -> None:
    with time_machine.travel("2026-11-01 12:00Z", tick=False):
        payment = paid_online(stub, row)
    with time_machine.travel(f"2026-11-{1 + day:02} 22:00Z", tick=False):
        if allowed:
            assert refund_payment(payment=payment, reason=WHY, by=cast.hub_lead).done_at
        else:
            with pytest.raises(TooLate):
                refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)


def test_money_that_brought_nothing_goes_back_any_time(
    cast: Cast, row: Membership, stub: Stub
) -> None:
    payment = begun(row)
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    stub.move(payment.provider_id, "success")
    read_again(payment)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        refund = refund_payment(payment=payment, reason=WHY, by=cast.membership_officer)
    assert refund.state == Refund.State.SUCCESS
    assert balance(Account.ONLINE) == 0


def test_one_on_its_way_takes_the_term_and_moves_the_money_when_it_arrives(
    cast: Cast, row: Membership, stub: Stub
) -> None:
    payment = paid_online(stub, row)
    stub.refund_state = "submitted"
    refund = refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    assert refund.state == Refund.State.SUBMITTED
    assert fresh(row).status(date.today()) == Status.PENDING
    assert balance(Account.ONLINE) == 1000
    stub.refunds[payment.provider_id][0]["status"] = "success"
    # Not asked more often than every five minutes.
    assert sweep_refunds() == 0
    assert sweep_refunds(timezone.now() + timedelta(minutes=6)) == 1
    refund.refresh_from_db()
    assert (refund.state, balance(Account.ONLINE)) == (Refund.State.SUCCESS, 0)


def test_a_provider_out_of_reach_is_asked_again_and_pays_once(
    cast: Cast, row: Membership, stub: Stub
) -> None:
    payment = paid_online(stub, row)
    stub.trouble = ["", "lost answer"]
    refund = refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    assert (refund.state, refund.provider_id) == (Refund.State.SUBMITTED, "")
    assert fresh(row).status(date.today()) == Status.NEW
    found = follow_refund(payment)
    assert found is not None
    assert found.state == Refund.State.SUCCESS
    assert len(stub.refunds[payment.provider_id]) == 1


def test_one_that_goes_wrong_is_tried_again_or_sent_by_hand(
    cast: Cast, row: Membership, stub: Stub
) -> None:
    payment = paid_online(stub, row)
    stub.refund_state = "error"
    refund = refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    assert refund.state == Refund.State.ERROR
    assert balance(Account.ONLINE) == 1000
    assert try_again(refund=refund, by=cast.hub_lead).state == Refund.State.ERROR
    with pytest.raises(Refused):
        refund_by_transfer(refund=refund, reason=" ", by=cast.hub_lead)
    for _click in range(2):
        done = refund_by_transfer(
            refund=refund, reason="Card closed, cheque sent", by=cast.hub_lead
        )
    assert (done.state, done.way) == (Refund.State.SUCCESS, Refund.Way.TRANSFER)
    assert (balance(Account.ONLINE), balance(Account.BANK)) == (1000, -1000)
    assert fresh(row).status(date.today()) == Status.PENDING


@pytest.mark.parametrize(
    ("method", "way", "account"),
    [
        (Payment.Method.CASH, Refund.Way.CASH, Account.CASH),
        (Payment.Method.CHEQUE, Refund.Way.CHEQUE, Account.CHEQUES),
        (Payment.Method.CARD_TERMINAL, Refund.Way.CARD_TERMINAL, Account.CARD_TERMINAL),
    ],
)
def test_at_the_desk_it_goes_back_as_it_came(
    cast: Cast, row: Membership, method: str, way: str, account: Account
) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff, method=method)
    refund = refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    assert (refund.way, refund.state) == (way, Refund.State.SUCCESS)
    assert balance(account) == 0
    # Neither voided nor banked afterwards.
    with pytest.raises(MovedOn):
        void_payment(payment=payment, reason="x", by=cast.hub_lead)
    with pytest.raises(MovedOn):
        count(cast, [payment])


def count(cast: Cast, payments: list[Payment]) -> Any:
    return count_banking(
        key=uuid.uuid4(),
        organisation=payments[0].organisation,
        payments=payments,
        counted_pence=sum(one.amount_pence for one in payments),
        by=cast.access_point_staff,
    )


def test_what_was_banked_comes_out_of_the_bank(cast: Cast, row: Membership) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff)
    banking = count(cast, [payment])
    with pytest.raises(NotRefundable):
        refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    check_banking(banking=banking, counted_pence=1000, by=cast.hub_lead)
    refund = refund_payment(payment=payment, reason=WHY, by=cast.hub_lead)
    assert refund.way == Refund.Way.TRANSFER
    assert [balance(a) for a in (Account.CASH, Account.BANK, Account.MEMBERSHIPS)] == [0, 0, 0]


def test_by_hand_needs_a_reason(cast: Cast, row: Membership) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff)
    with pytest.raises(ValidationError):
        refund_payment(payment=payment, reason=" ", by=cast.hub_lead)
    assert not Refund.objects.exists()


def test_a_cheque_that_bounced(cast: Cast, row: Membership) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff, method=Payment.Method.CHEQUE)
    banking = count(cast, [payment])
    check_banking(banking=banking, counted_pence=1000, by=cast.hub_lead)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        for _click in range(2):
            note_taken_back(payment=payment, reason="Refer to drawer", by=cast.hub_lead)
    assert (balance(Account.BANK), balance(Account.MEMBERSHIPS)) == (0, 0)
    assert fresh(row).status(date.today()) == Status.PENDING


def test_a_card_payment_that_was_disputed(cast: Cast, row: Membership, stub: Stub) -> None:
    payment = paid_online(stub, row)
    with pytest.raises(Refused):
        note_taken_back(payment=payment, reason="", by=cast.hub_lead)
    note_taken_back(payment=payment, reason="Dispute lost", by=cast.hub_lead)
    assert balance(Account.ONLINE) == 0
    assert stub.count("POST", r".*/refunds") == 0
    with pytest.raises(NotRefundable):
        note_taken_back(
            payment=paid_at_desk(fresh(row), by=cast.access_point_staff),
            reason="x",
            by=cast.hub_lead,
        )


def test_who_may(cast: Cast, row: Membership) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff)
    with pytest.raises(PermissionDenied):
        refund_payment(payment=payment, reason=WHY, by=cast.access_point_staff)
    with pytest.raises(Http404):
        refund_payment(payment=payment, reason=WHY, by=cast.stranger("hub_lead"))
    assert not Term.objects.exclude(voided_at=None).exists()


def test_what_was_not_paid_is_not_given_back(cast: Cast, row: Membership, stub: Stub) -> None:
    with pytest.raises(NotRefundable):
        refund_payment(payment=begun(row), reason=WHY, by=cast.hub_lead)
