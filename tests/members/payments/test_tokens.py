"""Tokens: bought, spent once for each thing, given back, run out; and never more than were bought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dcsn.audit.models import Event
from members import tokens
from members.actions.journal import balance
from members.models import Account, Membership, Payment, Token, TokenUse
from members.payments.desk import void_payment
from members.payments.online import read_again
from members.payments.providers import development
from members.payments.refunds import refund_payment
from members.tokens import NoTokens, SpentAlready, expire_tokens, spend_token, unspend_token
from tests.conftest import Cast
from tests.factories.membership import TESTS
from tests.factories.payment import begun, paid_at_desk

pytestmark = pytest.mark.django_db


def buy(row: Membership, cast: Cast, count: int = 1, pence: int = 1000, **facts: Any) -> Payment:
    return paid_at_desk(
        row,
        by=cast.access_point_staff,
        plan_terms=None,
        purpose=Payment.For.TOKENS,
        tokens=count,
        amount_pence=count * pence,
        **facts,
    )


def spend(row: Membership, reference: str = "help:1") -> TokenUse:
    assert row.person is not None
    return spend_token(person=row.person, reference=reference, by=TESTS)


def accounts() -> list[int]:
    return [
        balance(account)
        for account in (
            Account.CASH,
            Account.TOKENS,
            Account.TOKENS_SPENT,
            Account.TOKENS_EXPIRED,
        )
    ]


def test_what_is_bought_is_owed_until_it_is_spent(row: Membership, cast: Cast) -> None:
    buy(row, cast, 3)
    assert accounts() == [3000, -3000, 0, 0]
    spend(row)
    assert accounts() == [3000, -2000, -1000, 0]
    assert row.person is not None
    assert tokens.left(row.person) == 2
    # It is no membership: nothing of that changed.
    assert not row.terms.exists()


def test_the_same_thing_is_paid_for_once(row: Membership, cast: Cast) -> None:
    buy(row, cast, 2)
    assert spend(row) == spend(row)
    assert TokenUse.objects.count() == 1
    assert Event.objects.filter(type="token:spent").count() == 1


def test_without_a_token_nothing_is_spent(row: Membership, cast: Cast) -> None:
    buy(row, cast)
    spend(row)
    with pytest.raises(NoTokens):
        spend(row, "help:2")


def test_help_that_did_not_come_about_gives_the_token_back(row: Membership, cast: Cast) -> None:
    buy(row, cast)
    for number in range(3):
        spend(row)
        assert accounts()[1:3] == [0, -1000], number
        for _click in range(2):
            unspend_token(reference="help:1", by=TESTS)
        assert accounts()[1:3] == [-1000, 0], number
    assert unspend_token(reference="never", by=TESTS) is None


def test_the_one_that_runs_out_first_is_spent_first(row: Membership, cast: Cast) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=30)):
        old = buy(row, cast)
    buy(row, cast)
    assert spend(row).token.payment == old


def test_one_that_ran_out_is_income_and_cannot_be_spent(row: Membership, cast: Cast) -> None:
    buy(row, cast, 2)
    last = Token.objects.order_by("id")[0].expires_on
    assert expire_tokens(last) == 0
    with time_machine.travel(timezone.now() + timedelta(days=367)), pytest.raises(NoTokens):
        spend(row)
    for _time in range(2):
        expire_tokens(last + timedelta(days=1))
    assert accounts() == [2000, 0, 0, -2000]


@pytest.mark.parametrize("back", ["refund", "void"])
def test_unspent_ones_are_given_back(row: Membership, cast: Cast, back: str) -> None:
    payment = buy(row, cast, 2)
    if back == "refund":
        refund_payment(payment=payment, reason="Moves away", by=cast.hub_lead)
    else:
        void_payment(payment=payment, reason="Moves away", by=cast.access_point_staff)
    assert accounts() == [0, 0, 0, 0]
    with pytest.raises(NoTokens):
        spend(row)


def test_of_spent_ones_none_is_given_back(row: Membership, cast: Cast) -> None:
    payment = buy(row, cast, 2)
    spend(row)
    with pytest.raises(SpentAlready):
        refund_payment(payment=payment, reason="Moves away", by=cast.hub_lead)
    with pytest.raises(SpentAlready):
        void_payment(payment=payment, reason="Moves away", by=cast.access_point_staff)
    assert accounts() == [2000, -1000, -1000, 0]


def test_they_are_bought_online_too_and_no_penny_is_lost(row: Membership) -> None:
    payment = begun(row, purpose=Payment.For.TOKENS, terms=None, tokens=3, amount_pence=1000)
    assert not Token.objects.exists()
    development.choose_outcome(payment.provider_id, "pay")
    read_again(payment)
    read_again(payment)
    assert sorted(Token.objects.values_list("price_pence", flat=True)) == [333, 333, 334]
    assert balance(Account.TOKENS) == -1000


def test_an_erased_person_s_tokens_stay_in_the_accounts(row: Membership, cast: Cast) -> None:
    from members.membership.privacy import _erase_tokens

    buy(row, cast)
    assert row.person is not None
    assert _erase_tokens(row.person.pk) == 1
    assert accounts()[1] == -1000
    with pytest.raises(NoTokens):
        spend(row)
