"""Staff: signing in with a second factor, and the pages that they work in.

Every page is looked at as one role that may open it, which is where most of a working day goes.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from dcsn.access.roles import ROLES
from tests.access.matrix import MATRIX, Row
from tests.access.pages import path_of
from tests.conftest import Cast, sign_in
from tests.factories.user import PASSWORD, UserFactory, code_now
from tests.journeys.looking import (
    axe_problems,
    focus_problems,
    sideways_problems,
    text_spacing_problems,
)
from tests.journeys.visitor import Visitor


def test_signing_in_with_a_second_factor_by_keyboard(arrive: Callable[..., Visitor]) -> None:
    # Given an editor with an authenticator app
    user = UserFactory(email="journey@example.org", role="directory_editor", second_factor=True)
    visitor = arrive(scripts=False)
    with visitor.step("Given the page to sign in") as page:
        visitor.open(reverse("account_login"))
    # When the password is wrong, she is told at the top, and not which of the two was wrong
    with visitor.step("When the password is wrong") as page:
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password").fill("not this one at all")
        page.keyboard.press("Enter")
        visitor.sees("There is a problem")
    # When it is right, a code is asked for
    with visitor.step("When it is right") as page:
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        visitor.sees_heading("Your code")
    with visitor.step("And a wrong code is refused") as page:
        page.get_by_role("textbox").first.fill("000000")
        page.get_by_role("button", name="Sign in").click()
        visitor.sees("There is a problem")
    # Then the right code lets her in
    with visitor.step("Then the right code lets her in") as page:
        page.get_by_role("textbox").first.fill(code_now(user))
        page.get_by_role("button", name="Sign in").click()
        visitor.sees_heading("Your work")
    # And signing out ends it
    with visitor.step("And signing out ends it") as page:
        page.get_by_role("button", name="Sign out").click()
    with visitor.step("So that her work is closed") as page:
        visitor.open(reverse("accounts:home"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def role_for(row: Row) -> str:
    """A role to look at the page as."""
    return next(code for code in ROLES if ROLES[code].staff and code in row.roles)


STAFF = sorted(
    name
    for name, row in MATRIX.items()
    if not row.everybody and any(ROLES[code].staff for code in row.roles)
)


@pytest.mark.parametrize("name", STAFF)
def test_page(name: str, cast: Cast, client: Client, arrive: Callable[..., Visitor]) -> None:
    row = MATRIX[name]
    visitor = arrive()
    address = path_of(name, cast)
    session = sign_in(client, cast.with_role(role_for(row))).cookies["session"].value
    answer = client.get(address, follow=True)
    if answer.status_code == 405 or "html" not in answer.headers["Content-Type"]:
        return  # takes a form only, or is a file
    assert answer.status_code == 200 or row.may_be_absent
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    visitor.open(address, answer.status_code)
    page = visitor.page
    found = [f"[wide] {one}" for one in axe_problems(page) + focus_problems(page)]
    visitor.context.add_cookies(
        [{"name": "appearance", "value": "normal.dark", "url": visitor.address}]
    )
    page.set_viewport_size({"width": 320, "height": 640})
    visitor.open(address, answer.status_code)
    small = axe_problems(page) + sideways_problems(page) + text_spacing_problems(page)
    found += [f"[320 wide, dark] {one}" for one in small]
    found += visitor.take_complaints()
    assert not found, f"{visitor.path}\n" + "\n".join(found)
