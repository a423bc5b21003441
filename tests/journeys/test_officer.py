"""The membership officer: letters from "due today" to "in the post", and the sums, on any screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from dcsn.accounts.models import User
from dcsn.jobs.models import Job
from dcsn.jobs.runner import run_job
from members.models import Letter, LetterRun
from tests.conftest import Cast, sign_in
from tests.factories.membership import PlanFactory, membership
from tests.factories.person import PersonFactory, access_point
from tests.journeys.test_every_page import problems_of
from tests.journeys.visitor import Visitor

HOME = {"address_1": "1 Example Terrace", "town": "Exampleton", "postcode": "DL3 7XX"}


@pytest.fixture
def due(cast: Cast, portal: str) -> None:
    """Six members whose year ends in a month: by post in three sizes, by e-mail, in another way."""
    hub, plan = access_point(cast.organisation_id), PlanFactory()
    ways: list[dict[str, Any]] = [
        *({"formats": [f"print_{size}"]} for size in (14, 18, 24)),
        {},
        {"contact_by": "email", "email": "winifred@example.org"},
        {"formats": ["bsl"]},
    ]
    for facts in ways:
        membership(
            plan=plan,
            person=PersonFactory(organisation=hub, **{**HOME, **facts}),
            joined=timezone.localdate() - timedelta(days=335),
        )


def come_in(visitor: Visitor, user: User) -> None:
    """Signed in already: how one signs in has journeys of its own."""
    cookie = sign_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME]
    visitor.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": visitor.address}]
    )
    visitor.open("/account/")


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, False)])
def test_letters_from_due_today_to_in_the_post(
    cast: Cast, due: None, arrive: Callable[..., Visitor], width: int, scripts: bool
) -> None:
    officer = arrive(width=width, scripts=scripts)
    come_in(officer, cast.membership_officer)
    with officer.step("Given the officer's first page") as page:
        page.get_by_role("link", name="Letters to members").click()
        officer.sees_heading("Letters to members")
    with officer.step("When they put the letters together that are due") as page:
        page.get_by_role(
            "button", name=re.compile("Put these letters together.*It is time to renew")
        ).click()
        officer.sees_heading("It is time to renew")
        officer.sees("about")
    run = LetterRun.objects.latest("made_at")
    with officer.step("And have them made") as page:
        page.get_by_role("button", name="Make the letters").click()
        officer.sees_heading("Letters to members")
    job = Job.objects.filter(kind="members.letters").latest("created_at")
    run_job(job.pk)
    with officer.step("Then the page says how many sheets, and has the file") as page:
        officer.open(run.get_absolute_url())
        expect(page.get_by_text("sheets of paper")).to_be_visible()
        expect(page.get_by_role("button", name="Get the file")).to_be_visible()
        assert "about" not in page.locator("table.letters-paper").inner_text()
    with officer.step(
        "When somebody was told in their own way, and the rest is in the post"
    ) as page:
        page.get_by_role("button", name="They are told").first.click()
        page.get_by_role("button", name="They are in the post").click()
        officer.sees("letters are posted")
    by_post = run.letters.filter(way=Letter.Way.POST)
    assert by_post.filter(state=Letter.State.SENT).count() >= 4
    assert not by_post.filter(state=Letter.State.WAITING).exists()
    # And it looks right in every look
    if scripts:
        problems = problems_of(officer) + officer.take_complaints()
        assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, False)])
def test_the_sums_under_assumptions_of_ones_own(
    cast: Cast, due: None, arrive: Callable[..., Visitor], width: int, scripts: bool
) -> None:
    officer = arrive(width=width, scripts=scripts)
    come_in(officer, cast.membership_officer)
    with officer.step("Given the sums") as page:
        page.get_by_role("link", name="Sums of the membership").click()
        officer.sees_heading("Sums of the membership")
        officer.sees("£650,943.60")
        officer.sees("£263,026")
    with officer.step("When the officer begins with the study's case") as page:
        page.get_by_role("link", name="the study’s case").click()
        expect(page.get_by_role("row", name="Year 1")).to_contain_text("£650,943.60")
    with officer.step("And asks what 1,000 members at £10 would bring without hours") as page:
        page.get_by_label("Members in the first year").fill("1000")
        page.get_by_label("Price of a year").fill("10")
        page.get_by_label("Hours of help that each of these buys in a month").fill("0")
        page.get_by_role("button", name="Work it out").press("Enter")
        expect(page.get_by_role("row", name="Year 1")).to_contain_text("£10,000")
    with officer.step("Then the address holds it for whoever it is sent to") as page:
        address = page.url
        assert "members=1000" in address
        page.goto(address)
        expect(page.get_by_role("row", name="Year 1")).to_contain_text("£10,000")
    with officer.step("And what cannot be read is said") as page:
        page.get_by_label("Price of a year").fill("ten")
        page.get_by_role("button", name="Work it out").click()
        officer.sees("There is a problem")
    if scripts:
        problems = problems_of(officer) + officer.take_complaints()
        assert not problems, "\n".join(problems)
