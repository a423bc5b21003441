"""By card online, with the pretended provider: begun once, paid once, said plainly."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.actions.journal import balance
from members.actions.memberships import end_membership
from members.models import Account, JournalEntry, Membership, Payment, Status, Term
from members.payments import begin_online
from members.payments.online import OnItsWay, read_again, sweep_payments
from members.payments.providers import NotOffered, development
from members.refusals import Refused
from tests.factories.membership import TESTS
from tests.factories.payment import begun

pytestmark = pytest.mark.django_db


def choose(payment: Payment, outcome: str) -> Payment:
    development.choose_outcome(payment.provider_id, outcome)
    return read_again(payment)


def test_paying_makes_a_member_and_an_entry(row: Membership, client: Client) -> None:
    payment = begun(row, return_url="/pages/privacy/")
    # The payer is sent on to the pretended page …
    page = client.get(payment.go_on_url, follow=True)
    assert "£10" in page.content.decode()
    # … presses Pay, comes back, and is sent to where they wanted to be.
    address = page.redirect_chain[-1][0]
    after = client.post(address, {"outcome": "pay"})
    assert client.get(after["Location"])["Location"] == "/pages/privacy/"
    payment.refresh_from_db()
    assert (payment.state, payment.receipt_number) == (Payment.State.SUCCESS, None)
    assert Membership.objects.get().status(date.today()) == Status.NEW
    assert (balance(Account.ONLINE), balance(Account.MEMBERSHIPS)) == (1000, -1000)


def test_the_same_form_twice_is_one_payment(row: Membership) -> None:
    key = uuid.uuid4()
    assert begun(row, key=key) == begun(row, key=key)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("outcome", "state", "code", "says"),
    [
        ("decline", "failed", "P0010", "did not accept the card"),
        ("expire", "failed", "P0020", "90 minutes"),
        ("cancel", "failed", "P0030", "was cancelled"),
        ("break", "error", "P0050", "Something went wrong"),
    ],
)
def test_finished_is_not_paid(
    row: Membership, client: Client, outcome: str, state: str, code: str, says: str
) -> None:
    payment = choose(begun(row), outcome)
    assert (payment.state, payment.failure_code) == (state, code)
    page = client.get(reverse("members:pay_back", args=[payment.pk])).content.decode()
    assert says in page
    assert "You have not paid" in page
    assert not Term.objects.exists()
    assert not JournalEntry.objects.exists()


def test_a_payment_with_the_bank_is_waited_for_and_not_paid_twice(
    row: Membership, client: Client
) -> None:
    payment = choose(begun(row), "hold")
    page = client.get(reverse("members:pay_back", args=[payment.pk])).content.decode()
    assert "You need not pay again" in page
    with pytest.raises(OnItsWay):
        begun(row)
    choose(payment, "pay")
    assert Membership.objects.get().ends_on is not None


def test_beginning_anew_gives_up_what_was_begun_before(row: Membership) -> None:
    first = begun(row)
    second = begun(row)
    first.refresh_from_db()
    assert (first.state, second.state) == (Payment.State.CANCELLED, Payment.State.CREATED)
    # A press on the old page changes nothing any more.
    choose(first, "pay")
    assert not Term.objects.exists()


def test_whoever_never_comes_back_is_swept_up(row: Membership) -> None:
    payment = begun(row)
    development.choose_outcome(payment.provider_id, "pay")
    assert sweep_payments() == 0
    later = timezone.now() + timedelta(minutes=6)
    assert sweep_payments(later) == 1
    assert sweep_payments(later) == 0
    assert Payment.objects.get().state == Payment.State.SUCCESS


def test_money_for_a_membership_that_ended_meanwhile_is_written_down(row: Membership) -> None:
    payment = begun(row)
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    assert choose(payment, "pay").state == Payment.State.SUCCESS
    assert balance(Account.ONLINE) == 1000
    assert not Term.objects.exists()


def test_nothing_is_begun_for_nothing(row: Membership) -> None:
    with pytest.raises(Refused):
        begun(row, amount_pence=0)


def test_without_a_provider_nothing_is_offered(row: Membership, settings: Any) -> None:
    settings.PAYMENT_PROVIDER = ""
    with pytest.raises(NotOffered):
        begun(row)


def test_the_pretended_provider_is_not_there_for_real(
    row: Membership, client: Client, settings: Any
) -> None:
    payment = begun(row)
    settings.DEVELOPMENT = settings.DEMONSTRATION = False
    assert client.get(payment.next_url).status_code == 404
    with pytest.raises(Refused):
        begin_online(
            membership=row, terms=row.plan_terms, amount_pence=1, return_url="/",
            key=uuid.uuid4(), by=TESTS,
        )  # fmt: skip
