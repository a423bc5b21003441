"""Offers: found near a postcode and printed; changed by a shop with its link, and then at the till."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import expect

from members.models import OfferVersion, Shop
from members.offers.actions import make_link
from members.offers.links import page_address
from tests.conftest import Cast, sign_in
from tests.factories.card import card
from tests.factories.membership import TESTS
from tests.journeys.test_search_to_print import fetched, pages_of
from tests.journeys.visitor import Visitor


def the_officer(arrive: Callable[..., Visitor], cast: Cast, client: Client) -> Visitor:
    visitor = arrive()
    session = sign_in(client, cast.membership_officer).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_postcode_to_the_leaflet(arrive: Callable[..., Visitor], scripts: bool) -> None:
    # Given a member on a narrow telephone
    member = arrive(width=320, height=700, scripts=scripts)
    with member.step("Given the page of what the card gives") as page:
        member.open("/")
        page.get_by_role("link", name="Card offers").click()
        member.sees_heading("What the card gives")
    with member.step("When they ask what is near") as page:
        page.get_by_label("Near which postcode").fill("dl3 7za")
        page.get_by_role("button", name="Find offers").click()
        member.sees_heading("offers near DL3 7ZA")
    # Then the nearest comes first, with its distance
    first = member.page.locator(".service-list > li").first
    expect(first).to_contain_text("from DL3 7")
    with member.step("When they mistype the postcode") as page:
        page.get_by_label("Near which postcode").fill("DL99 9ZZZZ")
        page.get_by_role("button", name="Find offers").click()
        member.sees("There is a problem")
        assert page.title().startswith("Error:")
    with member.step("When they narrow it down to food shops") as page:
        page.get_by_label("Near which postcode").fill("dl3 7za")
        page.get_by_role("button", name="Find offers").click()
        expect(page).not_to_have_title(re.compile("^Error:"))
        if not page.get_by_label("Food shops").is_visible():
            page.locator("details.filters summary").click()
        page.get_by_label("Food shops").check()
        page.get_by_role("button", name="Update results").click()
        member.sees_heading("2 offers near DL3 7ZA")
        member.sees("Brightwater Bakery")
    with member.step("When they open one") as page:
        page.get_by_role("link", name="Brightwater Bakery").click()
        member.sees("10% off bread and cakes")
        page.go_back()
    with member.step("When they ask for it on paper") as page:
        page.get_by_role("link", name="Print these as a leaflet").click()
        page.get_by_label("Giant print").check()
    # Then it is a PDF of their two offers
    form = member.page.locator("form[action$='leaflet.pdf']")
    query = member.page.evaluate(
        "form => new URLSearchParams(new FormData(form)).toString()", form.element_handle()
    ) if scripts else "near=dl3+7za&category=food-shops&size=24"  # fmt: skip
    assert "category=food-shops" in query
    assert "size=24" in query
    pdf = fetched(member, f"/offers/leaflet.pdf?{query}")
    printed = " ".join(" ".join(pages_of(pdf)).split())
    assert "What your card gives near DL3 7ZA" in printed
    assert "Brightwater Bakery, page" in printed  # the contents
    assert "Heron Opticians" not in printed


def test_a_shop_changes_its_offer_and_the_till_shows_it(
    arrive: Callable[..., Visitor], cast: Cast, client: Client
) -> None:
    # Given a shop with a link, on a telephone without scripts
    shop = Shop.objects.get(name="Goldfinch Hardware")
    address = page_address(make_link(shop=shop, by=TESTS))
    keeper = arrive(width=320, height=700, scripts=False)
    with keeper.step("Given the shop's page"):
        keeper.open(address)
        keeper.sees("5% off everything in the shop")
    with keeper.step("When they change the offer and forget something") as page:
        page.get_by_role("button", name="Change this").click()
        page.get_by_label("How many per cent?").fill("")
        page.get_by_label("Not on").fill("paraffin, gas and seed potatoes")
        page.get_by_role("button", name="Send it to us").click()
        keeper.sees("There is a problem")
        expect(page.get_by_label("Not on")).to_have_value("paraffin, gas and seed potatoes")
    with keeper.step("And send it") as page:
        page.get_by_label("How many per cent?").fill("12")
        page.get_by_label("Sunday").uncheck()
        page.get_by_label("Your name").fill("Imaginary Ironmonger")
        page.get_by_role("button", name="Send it to us").click()
        keeper.sees("We look at it before it is on show")
        keeper.sees("Waiting to be looked at")
    # Then the till still shows what was agreed
    number = card().number
    till = arrive(width=320, height=700, scripts=False)
    with till.step("Then the till still shows what was agreed"):
        check_at(till, shop, number)
        till.sees("5% off everything in the shop")
    # When the officer puts it on show
    officer = the_officer(arrive, cast, client)
    with officer.step("When the officer looks at what shops propose") as page:
        officer.open("/account/")
        page.get_by_role("link", name="Shops and offers").click()
        page.get_by_role("link", name="Goldfinch Hardware").first.click()
        officer.sees("12% off everything in the shop")
        officer.sees("5% off everything in the shop")
    with officer.step("And puts it on show") as page:
        page.get_by_role("button", name="Put it on show").click()
        officer.sees("The offer is on show.")
        officer.sees_heading("Goldfinch Hardware")
    # Then the shop, everybody and the till see it
    assert OfferVersion.objects.get(offer__shop=shop, state="published").percent == 12
    with keeper.step("Then the shop sees it"):
        keeper.open(address)
        keeper.sees("12% off everything in the shop. Monday to Saturday.")
    with keeper.step("And everybody"):
        keeper.open("/offers/?q=goldfinch")
        keeper.sees("12% off everything in the shop")
    with till.step("And the till"):
        check_at(till, shop, number)
        till.sees("12% off everything in the shop")
        till.sees("VALID UNTIL")


def check_at(till: Visitor, shop: Shop, number: str) -> None:
    till.open(f"/till/{shop.till_code}/")
    till.page.get_by_label("The number on the card").fill(number)
    till.page.get_by_role("button", name="Check").click()


def test_the_officer_signs_up_a_shop_from_its_paper_form(
    arrive: Callable[..., Visitor], cast: Cast, client: Client
) -> None:
    officer = the_officer(arrive, cast, client)
    with officer.step("Given the form") as page:
        officer.open("/desk/offers/new/")
        page.get_by_role("button", name="Sign them up").click()
        officer.sees("There is a problem")
    with officer.step("When it is filled in") as page:
        page.get_by_label("Name of the shop").fill("Curlew Cycles")
        page.get_by_label("Getting about").check()
        page.get_by_label("Address", exact=True).fill("1 Curlew Market")
        page.get_by_label("Town").fill("Darlington")
        page.get_by_label("Postcode").fill("dl1 5za")
        page.get_by_label("Who do we ask for?").fill("Imaginary Cyclist")
        page.get_by_label("An amount off").check()
        page.get_by_label("How much off?").fill("£5")
        page.get_by_label("On what?").fill("a yearly service")
        page.get_by_label("Who agrees for the shop?").fill("Imaginary Cyclist")
        page.get_by_label("Which access point").select_option(index=1)
        page.get_by_role("button", name="Sign them up").click()
        officer.sees_heading("Curlew Cycles")
        officer.sees("£5 off a yearly service. Every day.")
    with officer.step("Then its letter and its poster can be printed"):
        officer.sees("Code of the till")
    shop = Shop.objects.get(name="Curlew Cycles")
    [sheet] = pages_of(fetched(officer, f"/desk/offers/{shop.pk}/poster.pdf"))
    assert "£5 off a yearly service" in " ".join(sheet.split())
