"""From an own word to a sheet of paper: the journey that the portal is there for."""

from __future__ import annotations

import io
from collections.abc import Callable

import pdfplumber
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import focus_problems, target_problems, text_spacing_problems
from tests.journeys.visitor import Visitor


def pages_of(data: bytes) -> list[str]:
    """The text of each page; raises when it is not a PDF."""
    assert data.startswith(b"%PDF-")
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_text() for page in document.pages]


def fetched(visitor: Visitor, link: str) -> bytes:
    """What a link leads to, fetched as this visitor: headless Chromium shows no PDF."""
    response = visitor.context.request.get(visitor.address + link)
    assert response.ok, f"{link} answered {response.status}"
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].endswith('.pdf"')
    return response.body()


def test_by_keyboard_alone(visitor: Visitor) -> None:
    # Given a resident at a library computer whose mouse does not help
    with visitor.step("Given the first page"):
        visitor.open("/")
    # When she types what she would say, and presses Enter
    with visitor.step("When she asks in her own words") as page:
        visitor.tab_to("What do you need help with?")
        page.keyboard.type("I can't cut my toenails")
        page.keyboard.press("Enter")
        page.wait_for_url("**/services/?q=*")
    # Then nail cutting is on the first screen
    with visitor.step("Then help with nails is found") as page:
        found = page.locator(".service-list h3 a")
        assert any("ail cutting" in name for name in found.all_inner_texts()[:3])
        assert not focus_problems(page)
    # When she goes past the filters and opens the first
    with visitor.step("When she opens the first result") as page:
        name = found.first.inner_text()
        page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
        visitor.tab_to("Skip to the results")
        page.keyboard.press("Enter")
        visitor.tab_to(name, most=5)
        page.keyboard.press("Enter")
        page.wait_for_url("**/services/*-*/")
    # Then its number is directly under its name
    with visitor.step("Then the service is there, its number under its name") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        phone = page.locator("h1 + p a[href^='tel:']")
        expect(phone).to_be_visible()
        number = phone.inner_text()
    # When she chooses large print
    with visitor.step("When she chooses large print") as page:
        visitor.tab_to("Large print")
        link = page.locator("*:focus").get_attribute("href")
        assert link is not None
    # Then she has a sheet with the name and the number on it
    text = "\n".join(pages_of(fetched(visitor, link)))
    for words in (name, number):
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ").replace("\n", " ")


def walk(visitor: Visitor, looks: Callable[[Page], list[str]]) -> None:
    """From the first page to the paper by touch, each page looked at."""
    with visitor.step("Given the first page") as page:
        visitor.open("/")
        assert not looks(page)
    with visitor.step("When they search") as page:
        page.get_by_label("What do you need help with?").fill("someone to talk to")
        page.get_by_role("button", name="Find help").click()
        page.wait_for_url("**/services/?q=*")
        assert not looks(page)
    with visitor.step("And open a result") as page:
        page.locator(".service-list h3 a").first.click()
        page.wait_for_url("**/services/*-*/")
        assert not looks(page)
    with visitor.step("And put it on their list") as page:
        page.get_by_role("button", name="Add to my list").click()
        visitor.open("/my-list/")
        assert not looks(page)
    with visitor.step("Then it can be printed in three sizes") as page:
        page.locator(".service-list a").first.click()
        links = page.locator(".print-sizes a")
        expect(links).to_have_count(3)
        for link in links.all():
            address = link.get_attribute("href")
            assert address is not None
            assert pages_of(fetched(visitor, address))


def test_on_an_old_telephone(arrive: Callable[..., Visitor]) -> None:
    """320 pixels wide, by touch, with wider text spacing as well."""
    visitor = arrive(width=320, height=568, has_touch=True)
    walk(visitor, lambda page: target_problems(page) + text_spacing_problems(page))


def test_at_400_per_cent(arrive: Callable[..., Visitor]) -> None:
    """A window of 1280 by 1024 at 400 % has 320 by 256 pixels."""
    walk(arrive(width=320, height=256), focus_problems)


@pytest.mark.parametrize("colours", ["active", "none"])
def test_in_the_high_contrast_of_the_machine(arrive: Callable[..., Visitor], colours: str) -> None:
    """Windows' own contrast themes draw over our colours: what is left must still be walkable."""
    visitor = arrive(forced_colors=colours)
    visitor.open("/services/?q=bath")
    assert not focus_problems(visitor.page)
    assert not visitor.take_complaints()
