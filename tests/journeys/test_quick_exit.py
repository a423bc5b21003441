"""Leaving quickly: by click, by Esc, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Route

from tests.journeys.visitor import Visitor


def elsewhere(visitor: Visitor) -> None:
    """The other website, without the outside network."""

    def answer(route: Route) -> None:
        route.fulfill(body="<title>Weather</title><h1>Sunny</h1>", content_type="text/html")

    visitor.context.route(f"{settings.EXIT_ADDRESS}**", answer)


@pytest.mark.parametrize("way", ["click", "keyboard"])
def test_leaving_leaves_nothing_to_go_back_to(arrive: Callable[..., Visitor], way: str) -> None:
    # Given somebody who reads about being safe
    visitor = arrive()
    elsewhere(visitor)
    visitor.open("/")
    with visitor.step("Given a page on a sensitive topic") as page:
        visitor.open("/topics/safety/")
    # When somebody comes in
    if way == "click":
        page.get_by_role("link", name="Leave this site quickly").click()
    else:
        for _time in range(3):
            page.keyboard.press("Escape")
    # Then another website is there
    page.wait_for_url(f"{settings.EXIT_ADDRESS}**")
    assert page.title() == "Weather"
    # And "back" does not lead to the page
    page.go_back()
    assert "/topics/safety/" not in page.url
    visitor.take_complaints()


def test_two_presses_stay(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    visitor.open("/topics/safety/")
    for _time in range(2):
        visitor.page.keyboard.press("Escape")
    visitor.page.keyboard.press("a")
    visitor.page.keyboard.press("Escape")
    visitor.sees_heading("Being safe")


def test_without_scripts_it_is_a_link(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(scripts=False, width=320)
    elsewhere(visitor)
    with visitor.step("Given a page on a telephone, scripts off"):
        visitor.open("/topics/safety/")
    visitor.page.get_by_role("link", name="Leave this site quickly").click()
    visitor.page.wait_for_url(f"{settings.EXIT_ADDRESS}**")
    visitor.take_complaints()
