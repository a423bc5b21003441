"""The figures with their pictures, looked at in every way that a reader may need them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from dcsn.figures.periods import last_full
from referrals.models import Enquiry
from tests.conftest import Cast
from tests.factories.person import access_point
from tests.journeys.test_every_page import problems_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_anybody_reads_the_figures_of_the_last_quarter(
    cast: Cast, arrive: Callable[..., Visitor]
) -> None:
    # Given a network whose access points took enquiries in the last quarter
    hub = access_point(cast.organisation_id)
    begun: datetime = last_full("quarter", timezone.localdate()).bounds[0] + timedelta(days=20)
    Enquiry.objects.bulk_create(
        Enquiry(
            organisation=hub,
            state=Enquiry.State.ANSWERED,
            channel=("phone", "walk-in", "visit", "phone")[number % 4],
            ward=("E05000001", "E05000002", "")[number % 3],
            support=("self", "with", "for")[number % 3],
            unmet=number % 2 == 0,
            started_at=begun + timedelta(days=number % 60),
            finished_at=begun + timedelta(days=number % 60, minutes=number % 9 + 1),
        )
        for number in range(90)
    )
    # When somebody opens the page from the foot of another
    visitor = arrive()
    visitor.open("/")
    visitor.page.get_by_role("link", name="How the network is doing").click()
    # Then there are pictures with a name, each with its table
    page = visitor.page
    assert page.get_by_role("img", name="How people got in touch").count() == 1
    assert page.get_by_role("cell", name="hidden").count() > 0
    assert page.get_by_role("row", name="Rang 45").count() == 1
    # And nothing is wrong with the page in any look, and nothing was blocked by the policy
    problems = problems_of(visitor) + visitor.take_complaints()
    assert not problems, "\n".join(problems)


def test_another_period_is_chosen_by_keyboard_and_without_scripts(
    cast: Cast, arrive: Callable[..., Visitor]
) -> None:
    visitor = arrive(scripts=False)
    visitor.open("/figures/")
    choice = visitor.page.get_by_label("Period")
    newest = choice.locator("option").first.inner_text()
    choice.select_option(index=0)
    visitor.page.get_by_role("button", name="Show").press("Enter")
    assert "period=month-" in visitor.page.url
    assert visitor.page.get_by_role("heading", name=newest).count() == 1
    assert not visitor.take_complaints()
