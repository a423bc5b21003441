"""Fifty at once, with a connection of their own each, on real PostgreSQL: no double and no gap."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections, transaction

from members.actions.journal import balance
from members.actions.memberships import apply_source, start_membership
from members.models import (
    Account,
    JournalEntry,
    Membership,
    Payment,
    ReceiptBook,
    Refund,
    Term,
    TokenUse,
)
from members.payments.desk import check_banking, count_banking
from members.payments.online import read_again
from members.payments.refunds import refund_payment
from members.tokens import NoTokens, SpentAlready, spend_token
from tests.conftest import Cast
from tests.factories.membership import TESTS, PlanFactory, membership
from tests.factories.payment import begun, paid_at_desk, waiting
from tests.factories.person import PersonFactory, access_point
from tests.members.payments.govuk_stub import Stub
from tests.referrals.test_attacks import wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)
FIFTY = 50


def at_once(*acts: Callable[[], Any]) -> Counter[str]:
    """Run each in a thread, all let go together; what each came to: "done" or the refusal's name."""
    ready = threading.Barrier(len(acts))
    came_to: list[str] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=60)
            act()
            came_to.append("done")
        except Exception as error:
            came_to.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return Counter(came_to)


@pytest.fixture
def row(cast: Cast) -> Membership:
    return waiting(access_point(cast.organisation_id))


def test_one_form_pressed_twice_is_one_membership_for_somebody_known(cast: Cast) -> None:
    """The second press comes while the first is at work: it is shown what that made, and no refusal."""
    person, plan, key = PersonFactory(), PlanFactory(), uuid.uuid4()

    def join() -> None:
        start_membership(
            person=person,
            plan=plan,
            organisation=person.organisation,
            via=Membership.Via.DESK,
            by=TESTS,
            key=key,
        )

    second = threading.Thread(target=lambda: came_to.append(at_once(join)))
    came_to: list[Counter[str]] = []
    with transaction.atomic():
        join()
        second.start()
        wait_until_blocked()
    second.join(timeout=30)
    assert came_to == [Counter(done=1)]
    assert Membership.objects.get(person=person).key == key


def buy(row: Membership, cast: Cast, count: int) -> Payment:
    return paid_at_desk(
        row,
        by=cast.access_point_staff,
        plan_terms=None,
        purpose=Payment.For.TOKENS,
        tokens=count,
        amount_pence=count * 1000,
    )


def test_fifty_who_spend_the_one_token(cast: Cast, row: Membership) -> None:
    buy(row, cast, 1)
    person = row.person
    assert person is not None

    def spend(number: int) -> Callable[[], Any]:
        return lambda: spend_token(person=person, reference=f"help:{number}", by=TESTS)

    assert at_once(*[spend(n) for n in range(FIFTY)]) == {"done": 1, NoTokens.__name__: 49}
    assert TokenUse.objects.count() == 1
    assert (balance(Account.TOKENS), balance(Account.TOKENS_SPENT)) == (0, -1000)


def test_fifty_who_spend_for_the_same_thing(cast: Cast, row: Membership) -> None:
    buy(row, cast, 3)
    person = row.person
    assert person is not None
    came_to = at_once(*[lambda: spend_token(person=person, reference="help:1", by=TESTS)] * FIFTY)
    assert came_to == {"done": FIFTY}
    assert TokenUse.objects.count() == 1
    assert balance(Account.TOKENS) == -2000


def test_a_token_is_spent_or_given_back_and_never_both(cast: Cast, row: Membership) -> None:
    payment = buy(row, cast, 1)
    person, lead = row.person, cast.hub_lead
    assert person is not None
    came_to = at_once(
        lambda: spend_token(person=person, reference="help:1", by=TESTS),
        lambda: refund_payment(payment=payment, reason="Changed their mind", by=lead),
    )
    assert came_to["done"] == 1
    assert came_to[NoTokens.__name__] + came_to[SpentAlready.__name__] == 1
    assert balance(Account.TOKENS) == 0


def test_fifty_who_take_a_receipt(cast: Cast) -> None:
    hub, staff = access_point(cast.organisation_id), cast.access_point_staff
    rows = [waiting(hub) for _number in range(FIFTY)]

    def take(row: Membership, amount: int) -> Callable[[], Any]:
        return lambda: paid_at_desk(row, by=staff, amount_pence=amount)

    # Every fifth goes wrong, and leaves no gap.
    acts = [take(row, -1 if number % 5 == 0 else 1000) for number, row in enumerate(rows)]
    assert at_once(*acts) == {"done": 40, "ValidationError": 10}
    numbers = sorted(Payment.objects.values_list("receipt_number", flat=True))
    assert numbers == list(range(1, 41))
    assert ReceiptBook.objects.get().next_number == 41
    assert balance(Account.CASH) == 40_000


def test_fifty_presses_of_one_button_take_money_once(cast: Cast, row: Membership) -> None:
    staff, key = cast.access_point_staff, uuid.uuid4()
    assert at_once(*[lambda: paid_at_desk(row, by=staff, key=key)] * FIFTY) == {"done": FIFTY}
    assert Payment.objects.get().receipt_number == 1
    assert Term.objects.count() == 1
    assert balance(Account.CASH) == 1000


def test_fifty_who_renew_one_membership_by_the_same_source(cast: Cast) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    row = membership(person=person, joined=date(2026, 3, 10))
    source = uuid.uuid4()

    def renew() -> Term:
        return apply_source(
            membership=row, source=Term.Source.CONCESSION, source_id=source, by=TESTS,
            on=date(2026, 11, 1),
        )  # fmt: skip

    assert at_once(*[renew] * FIFTY) == {"done": FIFTY}
    assert Membership.objects.get().ends_on == date(2028, 3, 9)


def test_fifty_payments_for_one_membership_are_fifty_terms_end_to_end(cast: Cast) -> None:
    """Nobody wants it, but money that was taken brings what it paid for: no term is lost or doubled."""
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    row = membership(person=person, joined=date.today())
    staff = cast.access_point_staff
    assert at_once(*[lambda: paid_at_desk(row, by=staff)] * FIFTY) == {"done": FIFTY}
    terms = list(Membership.objects.get().counting_terms())
    assert len(terms) == FIFTY + 1
    for earlier, later in itertools.pairwise(terms):
        assert (later.starts_on - earlier.ends_on).days == 1


def test_twenty_who_read_one_payment_settle_it_once(row: Membership, stub: Stub) -> None:
    """The payer comes back, three notices come and the sweep runs, all in the same moment."""
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    assert at_once(*[lambda: read_again(payment)] * 20) == {"done": 20}
    assert Term.objects.count() == 1
    assert JournalEntry.objects.count() == 1
    assert balance(Account.ONLINE) == 1000


def test_twenty_presses_begin_one_payment(row: Membership, stub: Stub) -> None:
    key = uuid.uuid4()
    assert at_once(*[lambda: begun(row, key=key)] * 20) == {"done": 20}
    assert Payment.objects.count() == 1
    assert len(stub.payments) == 1
    assert Payment.objects.get().next_url


def test_twenty_who_give_it_back_give_it_back_once(cast: Cast, row: Membership, stub: Stub) -> None:
    payment = begun(row)
    stub.move(payment.provider_id, "success")
    payment = read_again(payment)
    lead = cast.hub_lead
    came_to = at_once(
        *[lambda: refund_payment(payment=payment, reason="Changed their mind", by=lead)] * 20
    )
    assert came_to == {"done": 20}
    assert len(stub.refunds[payment.provider_id]) == 1
    assert Refund.objects.get().state == Refund.State.SUCCESS
    assert balance(Account.ONLINE) == 0


def test_two_who_count_the_same_money_bank_it_once(cast: Cast) -> None:
    hub = access_point(cast.organisation_id)
    payment = paid_at_desk(waiting(hub), by=cast.access_point_staff)
    staff, lead, officer = cast.access_point_staff, cast.hub_lead, cast.membership_officer

    def count(by: Any) -> Any:
        return count_banking(
            key=uuid.uuid4(), organisation=hub, payments=[payment], counted_pence=1000, by=by
        )

    assert at_once(lambda: count(staff), lambda: count(lead)) == {"done": 1, "MovedOn": 1}
    payment.refresh_from_db()
    banking = payment.banking
    assert banking is not None
    assert at_once(
        *[lambda: check_banking(banking=banking, counted_pence=1000, by=officer)] * 2
    ) == {"done": 2}
    assert (balance(Account.BANK), balance(Account.CASH)) == (1000, 0)
