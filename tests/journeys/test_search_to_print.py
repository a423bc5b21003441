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
    # Then it opens, and is a sheet with the name and the number on it
    with visitor.page.expect_response(lambda answer: link in answer.url) as opened:
        visitor.page.keyboard.press("Enter")
    assert opened.value.headers["content-type"] == "application/pdf"
    text = "\n".join(pages_of(fetched(visitor, link)))
    for words in (name, number):
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ").replace("\n", " ")


def test_suggestions_by_keyboard(visitor: Visitor) -> None:
    """What may be meant is offered while somebody types, and never takes them anywhere by itself."""
    with visitor.step("Given the first page"):
        visitor.open("/")
    with visitor.step("When somebody types the beginning of a word") as page:
        box = page.get_by_label("What do you need help with?")
        box.press_sequentially("chir", delay=30)
        options = page.get_by_role("option")
        expect(options.first).to_be_visible()
    with visitor.step("And goes down to the first suggestion") as page:
        suggestion = options.first.get_attribute("data-text")
        assert suggestion
        page.keyboard.press("ArrowDown")
        active = box.get_attribute("aria-activedescendant")
        assert active
        expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
        assert visitor.path == "/"
    with visitor.step(
        "Then Enter puts it into the box and Escape would have closed the list"
    ) as page:
        page.keyboard.press("Enter")
        expect(options).to_have_count(0)
        expect(box).to_have_value(suggestion)
        box.press_sequentially(" a", delay=30)
        page.keyboard.press("Escape")
        expect(options).to_have_count(0)


def test_the_whole_list_on_paper_with_notes(visitor: Visitor) -> None:
    names = []
    for number in (0, 1):
        with visitor.step("Given a service put on the list") as page:
            visitor.open("/services/?q=lunch")
            result = page.locator(".service-list > li").nth(number)
            names.append(result.locator("h3").inner_text())
            result.get_by_role("button", name="Add to my list").click()
    with visitor.step("When all of it is printed with a note") as page:
        visitor.open("/my-list/print/")
        page.get_by_label("Giant").check()
        page.locator("form textarea").first.fill("Ask for Sue")
        with page.expect_response(lambda answer: answer.request.method == "POST") as opened:
            page.get_by_role("button", name="Open it, ready to print").click()
        assert opened.value.headers["content-type"] == "application/pdf"
        visitor.open("/my-list/")
    text = " ".join("\n".join(pages_of(fetched(visitor, "/my-list/sheet.pdf?size=18"))).split())
    for name in names:
        assert name in text


def test_all_about_a_topic_on_paper(visitor: Visitor) -> None:
    with visitor.step("Given a topic") as page:
        visitor.open("/topics/")
        page.locator("main a[href^='/topics/']").first.click()
    with visitor.step("When it is to be printed") as page:
        page.get_by_role("link", name="Print", exact=False).first.click()
        page.get_by_label("Large").check()
    with visitor.step("Then it opens as a PDF") as page:
        form = page.locator("main form").first
        fields = form.evaluate("e => new URLSearchParams(new FormData(e)).toString()")
        assert pages_of(fetched(visitor, f"{form.get_attribute('action')}?{fields}"))


def test_an_address_that_is_not_there(visitor: Visitor) -> None:
    with visitor.step("When somebody types an address wrongly") as page:
        visitor.open("/servics/", status=404)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        visitor.sees("01632")
    assert not focus_problems(visitor.page)


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
