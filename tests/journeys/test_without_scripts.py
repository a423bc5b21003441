"""Everything a resident does, with JavaScript switched off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor


@pytest.fixture
def visitor(arrive: Callable[..., Visitor]) -> Visitor:
    return arrive(scripts=False)


def test_text_size_and_colours_are_chosen_and_kept(visitor: Visitor) -> None:
    # Given somebody who finds the letters too small
    with visitor.step("Given the first page") as page:
        visitor.open("/")
        before = page.get_by_label("What do you need help with?").evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
    # When they choose the largest letters on black
    with visitor.step("When they follow the link to text size") as page:
        page.get_by_role("link", name="Text size").first.click()
    with visitor.step("When they choose the largest letters on black") as page:
        page.get_by_label("Largest").check()
        page.get_by_label("White and yellow on black").check()
        page.get_by_role("button", name="Show pages like this").click()
    # Then this page and every other has them
    with visitor.step("Then the first page has them") as page:
        visitor.open("/")
        after = page.get_by_label("What do you need help with?").evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
        assert after >= 1.3 * before
        background = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
        assert background == "rgb(0, 0, 0)"
    # And they can go back
    with visitor.step("And back to the usual look") as page:
        visitor.open("/appearance/")
        expect(page.get_by_label("Largest")).to_be_checked()
        page.get_by_label("Normal").check()
        page.get_by_label("Black on white").check()
        page.get_by_role("button", name="Show pages like this").click()
        assert "appearance" not in {cookie["name"] for cookie in visitor.context.cookies()}


def test_search_narrow_down_and_open(visitor: Visitor) -> None:
    # Given somebody who asks for company
    with visitor.step("Given a search") as page:
        visitor.open("/")
        page.get_by_label("What do you need help with?").fill("lunch club")
        page.get_by_role("button", name="Find help").click()
        all_of_them = visitor.page.locator(".service-list h3").count()
        assert all_of_them
    # When they want only what costs nothing
    with visitor.step("When they tick one that is free") as page:
        page.locator("details.filters summary").first.click()
        page.locator("input[name=cost][value=free]").check()
        page.get_by_role("button", name="Update results").click()
        assert "cost=free" in visitor.path
        visitor.sees("You chose")
    # Then they can take that away again, and the words are still there
    with visitor.step("Then they take it away again") as page:
        page.get_by_role("link", name="Take away").first.click()
        assert "cost=free" not in visitor.path
        expect(page.get_by_label("What do you need help with?")).to_have_value("lunch club")
        assert page.locator(".service-list h3").count() == all_of_them
    # And open one
    with visitor.step("And open the first") as page:
        page.locator(".service-list h3 a").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_nothing_found_is_not_a_dead_end(visitor: Visitor) -> None:
    with visitor.step("When nothing is found") as page:
        visitor.open("/services/?q=qqxzzyvw")
        visitor.sees("01632")
        assert page.locator("main a[href*='/topics/']").count() > 0


def test_a_typing_mistake_is_put_right_and_said(visitor: Visitor) -> None:
    with visitor.step("When somebody types a mistake"):
        visitor.open("/services/?q=chiropodyst")
        visitor.sees("Showing results for")
    with visitor.step("Then they can insist on it") as page:
        page.get_by_role("link", name="search only for").click()
        assert "exact=1" in visitor.path


def test_my_list_and_its_code(visitor: Visitor, arrive: Callable[..., Visitor]) -> None:
    # Given two services on a list
    names = []
    for number in (0, 1):
        with visitor.step("Given a service put on the list") as page:
            visitor.open("/services/?q=help")
            result = page.locator(".service-list > li").nth(number)
            names.append(result.locator("h3").inner_text())
            result.get_by_role("button", name="Add to my list").click()
    with visitor.step("Then both are on it") as page:
        visitor.open("/my-list/")
        for name in names:
            visitor.sees(name)
    # When they ask for a code
    with visitor.step("When they ask for a code") as page:
        page.get_by_role("button", name="Get a code").click()
        code = page.locator(".share-code").inner_text()
    # Then somebody else can type it elsewhere
    other = arrive(scripts=False)
    with other.step("Then somebody else types it") as page:
        other.open("/my-list/")
        page.get_by_label("code").first.fill(code.lower())
        page.get_by_role("button", name="Open the list").click()
        for name in names:
            other.sees(name)
    with other.step("And puts them on a list of their own") as page:
        page.get_by_role("button", name="Put these on my list").click()
        other.open("/my-list/")
        other.sees(names[1])
    # And the first empties theirs
    with visitor.step("And the first empties theirs") as page:
        visitor.open("/my-list/")
        page.get_by_role("button", name="Empty my list").click()
        visitor.open("/my-list/")
        visitor.sees("Your list is empty")
    with other.step("Which leaves the other's alone"):
        other.open("/my-list/")
        other.sees(names[0])


def test_a_mistake_is_reported_and_its_answer_looked_up(visitor: Visitor) -> None:
    with visitor.step("Given the page of a service") as page:
        visitor.open("/services/?q=bath")
        page.locator(".service-list h3 a").first.click()
    with visitor.step("When they report a mistake") as page:
        page.get_by_role("link", name="Report a mistake").click()
    with visitor.step("And forget to say what about") as page:
        page.get_by_role("button", name="Send").click()
        visitor.sees("There is a problem")
        assert page.title().startswith("Error:")
    with visitor.step("And then say it") as page:
        page.get_by_role("radio").first.check()
        page.locator("textarea").fill("The number rings at somebody else's.")
        page.get_by_role("button", name="Send").click()
        code = page.locator(".govuk-panel strong").inner_text()
    with visitor.step("Then the code brings them back to it") as page:
        visitor.open("/report/answer/")
        page.get_by_role("textbox", name="code").fill(code)
        page.get_by_role("button", name="Show the answer").click()
        visitor.sees("The number rings at somebody else's.")
