"""Somebody's first day: from the e-mail to their work, on a telephone, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from dcsn.accounts.invitations import invite
from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from tests.factories.user import PASSWORD, code_of
from tests.journeys.visitor import Visitor


@pytest.mark.parametrize("width", [320, 1280])
def test_from_the_invitation_to_the_work(arrive: Callable[..., Visitor], width: int) -> None:
    # Given a link that came by e-mail
    email = f"first-day-{width}@example.org"
    _, address = invite(email=email, roles=["directory_editor"], by=SystemJob("tests"), send=False)
    visitor = arrive(width=width, height=640, scripts=False)
    with visitor.step("Given the page behind the link") as page:
        visitor.open(urlsplit(address).path)
        visitor.sees("Keeps the whole directory right")
    # When the two passwords differ, that is said
    with visitor.step("When the two passwords differ") as page:
        page.get_by_label("Your name").fill("Nia Newcomer")
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_label("Your password again").fill("something else")
        page.get_by_role("button", name="Make my account").click()
        visitor.sees("The two passwords are not the same.")
        expect(page.get_by_label("Your name")).to_have_value("Nia Newcomer")
    with visitor.step("When they are the same") as page:
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_label("Your password again").fill(PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        visitor.sees("Your account is ready")
    # Then they sign in and are led to the second factor, whatever they ask for
    with visitor.step("Then they sign in") as page:
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        visitor.sees_heading("Set up your second factor")
    with visitor.step("And the first page of the portal leads there too") as page:
        visitor.open("/")
        visitor.sees_heading("Set up your second factor")
    # When they type the key, because the camera is of no use, and give the app's code
    with visitor.step("When they open the key to type") as page:
        page.get_by_text("I cannot use the camera").click()
        key = page.locator("strong.code-to-type").inner_text()
    with visitor.step("When they give the app's code") as page:
        page.get_by_label("Code from the app").fill(code_of(key))
        page.get_by_role("button", name="Go on").click()
        # Then they see their recovery codes at once
        visitor.sees_heading("Your recovery codes")
        expect(page.locator(".code-list li")).to_have_count(10)
    # And are at their work
    with visitor.step("And are at their work") as page:
        page.get_by_role("button", name="I have kept them").click()
        visitor.sees_heading("Your work")
        visitor.sees("Directory editor")
    # And the link is used up
    with visitor.step("And the link is used up"):
        visitor.open(urlsplit(address).path, status=410)
        visitor.sees_heading("This invitation can no longer be used")
    assert User.objects.get(email=email).name == "Nia Newcomer"
