"""Sheets by post: asked for by somebody without scripts, ticked off at the desk by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import expect

from members.access import posting_desk
from members.models import PaperRequest
from tests.factories.user import PASSWORD, UserFactory, code_now
from tests.journeys.test_search_to_print import fetched, pages_of
from tests.journeys.visitor import Visitor


def sign_in_by_hand(visitor: Visitor, email: str, code: Callable[[], str]) -> None:
    visitor.open(reverse("account_login"))
    visitor.page.get_by_label("E-mail").fill(email)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("textbox").first.fill(code())
    visitor.page.keyboard.press("Enter")
    visitor.sees_heading("What is to be done")


def test_from_asking_to_the_post_box(arrive: Callable[..., Visitor]) -> None:
    # Given two services on the list of somebody without a printer
    resident = arrive(scripts=False)
    names = []
    for number in (0, 1):
        with resident.step("Given a service put on the list") as page:
            resident.open("/services/?q=help")
            result = page.locator(".service-list > li").nth(number)
            names.append(result.locator("h3").inner_text())
            result.get_by_role("button", name="Add to my list").click()
    with resident.step("When they ask for it by post") as page:
        resident.open("/my-list/")
        page.get_by_role("link", name="Post it to me").first.click()
        for name in names:
            resident.sees(name)
    # When something is forgotten, the page says what, at the top, and keeps the rest
    with resident.step("And forget the address") as page:
        page.get_by_label("name", exact=False).first.fill("Gwen Pŵll")
        page.get_by_role("button", name="Post it to me").click()
        resident.sees("There is a problem")
        assert page.title().startswith("Error:")
        expect(page.get_by_label("name", exact=False).first).to_have_value("Gwen Pŵll")
    with resident.step("And give it, with large print and a note") as page:
        page.locator("[name=address_1]").fill("1 Example Street")
        page.locator("[name=town]").fill("Exampleton")
        page.locator("[name=postcode]").fill("dl37xx")
        page.locator("[name=size][value='24']").check()
        page.locator("details summary").first.click()
        page.locator("details textarea, details input[type=text]").first.fill("Ask for Sue at noon")
        page.locator("[name=agree]").check()
        page.get_by_role("button", name="Post it to me").click()
        resident.sees_heading("We will post it to you")
        reference = page.locator(".govuk-panel strong").inner_text().strip()
    # Then the desk has it
    desk = posting_desk()
    assert desk is not None
    lead = UserFactory(
        email="postroom@example.org",
        role="hub_lead",
        role__organisation_id=desk.id,
        second_factor=True,
    )
    staff = arrive()
    with staff.step("Given somebody at the desk"):
        sign_in_by_hand(staff, lead.email, lambda: code_now(lead))
    with staff.step("Then it is in the queue"):
        staff.open(reverse("members:paper_queue"))
        staff.sees(reference)
    with staff.step("When they open it") as page:
        page.get_by_role("link", name="Gwen Pŵll").first.click()
        staff.sees("Exampleton")
        staff.sees("DL3 7XX")
        staff.sees("Ask for Sue at noon")
        cover = page.get_by_role("link", name="Cover sheet").get_attribute("href")
        sheets = page.get_by_role("link", name="The sheets").get_attribute("href")
        assert cover
        assert sheets
    # And it prints
    address = "\n".join(pages_of(fetched(staff, cover)))
    assert "Gwen Pŵll" in address
    assert "DL3" in address
    printed = " ".join("\n".join(pages_of(fetched(staff, sheets))).replace("\u00a0", " ").split())
    for words in (*names, "Ask for Sue at noon"):
        assert words in printed
    # When it is ticked off by keyboard, it leaves the queue
    with staff.step("When it is posted") as page:
        staff.tab_to("It is posted")
        page.keyboard.press("Enter")
        staff.sees("Posted")
    with staff.step("Then it has left the queue"):
        staff.open(reverse("members:paper_queue"))
        assert staff.page.get_by_text(reference).count() == 0
    assert PaperRequest.objects.get(reference=reference.replace(" ", "")).state == "posted"
