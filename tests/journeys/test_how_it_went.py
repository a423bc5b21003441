"""A person without an account: answers by the code of a letter, and looks at their own referrals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from referrals.actions.personal_links import hand_out_link
from referrals.models import Referral
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import question_link, referral
from tests.journeys.visitor import Visitor


def helped(cast: Cast) -> Referral:
    hub = access_point(cast.organisation_id, "Journey desk")
    return referral(
        state="completed",
        requester=hub,
        person=PersonFactory(organisation=hub, with_everything=True),
    )


@pytest.mark.parametrize(("width", "scripts"), [(320, False), (1280, True)])
def test_no_help_came(
    arrive: Callable[..., Visitor], cast: Cast, width: int, scripts: bool
) -> None:
    # Given a letter with a code
    row = helped(cast)
    code = question_link(row).code
    reader = arrive(width=width, scripts=scripts)
    with reader.step("Given the page on which codes are typed") as page:
        reader.open("/answer/")
    # When she types it as she reads it, and says that nobody came
    with reader.step("When she types the code in small letters") as page:
        page.get_by_label("The code in your letter").fill(code.lower().replace("-", " "))
        page.get_by_role("button", name="Go on").click()
        reader.sees_heading("How did it go?")
    with reader.step("And says that no help came") as page:
        page.get_by_label("No, I did not get the help").check()
        page.get_by_role("button", name="Send my answer").click()
        reader.sees_heading("Thank you")
    # Then it is the hub's again
    row.refresh_from_db()
    assert row.loop == "did-not-get-help"
    assert row.unhelped_since is not None
    # And the code is used up
    reader.open(f"/answer/{code}/", status=404)


@pytest.mark.parametrize(("width", "scripts"), [(320, False), (1280, True)])
def test_her_own_referrals(
    arrive: Callable[..., Visitor], cast: Cast, width: int, scripts: bool
) -> None:
    # Given a code, and a number that she was told
    row = helped(cast)
    handed = hand_out_link(person=row.person, by=cast.access_point_staff)
    reader = arrive(width=width, scripts=scripts)
    with reader.step("Given the page behind her code") as page:
        reader.open(f"/my/code/{handed.link.code}/")
        expect(page.get_by_text(row.reference)).to_have_count(0)
    # When she types the number
    with reader.step("When she types the number") as page:
        page.get_by_label("The number that we told you").fill(handed.number)
        page.get_by_role("button", name="Show my referrals").click()
        reader.sees_heading("Your referrals")
        reader.sees(row.service.name)
    # Then she can answer, take back what she agreed to, and leave nothing behind
    with reader.step("Then she answers") as page:
        page.get_by_role("button", name="Did you get the help? Tell us").click()
        page.get_by_label("Yes, I got the help").check()
        page.get_by_role("button", name="Send my answer").click()
        reader.sees_heading("Your referrals")
    with reader.step("And no longer agrees") as page:
        page.get_by_role("button", name="I no longer agree").first.click()
        reader.sees("Nobody but us.")
    with reader.step("And closes the page") as page:
        page.get_by_role("button", name="I have finished").click()
        expect(page.get_by_text(row.reference)).to_have_count(0)
    row.refresh_from_db()
    assert row.loop == "got-help"
