"""Every page that anybody may open, looked at in every way that a reader may need it.

The pages are those that the access matrix opens to everybody, so a new page is looked at without
anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.access.pages import PUBLIC_PAGES, path_of
from tests.conftest import Cast
from tests.journeys.looking import (
    axe_problems,
    focus_problems,
    sideways_problems,
    target_problems,
    text_spacing_problems,
)
from tests.journeys.visitor import Visitor

COLOURS = ("normal.yellow", "normal.dark", "largest.dark")


def problems_of(visitor: Visitor) -> list[str]:
    """Everything that is wrong with the page in front of the visitor, in every look."""
    page = visitor.page
    found = [f"[wide] {one}" for one in axe_problems(page) + focus_problems(page)]
    for colours in COLOURS:
        visitor.context.add_cookies(
            [{"name": "appearance", "value": colours, "url": visitor.address}]
        )
        page.reload()
        found += [f"[{colours}] {one}" for one in axe_problems(page) + sideways_problems(page)]
    visitor.context.clear_cookies(name="appearance")
    page.set_viewport_size({"width": 320, "height": 640})
    page.reload()
    small = axe_problems(page) + target_problems(page) + text_spacing_problems(page)
    found += [f"[320 wide] {one}" for one in small + sideways_problems(page)]
    # 1280 by 1024 at 400 % is 320 by 256: what sticks to an edge would cover the rest.
    page.set_viewport_size({"width": 320, "height": 256})
    found += [f"[400 %] {one}" for one in focus_problems(page)]
    return found


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_page(name: str, cast: Cast, arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    visitor.open(path_of(name, cast))
    problems = problems_of(visitor) + visitor.take_complaints()
    assert not problems, f"{visitor.path}\n" + "\n".join(problems)
