"""What an attacker tried on the money: two things at once, nothing written down, an address that breaks."""

from __future__ import annotations

import csv
import io
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from dcsn.audit.models import Event
from dcsn.privacy import erase_person
from members.actions.journal import balance
from members.models import Account, Banking, Membership, Payment, Person, Refund
from members.payments.desk import MovedOn, check_banking, count_banking, undo_count, void_payment
from members.payments.refunds import NotRefundable, note_taken_back, refund_payment
from members.views.payments.paying import LOOKS
from tests.conftest import Cast
from tests.factories.payment import begun, counted, paid_at_desk, waiting
from tests.members.payments.govuk_stub import Stub

WHY = "It bounced"


@pytest.mark.django_db
def test_what_is_being_banked_is_not_taken_back_before_it_is_banked(
    cast: Cast, row: Membership
) -> None:
    # Given a cheque in a bag that one person has counted
    cheque = paid_at_desk(row, by=cast.access_point_staff, method=Payment.Method.CHEQUE)
    bag = counted(cheque, by=cast.access_point_staff)
    # When somebody writes down that it bounced, which it cannot have
    with pytest.raises(NotRefundable):
        note_taken_back(payment=cheque, reason=WHY, by=cast.hub_lead)
    # Then it leaves the drawer once, with the bag
    check_banking(banking=bag, counted_pence=1000, by=cast.hub_lead)
    assert (balance(Account.CHEQUES), balance(Account.BANK)) == (0, 1000)
    # and can bounce after that, once
    for _press in range(2):
        note_taken_back(payment=cheque, reason=WHY, by=cast.hub_lead)
    assert (balance(Account.CHEQUES), balance(Account.BANK)) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_cash_that_is_given_back_while_it_is_counted_is_not_banked(
    cast: Cast, row: Membership
) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff)
    desk, staff, lead = payment.organisation, cast.access_point_staff, cast.hub_lead
    came_of_it: list[Any] = []

    def count() -> None:
        try:
            came_of_it.append(
                count_banking(
                    key=uuid.uuid4(),
                    organisation=desk,
                    payments=[payment],
                    counted_pence=1000,
                    by=staff,
                )
            )
        except MovedOn as refusal:
            came_of_it.append(refusal)
        finally:
            connections.close_all()

    other = threading.Thread(target=count)
    # When a lead gives it back, and somebody counts it before that is committed
    with transaction.atomic():
        refund_payment(payment=payment, reason="Changed their mind", by=lead)
        other.start()
        other.join(timeout=1.5)
        assert other.is_alive(), "the count did not wait for the refund"
    other.join(timeout=20)
    # Then it is in no bag: it is no longer in the drawer
    assert [type(one) for one in came_of_it] == [MovedOn]
    assert not Banking.objects.exists()
    assert balance(Account.CASH) == 0


@pytest.mark.django_db
def test_a_count_that_is_given_up_stays_in_the_trail(
    cast: Cast, row: Membership, client_as: Callable[..., Client]
) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff)
    bag = counted(payment, by=cast.access_point_staff)
    for _press in range(2):
        # Two at once: the second finds it gone, and that is no fault.
        undo_count(banking=bag, by=cast.access_point_staff)
    event = Event.objects.get(type="banking:given_up")
    assert (event.actor_user, event.details["banking"]) == (cast.access_point_staff.pk, str(bag.pk))


@pytest.mark.django_db
def test_the_file_of_payments_is_written_down_with_what_it_held(
    cast: Cast, row: Membership, client_as: Callable[..., Client]
) -> None:
    payment = paid_at_desk(row, by=cast.access_point_staff)
    answer = client_as(cast.access_point_staff).get(reverse("members:payments_csv"))
    assert len(list(csv.reader(io.StringIO(answer.text)))) == 2
    event = Event.objects.get(type="payments:listed")
    assert event.details["payments"] == [str(payment.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("month", ["0000-01", "9999-12", "٢٠٢٦-11"])
def test_a_month_that_no_calendar_has_breaks_nothing(
    cast: Cast, client_as: Callable[..., Client], month: str
) -> None:
    for name in ("journal", "journal_csv"):
        answer = client_as(cast.hub_lead).get(reverse(f"members:{name}"), {"month": month})
        assert answer.status_code == 200


@pytest.mark.django_db
def test_an_erasure_takes_what_was_written_about_them_out_of_the_accounts(
    cast: Cast, hub: Any
) -> None:
    # Given a receipt that was voided and one that was given back, each with words about a person
    voided, back = waiting(hub), None
    person = voided.person
    assert person is not None
    first = paid_at_desk(voided, by=cast.access_point_staff)
    void_payment(payment=first, reason="Winifred took the wrong one", by=cast.access_point_staff)
    back = paid_at_desk(voided, by=cast.access_point_staff)
    refund_payment(payment=back, reason="Winifred is in hospital", by=cast.hub_lead)
    # When they are erased
    erase_person(person.pk, by=cast.coordinator, reason="asked")
    # Then the accounts keep the sums and not the words
    assert not Payment.objects.filter(void_reason__contains="Winifred").exists()
    assert not Refund.objects.filter(reason__contains="Winifred").exists()
    assert Payment.objects.filter(state=Payment.State.VOIDED).count() == 1
    assert Refund.objects.get().amount_pence == 1000
    assert Person.objects.get(pk=person.pk).erased_at is not None


@pytest.mark.django_db
def test_opening_a_payment_s_page_without_end_does_not_ask_the_provider_without_end(
    row: Membership, stub: Stub
) -> None:
    payment = begun(row)
    client, before = Client(), len(stub.seen)
    for _look in range(LOOKS.times + 10):
        assert client.get(reverse("members:pay_back", args=[payment.pk])).status_code == 200
    assert len(stub.seen) - before == LOOKS.times
