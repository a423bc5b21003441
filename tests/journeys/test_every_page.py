"""Every page that anybody may open, looked at in every way that a reader may need it.

The pages are those that the access matrix opens to everybody, so a new page is looked at without
anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.samples import SAMPLES
from tests.conftest import Cast
from tests.journeys.looking import (
    axe_problems,
    focus_problems,
    sideways_problems,
    target_problems,
    text_spacing_problems,
)
from tests.journeys.visitor import Visitor

# Addresses that are not pages to look at, each with its reason.
NOT_PAGES: dict[str, str] = {
    "pages:brand": "a style sheet",
    "pages:icon": "a picture",
    "directory:suggest": "words for a script",
    "directory:picture": "a picture",
    "directory:sheet": "a PDF, opened by the journeys",
    "directory:my_list_sheet": "a PDF, opened by the journeys",
    "directory:print_document": "a PDF",
    "members:complain_paper": "a PDF, read in tests/members/test_complaints.py",
    "volunteers:roles_sheet": "a PDF, read in tests/volunteers/opportunities/test_roles.py",
    "volunteers:apply_paper": "a PDF, read in tests/volunteers/opportunities/test_applying.py",
    "directory:sitemap": "for search engines",
    "directory:sitemap_section": "for search engines",
    "directory:robots": "for search engines",
    "jobs:file": "a file",
    "numbers:public_csv": "a file",
    "referrals:mine_leave": "takes a form only",
    "referrals:mine_stop": "takes a form only",
    "directory:add_to_list": "takes a form only",
    "directory:remove_from_list": "takes a form only",
    "directory:clear_list": "takes a form only",
    "directory:share_list": "takes a form only",
    "directory:take_list": "takes a form only",
    "directory:start_print": "takes a form only",
    "jobs:cancel": "takes a form only",
}
PUBLIC = sorted(
    name
    for name, row in MATRIX.items()
    if row.everybody and not row.step_of_sign_in and name not in NOT_PAGES
)
COLOURS = ("normal.yellow", "normal.dark", "largest.dark")


def path_of(name: str, cast: Cast) -> str:
    row = MATRIX[name]
    arguments = SAMPLES[row.sample](cast) if row.sample else {}
    return reverse(name, kwargs=arguments) + (f"?{row.query}" if row.query else "")


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


@pytest.mark.parametrize("name", PUBLIC)
def test_page(name: str, cast: Cast, arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()
    visitor.open(path_of(name, cast))
    problems = problems_of(visitor) + visitor.take_complaints()
    assert not problems, f"{visitor.path}\n" + "\n".join(problems)


def test_every_address_that_is_left_out_is_one() -> None:
    assert set(NOT_PAGES) <= set(MATRIX)
