"""Joining: online without scripts on a small screen, by keyboard, and at the desk with cash and a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from members.access import access_points
from members.models import Card, Membership, Payment, Plan, Status
from tests.conftest import Cast
from tests.factories.membership import PlanFactory
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory, code_now
from tests.journeys.looking import focus_problems, target_problems, text_spacing_problems
from tests.journeys.test_paper import sign_in_by_hand
from tests.journeys.test_search_to_print import fetched, pages_of
from tests.journeys.visitor import Visitor


@pytest.fixture
def plan(portal: str) -> Plan:
    """One of their own, whatever the demonstration offers."""
    found = Plan.objects.filter(code="journey").first()
    return found or PlanFactory(code="journey", name="For the journey", position=1)


@pytest.fixture(autouse=True)
def _the_provider_knows_our_address(settings: Any, portal: str) -> None:
    settings.SITE_ADDRESS = portal
    settings.PAYMENT_PROVIDER = "development"


@pytest.mark.parametrize(("width", "scripts"), [(320, False), (1280, True)])
def test_somebody_joins_online_and_pays_by_card(
    plan: Plan, arrive: Callable[..., Visitor], width: int, scripts: bool
) -> None:
    resident = arrive(width=width, scripts=scripts)
    resident.expected_statuses.add(422)
    with resident.step("Given the first page, from which one joins") as page:
        resident.open("/")
        page.get_by_role("link", name="Join", exact=True).click()
        resident.sees_heading("Join")
        resident.sees("For the journey: £10 a year")
    with resident.step("When they choose a membership and go on") as page:
        page.get_by_label("For the journey: £10 a year").check()
        page.get_by_role("button", name="Continue").click()
        resident.sees_heading("Who you are")
    with resident.step("And forget how they are to be reached") as page:
        page.get_by_label("First name").fill("Winifred")
        page.get_by_label("Last name").fill("Journey")
        page.get_by_role("radio").last.check()
        page.get_by_role("button", name="Continue").click()
        resident.sees("Choose how we shall reach you")
        expect(page.get_by_label("Last name")).to_have_value("Journey")
    with resident.step("And say it") as page:
        page.get_by_label("Phone number").fill("01632 960 123")
        page.get_by_label("Phone call").check()
        page.get_by_role("button", name="Continue").click()
        resident.sees_heading("How would you like to pay?")
    with resident.step("And go back, and find what they typed") as page:
        page.get_by_role("link", name="Back").last.click()
        expect(page.get_by_label("Last name")).to_have_value("Journey")
        page.get_by_role("button", name="Continue").click()
    with resident.step("And choose to pay by card") as page:
        page.get_by_label("By card, now").check()
        page.get_by_role("button", name="Continue").click()
        resident.sees_heading("Check your answers")
        resident.sees("01632 960123")
    with resident.step("And join and pay") as page:
        page.get_by_role("button", name="Join and pay").click()
        page.locator("main button[value=pay]").click()
        resident.sees_heading("You have joined")
    # Then they are a member from today, and their card is on the list
    row = Membership.objects.latest("created_at")
    assert row.status(timezone.localdate()) == Status.NEW
    assert row.person is not None
    assert row.person.name == "Winifred Journey"
    resident.sees(row.reference)
    assert Card.objects.get(membership=row).state == Card.State.REQUESTED
    with resident.step("And the computer forgets them") as page:
        page.get_by_role("button", name="I have finished").click()
        resident.sees_heading("Join")


def test_the_pages_of_joining_can_be_used_by_keyboard_and_with_wide_spacing(
    plan: Plan, arrive: Callable[..., Visitor]
) -> None:
    resident = arrive(width=320)
    found = {}
    for address in ("/join/", "/join/you/", "/join/gift/", "/join/code/", "/my/membership/"):
        with resident.step(f"When they open {address}") as page:
            resident.open(address)
            if address == "/join/":
                page.get_by_label("For the journey: £10 a year").check()
                page.get_by_role("button", name="Continue").click()
                resident.open(address)
            found[address] = [
                *focus_problems(page),
                *target_problems(page),
                *text_spacing_problems(page),
            ]
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_joining_at_the_desk_with_cash_and_printing_the_card(
    plan: Plan, cast: Cast, arrive: Callable[..., Visitor]
) -> None:
    # Given somebody on record at an access point, and staff there
    desk = access_points().first()
    assert desk is not None
    person = PersonFactory(organisation=desk, given_name="Gwen", family_name="Counter")
    lead = UserFactory(
        email="counter@example.org",
        role="hub_lead",
        role__organisation_id=desk.id,
        second_factor=True,
    )
    staff = arrive()
    with staff.step("Given somebody at the desk"):
        sign_in_by_hand(staff, lead.email, lambda: code_now(lead))
    with staff.step("When they open the person and join them") as page:
        staff.open(person.get_absolute_url())
        staff.sees("Not a member. Help does not depend on it.")
        page.get_by_role("main").get_by_role("link", name="Join", exact=True).click()
        staff.sees_heading("Join at the desk")
    with staff.step("And take £10 in cash") as page:
        page.get_by_label("For the journey: £10 a year").check()
        page.get_by_label("Cash").check()
        page.get_by_role("button", name="Join", exact=True).click()
        staff.sees_heading("Membership of Gwen Counter")
        staff.sees("£10 taken, receipt")
    payment = Payment.objects.get(person=person)
    assert (payment.method, payment.amount_pence) == (Payment.Method.CASH, 1000)
    with staff.step("Then the receipt can be printed at once") as page:
        receipt = page.get_by_role("button", name="Print the receipt").get_attribute("href")
        assert receipt
        assert "£10" in pages_of(fetched(staff, receipt))[0]
    with staff.step("And the card") as page:
        page.get_by_role("button", name="Print the card").click()
        paper = page.get_by_role("button", name="Print on A4 (PDF)").get_attribute("href")
        assert paper
        assert len(pages_of(fetched(staff, paper))) == 1
    with staff.step("And is handed over") as page:
        page.get_by_role("button", name="It is printed, and they have it").click()
    assert Card.objects.get(person=person).state == Card.State.ISSUED
    with staff.step("And their page says until when") as page:
        staff.open(person.get_absolute_url())
        staff.sees("For the journey")
        row = Membership.objects.get(person=person)
        assert row.ends_on is not None
        staff.sees(f"until {row.ends_on.day} {row.ends_on:%B %Y}")
    with staff.step("And so does the membership's own"):
        staff.open(reverse("members:membership", args=[row.pk]))
