"""The screens about money: who sees which, what they show, pressed twice, and as many queries as before."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pdfplumber
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dcsn.audit.models import Event
from directory.models import Organisation
from members.actions.journal import balance
from members.actions.memberships import end_membership
from members.models import (
    Account,
    Banking,
    JournalEntry,
    Membership,
    Payment,
    Refund,
    Status,
    Token,
)
from members.payments.online import read_again
from members.payments.providers import development
from tests.conftest import Cast
from tests.factories.membership import TESTS
from tests.factories.payment import begun, counted, paid_at_desk, waiting
from tests.members.payments.govuk_stub import Stub

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.access_point_staff)


@pytest.fixture
def lead(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.hub_lead)


@pytest.fixture
def payment(cast: Cast, row: Membership) -> Payment:
    return paid_at_desk(row, by=cast.access_point_staff)


def text(client: Client, name: str, *arguments: Any, query: str = "") -> str:
    response = client.get(f"{reverse(f'members:{name}', args=arguments)}?{query}")
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def send(client: Client, name: str, payment: Payment, **typed: str) -> Any:
    return client.post(reverse(f"members:{name}", args=[payment.pk]), typed)


def test_a_day_s_takings_have_a_sum_for_each_way(
    cast: Cast, staff: Client, payment: Payment, hub: Organisation
) -> None:
    paid_at_desk(organisation=hub, by=cast.access_point_staff, method="cheque", amount_pence=500)
    page = text(staff, "payments")
    assert "Today’s takings" in page
    assert page.index("£10") < page.index("£5") < page.index("£15")
    assert "Nothing was paid" in text(staff, "payments", query="day=2020-01-01")
    assert Event.objects.filter(type="payments:listed").exists()


def test_another_access_point_sees_none_of_it(
    cast: Cast, client_as: Callable[..., Client], payment: Payment
) -> None:
    stranger = client_as(cast.stranger("access_point_staff"))
    assert "Nothing was paid" in text(stranger, "payments", query="day=all")
    for name in ("payment", "payment_receipt"):
        address = reverse(f"members:{name}", args=[payment.pk])
        assert stranger.get(address).status_code == 404
    assert send(stranger, "payment_void", payment, reason="x").status_code == 404
    strange_lead = client_as(cast.stranger("hub_lead"))
    for name in ("payment_refund", "payment_taken_back", "payment_follow_up"):
        assert send(strange_lead, name, payment, reason="x").status_code == 404
    assert send(strange_lead, "payment_look", payment).status_code == 404
    payment.refresh_from_db()
    assert payment.state == Payment.State.RECEIPTED


@pytest.mark.parametrize("typed", ["{number}", "{reference}", "{spoken}"])
def test_one_is_found_by_its_receipt_or_reference(
    staff: Client, payment: Payment, typed: str
) -> None:
    spoken = payment.reference.lower().replace("-", " ")
    words = typed.format(number=payment.receipt_number, reference=payment.reference, spoken=spoken)
    assert payment.get_absolute_url() in text(staff, "payments", query=f"q={words}")
    assert "Nothing was paid" in text(staff, "payments", query="q=99999")
    assert "Nothing was paid" in text(staff, "payments", query="q=²")


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_receipt_tells_what_was_paid(staff: Client, payment: Payment, size: int) -> None:
    response = staff.get(f"{reverse('members:payment_receipt', args=[payment.pk])}?size={size}")
    with pdfplumber.open(io.BytesIO(response.content)) as pdf:
        words = " ".join(page.extract_text() for page in pdf.pages)
        smallest = min(float(c["size"]) for page in pdf.pages for c in page.chars)
    assert smallest >= min(size, 14) - 0.01
    for part in ("Receipt 1", "£10", "cash", payment.organisation.name, "within 14 days"):
        assert part in words.replace("\n", " ")
    assert "VOID" not in words


def test_the_receipt_of_a_void_payment_says_so(staff: Client, payment: Payment) -> None:
    send(staff, "payment_void", payment, reason="Wrong person")
    response = staff.get(reverse("members:payment_receipt", args=[payment.pk]))
    with pdfplumber.open(io.BytesIO(response.content)) as pdf:
        words = pdf.pages[0].extract_text()
    assert "VOID" in words
    # Nobody is told to bring back what was never paid.
    assert "change your mind" not in words


def test_there_is_no_receipt_for_what_was_not_paid(staff: Client, row: Membership) -> None:
    address = reverse("members:payment_receipt", args=[begun(row).pk])
    assert staff.get(address).status_code == 404
    assert "Free memberships have no payment and no receipt" in text(staff, "payments")


def test_voiding_asks_why_and_twice_is_once(staff: Client, payment: Payment) -> None:
    page = send(staff, "payment_void", payment, reason=" ").content.decode()
    assert "Say why" in page
    for _click in range(2):
        send(staff, "payment_void", payment, reason="Wrong person")
    payment.refresh_from_db()
    assert payment.state == Payment.State.VOIDED
    assert JournalEntry.objects.count() == 2
    assert "Wrong person" in text(staff, "payment", payment.pk)


def test_a_lead_gives_back_and_twice_is_once(staff: Client, lead: Client, payment: Payment) -> None:
    assert "Give it back" not in text(staff, "payment", payment.pk)
    assert send(staff, "payment_refund", payment, reason="x").status_code == 403
    assert "Give £10 back" in text(lead, "payment", payment.pk)
    assert "Say why" in send(lead, "payment_refund", payment, reason="").content.decode()
    for _click in range(2):
        send(lead, "payment_refund", payment, reason="Changed their mind")
    assert Refund.objects.get().state == Refund.State.SUCCESS
    page = text(lead, "payment", payment.pk)
    assert "Given back" in page
    assert "Void it" not in page


def test_a_refund_that_went_wrong_is_followed_up(lead: Client, row: Membership, stub: Stub) -> None:
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    read_again(payment)
    stub.refund_state = "error"
    send(lead, "payment_refund", payment, reason="Changed their mind")
    assert "went wrong" in text(lead, "payments")
    assert "Giving it back went wrong" in text(lead, "payment", payment.pk)
    send(lead, "payment_follow_up", payment)
    assert len(stub.refunds[payment.provider_id]) == 2
    page = send(lead, "payment_follow_up", payment, by="transfer", reason="").content.decode()
    assert "Say why" in page
    send(lead, "payment_follow_up", payment, by="transfer", reason="Cheque 12 sent")
    assert Refund.objects.get().way == Refund.Way.TRANSFER


def test_a_refund_on_its_way_can_be_asked_for(lead: Client, row: Membership, stub: Stub) -> None:
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    read_again(payment)
    stub.refund_state = "submitted"
    send(lead, "payment_refund", payment, reason="Changed their mind")
    assert "Ask how the refund stands" in text(lead, "payment", payment.pk)
    stub.refunds[payment.provider_id][0]["status"] = "success"
    send(lead, "payment_follow_up", payment)
    assert Refund.objects.get().state == Refund.State.SUCCESS


def test_money_that_brought_nothing_stands_in_front(staff: Client, row: Membership) -> None:
    payment = begun(row)
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    development.choose_outcome(payment.provider_id, "pay")
    assert "Ask how it stands" in text(staff, "payment", payment.pk)
    send(staff, "payment_look", payment)
    assert "came for a membership that had ended" in text(staff, "payments")
    assert "Give it back" in text(staff, "payment", payment.pk)


def test_what_the_bank_took_back_is_written_down(cast: Cast, lead: Client, row: Membership) -> None:
    cheque = paid_at_desk(row, by=cast.access_point_staff, method="cheque")
    assert "The bank took it back" in text(lead, "payment", cheque.pk)
    for _click in range(2):
        send(lead, "payment_taken_back", cheque, reason="Refer to drawer")
    assert balance(Account.CHEQUES) == 0
    assert Refund.objects.get().way == Refund.Way.TAKEN_BACK


def count_form(*payments: Payment, **typed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "payments": [str(one.pk) for one in payments],
        "counted": "10",
        "difference": "",
        "paying_in": "",
    } | typed


def test_two_people_bank_and_the_second_counts_blind(
    staff: Client, lead: Client, payment: Payment
) -> None:
    # Given cash at the desk, which the first counts, pressing twice
    assert "£10" in text(staff, "bankings")
    typed = count_form(payment, paying_in="500123")
    for _click in range(2):
        response = staff.post(reverse("members:banking_new"), typed)
    banking = Banking.objects.get()
    assert response["Location"] == banking.get_absolute_url()
    # Then they cannot be the second name, and who can sees no sum
    assert "I counted it too" not in text(staff, "banking", banking.pk)
    assert "£10" not in text(lead, "banking", banking.pk)
    wrong = lead.post(banking.get_absolute_url(), {"counted": "9"}).content.decode()
    assert "another sum" in wrong
    for _click in range(2):
        lead.post(banking.get_absolute_url(), {"counted": "10"})
    banking.refresh_from_db()
    assert banking.checked_at is not None
    assert balance(Account.BANK) == 1000
    # And it is looked for on the statement
    assert staff.post(reverse("members:banking_reconcile", args=[banking.pk])).status_code == 403
    lead.post(reverse("members:banking_reconcile", args=[banking.pk]))
    assert "On the statement" in text(lead, "bankings")
    assert "500123" in text(lead, "banking", banking.pk)


def test_a_difference_is_explained(staff: Client, payment: Payment) -> None:
    address = reverse("members:banking_new")
    page = staff.post(address, count_form(payment, counted="9.50")).content.decode()
    assert "It differs from the receipts" in page
    staff.post(address, count_form(payment, counted="9.50", difference="50p short"))
    assert Banking.objects.get().difference_pence == -50


def test_nothing_chosen_is_said(staff: Client, payment: Payment) -> None:
    page = staff.post(reverse("members:banking_new"), count_form()).content.decode()
    assert "Choose what goes to the bank" in page


def test_a_count_is_given_up_unless_it_was_checked(
    cast: Cast, staff: Client, lead: Client, payment: Payment
) -> None:
    banking = counted(payment, by=cast.access_point_staff)
    staff.post(reverse("members:banking_undo", args=[banking.pk]))
    assert not Banking.objects.exists()
    banking = counted(payment, by=cast.access_point_staff)
    lead.post(banking.get_absolute_url(), {"counted": "10"})
    staff.post(reverse("members:banking_undo", args=[banking.pk]))
    assert Banking.objects.filter(pk=banking.pk).exists()


def test_strangers_bank_nothing(
    cast: Cast, client_as: Callable[..., Client], payment: Payment
) -> None:
    banking = counted(payment, by=cast.access_point_staff)
    stranger = client_as(cast.stranger("hub_lead"))
    for name in ("banking_undo", "banking_reconcile"):
        address = reverse(f"members:{name}", args=[banking.pk])
        assert stranger.post(address).status_code == 404
    assert stranger.post(banking.get_absolute_url(), {"counted": "10"}).status_code == 404
    wanted = f"{reverse('members:banking_new')}?desk={payment.organisation_id}"
    assert stranger.get(wanted).status_code == 404


def test_the_journal_balances_and_is_filtered(
    lead: Client, payment: Payment, cast: Cast, client_as: Callable[..., Client]
) -> None:
    page = text(lead, "journal")
    assert "Balances" in page
    assert "£10.00" in page
    assert "−£10.00" in page
    assert "There is no such entry" in text(lead, "journal", query="account=bank")
    assert "There is no such entry" in text(lead, "journal", query="what=voided")
    assert "There is no such entry" in text(lead, "journal", query="month=2001-12")
    month = date.today().strftime("%Y-%m")
    assert "Payment taken" in text(lead, "journal", query=f"account=cash&month={month}")
    assert "Enter a month" in text(lead, "journal", query="month=November")
    # A lead sees the money of their own access point alone; the officer all of it.
    stranger = client_as(cast.stranger("hub_lead"))
    assert "There is no such entry" in text(stranger, "journal")
    assert "Payment taken" in text(client_as(cast.membership_officer), "journal")


def test_the_files_hold_the_same_and_no_name(
    lead: Client, payment: Payment, row: Membership
) -> None:
    assert row.person is not None
    for name, wanted in (
        ("payments_csv", [payment.reference, "1000", "1"]),
        ("journal_csv", ["1000", "-1000"]),
    ):
        told = lead.get(reverse(f"members:{name}")).content.decode("utf-8-sig")
        cells = {cell for line in csv.reader(io.StringIO(told)) for cell in line}
        assert set(wanted) <= cells
        assert row.person.name not in told
    total = sum(
        int(line[-1])
        for line in list(
            csv.reader(
                io.StringIO(lead.get(reverse("members:journal_csv")).content.decode("utf-8-sig"))
            )
        )[1:]
    )
    assert total == 0


def test_tokens_are_sold_where_they_are_on(staff: Client, row: Membership, settings: Any) -> None:
    address = reverse("members:tokens", args=[row.pk])
    assert staff.get(address).status_code == 404
    settings.TOKENS = True
    assert "0 tokens left" in text(staff, "tokens", row.pk)
    typed = {"key": str(uuid.uuid4()), "count": "3", "method": "cash"}
    for _click in range(2):
        staff.post(address, typed)
    assert Token.objects.count() == 3
    assert balance(Account.TOKENS) == -3000
    assert "3 tokens left" in text(staff, "tokens", row.pk)
    assert "Token 3" in text(staff, "payment", Payment.objects.get().pk)


@pytest.mark.parametrize("name", ["payments", "bankings", "journal", "payments_csv", "journal_csv"])
def test_the_lists_take_the_same_queries_for_twice_the_rows(
    cast: Cast, lead: Client, hub: Organisation, name: str
) -> None:
    def more() -> None:
        for method in ("cash", "cheque"):
            paid_at_desk(waiting(hub), by=cast.access_point_staff, method=method)
        counted(paid_at_desk(waiting(hub), by=cast.access_point_staff), by=cast.access_point_staff)

    counts = []
    more()
    text(lead, name)
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            text(lead, name)
        counts.append(len(queries))
        more()
    assert counts[0] == counts[1]


def test_the_day_before_is_one_link_away(staff: Client) -> None:
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    page = text(staff, "payments")
    assert f"?day={yesterday}" in page
    assert "The day after" not in page
    assert "The day after" in text(staff, "payments", query=f"day={yesterday}")


def test_a_membership_s_page_leads_to_tokens_only_where_they_are_on(
    staff: Client, row: Membership, settings: Any
) -> None:
    address = reverse("members:tokens", args=[row.pk])
    page = reverse("members:membership", args=[row.pk])
    assert address not in staff.get(page).content.decode()
    settings.TOKENS = True
    assert address in staff.get(page).content.decode()
