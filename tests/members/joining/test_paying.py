"""Paying by card while joining: through the provider and back, once, and again when it came to nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Organisation
from members.actions.journal import balance
from members.models import Account, Card, Membership, Payment, Plan, Status
from tests.factories.membership import PlanFactory, membership
from tests.factories.person import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cards_are_taken(settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "development"


def send(client: Client, plan: Plan) -> Any:
    return client.post("/join/check/", {"terms": plan.terms.get().pk})


def pay(client: Client, outcome: str) -> Any:
    """At the pretended provider: how it ends, and back."""
    payment = Payment.objects.latest("created_at")
    page = client.get(f"/pay/{payment.pk}/")
    return client.post(page["Location"], {"outcome": outcome}, follow=True)


def test_somebody_joins_and_pays_by_card(
    client: Client, plan: Plan, answer_all: Callable[..., Client]
) -> None:
    answer_all(pay="card")
    assert "Join and pay (£10 a year)" in client.get("/join/check/").text
    answer = send(client, plan)
    payment = Payment.objects.get()
    assert answer["Location"] == payment.go_on_url
    assert Membership.objects.get().stored == Status.PENDING
    done = pay(client, "pay")
    row = Membership.objects.get()
    assert row.status(timezone.localdate()) == Status.NEW
    assert "You have joined" in done.text
    assert row.reference in done.text
    assert balance(Account.MEMBERSHIPS) == -1000
    assert Card.objects.get().person == row.person, "a card is on the list of those to be printed"


def test_a_payment_that_came_to_nothing_can_be_made_again(
    client: Client, plan: Plan, answer_all: Callable[..., Client]
) -> None:
    answer_all(pay="card")
    send(client, plan)
    pay(client, "decline")
    assert Membership.objects.get().stored == Status.PENDING
    page = client.get("/join/done/")
    assert "You have not paid yet" in page.text
    client.post("/join/card/")
    assert Payment.objects.count() == 2
    pay(client, "pay")
    assert Membership.objects.get().status(timezone.localdate()) == Status.NEW
    # Pressed once more, nothing is paid twice
    assert client.post("/join/card/")["Location"] == "/join/done/"
    assert Payment.objects.taken().count() == 1


def test_pressing_pay_twice_is_one_payment(
    client: Client, plan: Plan, answer_all: Callable[..., Client]
) -> None:
    answer_all(pay="desk")
    send(client, plan)
    for _click in range(2):
        client.post("/join/card/")
    assert Payment.objects.count() == 1


def test_where_no_cards_are_taken_nobody_is_offered_it(
    client: Client, plan: Plan, answer_all: Callable[..., Client], settings: Any, who: Any
) -> None:
    settings.PAYMENT_PROVIDER = ""
    client.post("/join/", {"plan": "one"})
    client.post("/join/you/", who)
    assert "By card, now" not in client.get("/join/pay/").text
    assert client.post("/join/pay/", {"pay": "card"}).status_code == 422
    # Somebody who chose it just before it was switched off is asked again
    settings.PAYMENT_PROVIDER = "development"
    client.post("/join/pay/", {"pay": "card"})
    settings.PAYMENT_PROVIDER = ""
    assert client.get("/join/check/")["Location"] == "/join/pay/"


def test_all_who_share_get_a_card_and_a_renewal_makes_no_second(
    desk: Organisation, cast: Any, client_as: Any
) -> None:
    from members.actions.memberships import share_membership

    plan = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=2)
    row = membership(plan=plan, person=PersonFactory(organisation=desk), source=None)
    other = PersonFactory(organisation=desk)
    share_membership(membership=row, person=other, by=cast.access_point_staff)
    assert not Card.objects.exists(), "nothing has been paid"
    staff = client_as(cast.access_point_staff)
    for key in ("5f3b6f0e-5c58-4d5e-9b43-0c1f6f4d8f11", "5f3b6f0e-5c58-4d5e-9b43-0c1f6f4d8f12"):
        staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": key})
    assert {card.person for card in Card.objects.all()} == {row.person, other}
    assert Card.objects.count() == 2
