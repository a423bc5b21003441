"""Notices of the provider: three times, out of order, forged, lost. The payment is read, never the notice."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.actions.journal import balance
from members.membership.periods import last_day
from members.models import Account, JournalEntry, Membership, Payment, Status, Term
from members.payments.online import NotBegun, read_again, sweep_payments, write_down
from members.payments.providers import Reading, provider_of
from members.payments.providers.govuk_pay import signature_of
from members.tasks import read_payment
from tests.factories.payment import begun
from tests.members.payments.conftest import SECRET
from tests.members.payments.govuk_stub import Stub

pytestmark = pytest.mark.django_db
URL = "/pay/notices/govuk-pay/"


def notice(payment_id: str, status: str = "success", **facts: Any) -> bytes:
    """As GOV.UK Pay's documentation shows one; the state in it is not to be believed."""
    return json.dumps(
        {
            "id": uuid.uuid4().hex,
            "api_version": 1,
            "created_date": "2026-11-22T10:36:26.988Z",
            "resource_id": payment_id,
            "resource_type": "PAYMENT",
            "event_type": "CARD_PAYMENT_SUCCEEDED",
            "resource": {"payment_id": payment_id, "state": {"status": status, "finished": True}},
        }
        | facts
    ).encode()


def send(body: bytes, signature: str | None = None) -> int:
    """Its status; what is queued on commit is run by ``follow``."""
    return (
        Client(enforce_csrf_checks=True)
        .post(
            URL,
            body,
            content_type="application/json",
            headers={"Pay-Signature": signature or signature_of(body, SECRET)},
        )
        .status_code
    )


def follow(payment: Payment) -> Payment:
    """What the worker does with the id that it is given."""
    read_payment(str(payment.pk))
    payment.refresh_from_db()
    return payment


def test_a_notice_three_times_and_out_of_order_is_one_payment(row: Membership, stub: Stub) -> None:
    # Given somebody who paid and never came back
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    # When the notices come: the last one first, an old one after it, all of them twice more
    for status in ["success", "submitted", "success", "created", "success"]:
        assert send(notice(payment.provider_id, status)) == 204
        assert follow(payment).state == Payment.State.SUCCESS
    # Then there is one term and one entry
    assert Term.objects.count() == 1
    assert JournalEntry.objects.count() == 1
    assert (balance(Account.ONLINE), balance(Account.MEMBERSHIPS)) == (1000, -1000)
    assert Membership.objects.get().status(date.today()) == Status.NEW


def test_a_signed_notice_that_lies_is_not_believed(row: Membership, stub: Stub) -> None:
    payment = begun(row)
    assert send(notice(payment.provider_id, "success")) == 204
    assert follow(payment).state == Payment.State.CREATED
    assert not Term.objects.exists()


def test_it_is_answered_before_anybody_asks_the_provider(
    row: Membership, stub: Stub, django_capture_on_commit_callbacks: Any
) -> None:
    payment = begun(row)
    asked = len(stub.seen)
    with django_capture_on_commit_callbacks() as after:
        assert send(notice(payment.provider_id)) == 204
    assert len(stub.seen) == asked
    assert len(after) == 1
    payment.refresh_from_db()
    assert payment.read_wanted_at is not None


@pytest.mark.parametrize(
    "signature", ["", "0" * 64, signature_of(b"another body", SECRET), "é" * 64]
)
def test_a_wrong_signature_is_refused_and_changes_nothing(
    row: Membership, stub: Stub, signature: str
) -> None:
    payment = begun(row)
    response = Client().post(
        URL,
        notice(payment.provider_id),
        content_type="application/json",
        headers={"Pay-Signature": signature.encode().decode("latin-1")},
    )
    assert response.status_code == 403
    payment.refresh_from_db()
    assert payment.read_wanted_at is None


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"{", b"\xff", b'{"resource_id":[]}',
                                  b'{"resource_id":"a\\u0000b"}'])  # fmt: skip
def test_a_signed_notice_of_nothing_is_taken_and_dropped(stub: Stub, body: bytes) -> None:
    assert send(body) == 204


def test_a_notice_of_a_stranger_s_payment_is_answered_alike(stub: Stub) -> None:
    assert send(notice("nobody-knows-it")) == 204


def test_a_notice_as_large_as_a_book_is_not_read(stub: Stub) -> None:
    assert send(b" " * 100_001) == 413


def test_there_is_no_such_address_where_it_is_not_set_up(stub: Stub, settings: Any) -> None:
    settings.GOVUK_PAY_WEBHOOK_SECRETS = []
    assert send(b"{}") == 404


def test_whose_notice_never_came_is_asked_for(row: Membership, stub: Stub) -> None:
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    assert sweep_payments(timezone.now() + timedelta(minutes=6)) == 1
    payment.refresh_from_db()
    assert payment.state == Payment.State.SUCCESS


def test_whose_notice_was_not_followed_is_read_at_the_next_sweep(
    row: Membership, stub: Stub
) -> None:
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    send(notice(payment.provider_id))
    assert sweep_payments() == 1
    assert sweep_payments() == 0


def test_one_that_ran_out_is_told_so(row: Membership, stub: Stub, client: Client) -> None:
    payment = begun(row)
    stub.move(payment.provider_id, "expired")
    page = client.get(reverse("members:pay_back", args=[payment.pk])).content.decode()
    assert "90 minutes for paying are over" in page
    payment.refresh_from_db()
    assert (payment.state, payment.failure_code) == (Payment.State.FAILED, "P0020")


def test_when_the_provider_is_silent_the_sweep_does_not_ask_for_all(
    row: Membership, stub: Stub
) -> None:
    from tests.factories.payment import waiting

    for _number in range(3):
        begun(waiting(row.organisation))
    stub.trouble = ["429", "429", "429"]
    assert sweep_payments(timezone.now() + timedelta(minutes=6)) == 0
    assert stub.trouble == ["429", "429"]


def test_nothing_goes_back(row: Membership, stub: Stub) -> None:
    """Two answers that overtake each other: the older one is written down last."""
    payment = begun(row)
    older = provider_of(payment.method).read(payment.provider_id)
    asked_at = timezone.now()
    stub.move(payment.provider_id, "success")
    read_again(payment)
    assert write_down(payment.pk, older, asked_at=asked_at).state == Payment.State.SUCCESS


@pytest.mark.parametrize(
    "differs", [{"amount_pence": 1}, {"reference": "P-AAAA-AAAA"}, {"provider_id": "other"}]
)
def test_what_differs_from_what_we_began_is_not_a_payment(
    row: Membership, stub: Stub, differs: dict[str, Any]
) -> None:
    payment = begun(row)
    facts: dict[str, Any] = {
        "provider_id": payment.provider_id,
        "state": "success",
        "amount_pence": payment.amount_pence,
        "reference": payment.reference,
    }
    current = write_down(payment.pk, Reading(**facts | differs), asked_at=timezone.now())
    assert (current.state, current.failure_code) == (Payment.State.ERROR, "DIFFERS")
    assert not Term.objects.exists()


def test_a_provider_out_of_reach_takes_nothing_and_the_same_form_goes_on(
    row: Membership, stub: Stub
) -> None:
    key = uuid.uuid4()
    stub.trouble = ["lost answer", "500"]
    with pytest.raises(NotBegun, match="Nothing was taken"):
        begun(row, key=key)
    payment = begun(row, key=key)
    assert payment.next_url
    assert (Payment.objects.count(), len(stub.payments)) == (1, 1)


def test_a_provider_that_refuses_is_said_so(row: Membership, stub: Stub) -> None:
    with pytest.raises(NotBegun, match="Pay at an access point"):
        begun(row, amount_pence=10_000_001)
    payment = Payment.objects.get()
    assert (payment.state, payment.failure_code) == (Payment.State.ERROR, "P0102")


def test_one_that_was_never_begun_is_given_up_in_time(row: Membership, stub: Stub) -> None:
    stub.trouble = ["500", "500"]
    with pytest.raises(NotBegun):
        begun(row)
    sweep_payments(timezone.now() + timedelta(minutes=89))
    assert Payment.objects.get().state == Payment.State.CREATED
    sweep_payments(timezone.now() + timedelta(minutes=91))
    assert Payment.objects.get().state == Payment.State.CANCELLED


def test_one_that_the_provider_forgot_waits_for_somebody(row: Membership, stub: Stub) -> None:
    payment = begun(row)
    del stub.payments[payment.provider_id]
    assert read_again(payment).state == Payment.State.CREATED
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=91))
    assert read_again(payment).state == Payment.State.ERROR


def test_three_years_that_are_paid_late_stay_three_years(stub: Stub, row: Membership) -> None:
    # civicrm-core 13706 and 14902: paying reset a term of three years to one.
    from tests.factories.membership import PlanFactory
    from tests.factories.payment import waiting

    member = waiting(row.organisation, plan=PlanFactory(terms__duration=3), joined=date(2026, 1, 5))
    payment = begun(member)
    stub.move(payment.provider_id, "success")
    today = timezone.localdate()
    follow(payment)
    follow(payment)
    member = Membership.objects.get(pk=member.pk)
    assert member.ends_on == last_day(today, member.plan_terms)
    assert member.ends_on.year - today.year in (2, 3)
