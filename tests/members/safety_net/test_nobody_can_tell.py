"""Paid and free, byte for byte: the till, the card, the welcome letter, its envelope, the desk's list.

Add to ``shown_to_others`` whatever else anybody but the member and the officer gets to see. The tests of the
cards compare by source; these go the whole way, through the desk's till and the safety net's decision.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members.actions.memberships import start_membership
from members.cards.actions import mark_printed
from members.cards.number import as_printed
from members.cards.paper import face_of
from members.letters.wording import said_in
from members.models import Card, Concession, Letter, LetterKind, LetterRun, Membership, Plan
from members.payments.desk import take_at_desk
from members.safety_net.actions import ask, grant
from tests.conftest import Cast
from tests.factories.membership import TESTS, PlanFactory
from tests.factories.person import PersonFactory
from tests.factories.shop import ShopFactory, offer

pytestmark = pytest.mark.django_db

DRAWN = re.compile(r"^[0-9a-f]{8}$")


@pytest.fixture
def both(cast: Cast, desk: Any) -> tuple[Membership, Membership]:
    """One who paid at the desk, and one to whom the hub lead granted it; alike but for that."""
    plan: Plan = PlanFactory()

    def begun() -> Membership:
        person = PersonFactory(
            organisation=desk, contact_by="post", address_1="1 Example Terrace", postcode="DL3 7XX"
        )
        return start_membership(
            person=person, plan=plan, organisation=desk, via="desk", by=cast.access_point_staff
        )

    paid, free = begun(), begun()
    take_at_desk(
        key=uuid.uuid4(),
        membership=paid,
        plan_terms=paid.plan_terms,
        amount_pence=1000,
        method="cash",
        by=cast.access_point_staff,
    )
    question = ask(membership=free, ground=Concession.Ground.HARDSHIP, via="desk", by=TESTS)
    grant(concession=question, evidence=Concession.Evidence.WORD, by=cast.hub_lead)
    for row in (paid, free):
        for card in Card.objects.filter(membership=row):
            mark_printed(card=card, by=cast.access_point_staff)
        row.refresh_from_db()
    return paid, free


def card_of(row: Membership) -> Card:
    return Card.objects.get(membership=row)


def neutral(text: str, row: Membership) -> str:
    """Without what is each member's own: name, references, numbers, and the page's own random marks."""
    assert row.person is not None
    card = card_of(row)
    for mine in (
        row.person.name,
        row.person.family_name,
        row.reference,
        card.number,
        as_printed(card.number),
        as_printed(card.number).replace(" ", "&nbsp;"),
        str(row.pk),
        str(row.person.pk),
    ):
        text = text.replace(mine, "#")
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)


def at_the_till(row: Membership) -> str:
    shop = ShopFactory(name="Brightwell Books")
    offer(shop=shop)
    answer = Client().post("/till/", {"number": card_of(row).number}, follow=True)
    text = answer.content.decode()
    assert "VALID UNTIL" in text
    # Every answer has a reference of its own, drawn by chance.
    headers = sorted((k, DRAWN.sub("", v)) for k, v in answer.items())
    return f"{len(answer.content)} {headers} {text}"


def on_the_card(row: Membership) -> str:
    face = face_of(card_of(row))
    # The picture of the code is another for each number; its size is not.
    return f"{face.number} {face.until}"


def welcome(row: Membership) -> str:
    letter = Letter(
        run=LetterRun.objects.create(kind=LetterKind.WELCOME, as_of=timezone.localdate()),
        membership=row,
        term=row.terms.get(),
        kind=LetterKind.WELCOME,
        way=Letter.Way.POST,
        size=18,
    )
    assert row.person is not None
    envelope = [row.person.name, *row.person.address_lines]
    return f"{said_in(letter, row.plan_terms)} {envelope}"


shown_to_others: dict[str, Callable[[Membership], str]] = {
    "the till": at_the_till,
    "the card": on_the_card,
    "the welcome letter and its envelope": welcome,
}


@pytest.mark.parametrize("what", shown_to_others)
def test_paid_and_free_look_the_same_to_everybody_else(
    both: tuple[Membership, Membership], what: str
) -> None:
    paid, free = (neutral(shown_to_others[what](row), row) for row in both)
    assert paid == free


def test_other_members_and_visitors_are_shown_no_member_at_all(
    both: tuple[Membership, Membership],
) -> None:
    for address in ("/offers/", "/till/", "/join/"):
        text = Client().get(address).content.decode()
        for row in both:
            assert row.person is not None
            assert row.reference not in text
            assert row.person.family_name not in text


def test_the_desks_page_of_cards_and_list_are_alike(
    both: tuple[Membership, Membership], cast: Cast, client_as: Any
) -> None:
    client = client_as(cast.access_point_staff)
    text = client.get("/desk/members/").content.decode()
    rows = re.findall(r"<tr class=\"govuk-table__row\">\s*<td.*?</tr>", text, re.S)
    alike = {
        neutral(row, one).replace(str(one.person), "#")
        for one in both
        for row in rows
        if one.reference in row
    }
    assert len(alike) == 1
