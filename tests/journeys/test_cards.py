"""Cards: scanned on a small old phone without scripts; lost, and replaced at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from members.cards.number import as_printed, new_number
from members.cards.qr import address_of
from members.models import Card
from tests.conftest import Cast, sign_in
from tests.factories.card import card
from tests.factories.person import PersonFactory, access_point
from tests.factories.shop import ShopFactory, offer
from tests.journeys.looking import focus_problems, target_problems, text_spacing_problems
from tests.journeys.test_search_to_print import fetched, pages_of
from tests.journeys.visitor import Visitor


@pytest.fixture(autouse=True)
def _codes_lead_here(settings: Any, portal: str) -> None:
    settings.SITE_ADDRESS = portal


def scanned(number: str, visitor: Visitor) -> str:
    """What the camera reads: the address in the code, as a path."""
    return address_of(number).removeprefix(visitor.address)


def test_a_shop_scans_and_types_on_a_small_phone(arrive: Callable[..., Visitor]) -> None:
    shop = ShopFactory(name="Brightwell Books")
    offer(shop=shop, wording="everything in the shop")
    good, lost = card(), card(state="lost")
    till = arrive(width=320, height=560, scripts=False)
    # Given a shop that opens the address it was given
    with till.step("Given the bookmark of the shop's till") as page:
        till.open(f"/till/{shop.till_code}/")
        till.sees("Brightwell Books")
        assert not [*target_problems(page)]
    # When a member's card is scanned
    with till.step("When a good card is scanned") as page:
        till.open(scanned(good.number, till))
        expect(page.get_by_role("heading", level=1)).to_contain_text("VALID UNTIL")
        till.sees("10% off everything in the shop")
        # Then nothing of the member is on it
        assert good.person is not None
        assert good.person.family_name not in page.content()
    with till.step("When the number of another is typed, with a slip") as page:
        page.get_by_label("Try another number").fill("12 345")
        page.get_by_role("button", name="Check").click()
        till.sees("You typed 5.")
    with till.step("And put right") as page:
        page.get_by_label("The number on the card").fill(as_printed(good.number))
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("VALID UNTIL")
    for number in (lost.number, new_number()):
        with till.step("When a card is not good") as page:
            till.open(scanned(number, till))
            expect(page.get_by_role("heading", level=1)).to_have_text("NOT VALID")
            till.sees("Please ask the member to ring")
            expect(page.get_by_text("10% off")).to_have_count(0)
    # Then the page is readable spaced out and by keyboard
    watched = arrive(width=320)
    with watched.step("Then its letters can be spaced and its focus be seen") as page:
        watched.open("/till/")
        assert not [*focus_problems(page), *text_spacing_problems(page)]


def test_a_lost_card_is_replaced_at_the_desk(
    cast: Cast, client: Client, arrive: Callable[..., Visitor]
) -> None:
    # Given a member at the desk whose card is gone
    person = PersonFactory(organisation=access_point(cast.organisation_id), family_name="Lostcard")
    old = card(person=person)
    desk = arrive(scripts=False)
    session = sign_in(client, cast.access_point_staff).cookies["session"].value
    desk.context.add_cookies([{"name": "session", "value": session, "url": desk.address}])
    till = arrive(width=320, scripts=False)
    till.open(scanned(old.number, till))
    till.sees("VALID UNTIL")
    with desk.step("Given the member's record, and their card on it") as page:
        desk.open(reverse("members:person", args=[person.pk]))
        page.get_by_role("link", name="With the member").click()
        desk.sees_heading(f"Card {as_printed(old.number)}")
    with desk.step("When it is said to be lost") as page:
        page.get_by_role("button", name="Lost").click()
        desk.sees("Here is the new one")
    new = Card.objects.get(replaces=old)
    with desk.step("Then a new one can be printed") as page:
        desk.sees_heading(f"Card {as_printed(new.number)}")
        link = page.get_by_role("button", name="Print on A4 (PDF)").get_attribute("href")
    paper = fetched(desk, str(link))
    assert as_printed(new.number) in "".join(pages_of(paper))
    with desk.step("And be handed over") as page:
        page.get_by_role("button", name="It is printed, and they have it").click()
        desk.sees("the card is with them")
    # And at the till only the new one is good
    for number, words in ((old.number, "NOT VALID"), (new.number, "VALID UNTIL")):
        with till.step("And the till knows") as page:
            till.open(scanned(number, till))
            expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_ten_on_a_sheet(cast: Cast, client: Client, arrive: Callable[..., Visitor]) -> None:
    hub = access_point(cast.organisation_id)
    people = [PersonFactory(organisation=hub, family_name=f"Sheet{n}") for n in range(2)]
    cards = [card(person=person, state="requested") for person in people]
    desk = arrive()
    session = sign_in(client, cast.access_point_staff).cookies["session"].value
    desk.context.add_cookies([{"name": "session", "value": session, "url": desk.address}])
    with desk.step("Given cards to be printed") as page:
        desk.open(reverse("members:card_queue"))
        desk.sees("Sheet0")
        page.get_by_role("button", name="Put them on sheets of ten").click()
        desk.sees_heading("A sheet of cards")
    with desk.step("When one is spoilt") as page:
        page.get_by_label(as_printed(cards[1].number)).check()
        page.get_by_role("button", name="I have looked at them").click()
        desk.sees("wait to be printed again")
        expect(page.locator("#hand-over")).to_be_visible()
    with desk.step("Then the other is on its way, and a shop that rings hears so") as page:
        row = page.get_by_role("listitem").filter(has_text="Sheet0")
        row.get_by_role("button", name="It is on its way").click()
        page.get_by_role("link", name="A shop rings").click()
        page.get_by_label("The number that the shop reads out").fill(as_printed(cards[0].number))
        page.get_by_role("button", name="Check").click()
        desk.sees("Valid until")
