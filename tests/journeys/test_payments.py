"""Money at a desk and online: paid, banked by two people, given back; on any screen and without scripts."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from dcsn.accounts.models import User
from directory.models import Organisation
from members.models import Banking, JournalEntry, Membership, Payment, Refund, Status
from members.payments import begin_online, take
from tests.conftest import sign_in
from tests.factories.membership import TESTS, membership
from tests.factories.person import PersonFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def staff(arrive: Callable[..., Visitor], email: str, **options: object) -> tuple[Visitor, User]:
    visitor = arrive(**options)
    user = User.objects.get(email=email)
    session = sign_in(Client(), user).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor, user


def somebody_waiting(user: User) -> Membership:
    desk = user.role_assignments.current().get().organisation_id
    hub = Organisation.objects.get(pk=desk)
    return membership(person=PersonFactory(organisation=hub), source=None)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_cash_is_counted_by_two_and_given_back(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    # Given two who paid in cash at the desk
    width = 1280 if scripts else 320
    first, user = staff(arrive, "desk@dad.example", scripts=scripts, width=width)
    lead, _lead_user = staff(arrive, "lead@dad.example", scripts=scripts, width=width)
    payments = [
        take(
            key=uuid.uuid4(),
            membership=row,
            plan_terms=row.plan_terms,
            amount_pence=1000,
            method=Payment.Method.CASH,
            by=user,
        )
        for row in (somebody_waiting(user), somebody_waiting(user))
    ]
    receipt = f"No. {payments[0].receipt_number}"
    with first.step("Given the day's takings") as page:
        first.open("/desk/payments/")
        page.get_by_role("link", name=receipt, exact=True).click()
        first.sees_heading("£10, paid at the desk")
    # When the takings are counted, the first time to a sum that differs without a word why
    with first.step("When the money at the desk is opened"):
        first.open("/desk/banking/new/")
    boxes = first.page.get_by_role("checkbox")
    pence = 1000 * boxes.count()
    with first.step("When the sum differs") as page:
        page.get_by_label("How much did you count").fill("1")
        page.get_by_role("button", name="I counted this").click()
        first.sees("It differs from the receipts")
    with first.step("When the sum is right") as page:
        page.get_by_label("How much did you count").fill(str(pence // 100))
        page.get_by_role("button", name="I counted this").click()
        first.sees("Now somebody else has to count it too")
    banking = Banking.objects.latest("counted_at")
    # Then the lead counts without seeing the sum
    with lead.step("Then the second person counts") as page:
        lead.open(banking.get_absolute_url())
        assert page.get_by_text(f"£{pence // 100}").count() == 0
        page.get_by_label("How much did you count").fill(str(pence // 100))
        page.get_by_role("button", name="I counted it too").click()
        lead.sees("It is banked")
    with lead.step("Then it stands on the statement") as page:
        page.get_by_role("button", name="It is on the bank’s statement").click()
        lead.sees("Found on the statement")
    # And one of the two changes their mind
    with lead.step("And one is given back") as page:
        lead.open(payments[0].get_absolute_url())
        page.get_by_label("Why?").first.fill("Changed their mind")
        page.get_by_role("button", name="Give £10 back").click()
        lead.sees("by bank transfer or a cheque of ours")
    assert Refund.objects.get(payment=payments[0]).state == Refund.State.SUCCESS
    with lead.step("And the journal balances"):
        lead.open("/desk/payments/journal/")
        lead.sees("Balances")
    assert JournalEntry.objects.exists()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_card_is_declined_and_then_taken(arrive: Callable[..., Visitor], scripts: bool) -> None:
    # Given somebody on a phone who has begun to pay
    row = somebody_waiting(User.objects.get(email="desk@dad.example"))
    visitor = arrive(scripts=scripts, width=320, height=640)

    def begin() -> Payment:
        return begin_online(
            membership=row,
            terms=row.plan_terms,
            amount_pence=1000,
            return_url="/pages/privacy/",
            key=uuid.uuid4(),
            by=TESTS,
        )

    with visitor.step("When the card is declined") as page:
        visitor.open(begin().go_on_url)
        page.get_by_role("button", name="The bank declines the card").click()
        visitor.sees_heading("You have not paid")
    with visitor.step("When the bank takes its time") as page:
        payment = begin()
        visitor.open(payment.go_on_url)
        page.get_by_role("button", name="The bank takes its time").click()
        visitor.sees_heading("We are waiting for your payment")
    with visitor.step("When it has come") as page:
        page.get_by_role("link", name="Go back to the page where you pay").click()
        page.get_by_role("button", name="Pay", exact=True).click()
        # Then they are where they wanted to be, a member
        assert visitor.path == "/pages/privacy/"
    assert Membership.objects.get(pk=row.pk).stored != Status.PENDING


def test_the_step_before_the_provider_s_page(arrive: Callable[..., Visitor]) -> None:
    """GOV.UK Pay's own page is not ours to look at; the one before it is, and it leads there by a link."""
    row = somebody_waiting(User.objects.get(email="desk@dad.example"))
    payment = Payment.objects.create(
        key=uuid.uuid4(),
        method=Payment.Method.GOVUK_PAY,
        amount_pence=1000,
        organisation=row.organisation,
        membership=row,
        plan_terms=row.plan_terms,
        next_url="https://card.example/secure/1",
        return_to="/",
    )
    visitor = arrive(width=320, height=640)
    with visitor.step("Given the last step before paying") as page:
        visitor.open(payment.go_on_url)
        visitor.sees_heading("Pay £10 by card")
        link = page.get_by_role("button", name="Go on to pay")
        assert link.get_attribute("href") == "https://card.example/secure/1"
