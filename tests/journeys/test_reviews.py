"""Reviewed at seven weeks: fewer hours are refused until the person has seen why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pathways.actions.reviews import set_next
from pathways.models import Goal, Plan, Review, ReviewState, WellbeingAnswer
from tests.conftest import Cast, sign_in
from tests.factories.pathways import PathwayFactory, PlanFactory
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.journeys.visitor import Visitor

SEVEN_WEEKS = timedelta(weeks=7)


def come_in(visitor: Visitor, user: object) -> Visitor:
    session = sign_in(Client(), user).cookies["session"].value  # type: ignore[arg-type]
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_reviewed_at_seven_weeks_with_fewer_hours(
    arrive: Callable[..., Visitor], cast: Cast, scripts: bool
) -> None:
    # Given a plan that has been in place for seven weeks, with its first review set by itself
    today = timezone.localdate()
    herself = UserFactory()
    person = PersonFactory(user=herself)
    plan: Plan = PlanFactory(
        pathway=PathwayFactory(person=person, coordinator=cast.coordinator),
        state="active", version=1, agreed_version=1, starts_on=today - SEVEN_WEEKS,
    )  # fmt: skip
    Goal.objects.create(plan=plan, words="Walk to the market", life_cycle="active")
    review = set_next(plan=plan, changed_on=today - SEVEN_WEEKS)
    assert review is not None
    assert review.opens_on <= today <= review.closes_on
    staff = come_in(arrive(scripts=scripts, width=320), cast.coordinator)
    with staff.step("Given the page of the pathway"):
        staff.open(plan.pathway.get_absolute_url())
        staff.sees("Reviews")
    # When the review is written up by keyboard, outcomes first
    with staff.step("When the review is opened") as page:
        staff.open(reverse("pathways:review_write", args=[review.id]))
        staff.sees_heading("Write up the review")
    with staff.step("When there are to be fewer hours") as page:
        page.get_by_label("how satisfied are you").select_option("7")
        page.get_by_label("Walk to the market").select_option(label="Getting better")
        page.get_by_label("What got better since the last time?").fill("She walks to the shop.")
        page.get_by_label("Hours of paid support a week until now").fill("14")
        page.get_by_label("Hours of paid support a week from now on").fill("10")
        held = page.get_by_role("group", name="When did you meet?")
        for part, number in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
            held.get_by_label(part, exact=True).fill(str(number))
        staff.tab_to("Record the review", role="button")
        page.keyboard.press("Enter")
        # Then it is refused, and nothing that was typed is lost
        staff.sees("There is a problem")
        staff.sees("Fewer hours cannot be recorded until the person has seen why")
        typed = page.get_by_label("What got better since the last time?").input_value()
        assert typed == "She walks to the shop."
    assert Review.objects.get(pk=review.pk).state == ReviewState.DUE
    with staff.step("When the reason is written down and kept") as page:
        page.get_by_label("If there are fewer hours: why?").fill("She shops by herself now.")
        page.get_by_role("button", name="Keep it and finish later").click()
        staff.sees("the person has not seen why")
    # When she reads the reason on her own page
    she = come_in(arrive(scripts=scripts, width=320), herself)
    with she.step("When she reads why") as page:
        she.open(reverse("pathways:my_reviews"))
        she.sees("She shops by herself now.")
        she.tab_to("I have seen why", role="button")
        page.keyboard.press("Enter")
        she.sees("It is noted that you have seen it")
    with she.step("And she sees how she said she was"):
        she.open(reverse("pathways:my_outcomes"))
        she.sees("Satisfied with life")
    # Then it can be recorded
    with staff.step("Then it is recorded") as page:
        staff.open(reverse("pathways:review_write", args=[review.id]))
        page.get_by_role("button", name="Record the review").click()
        staff.sees("The review is written up")
        staff.sees("signed in on the website")
    review.refresh_from_db()
    assert (review.state, review.minutes_after) == (ReviewState.RECORDED, 600)
    answers = WellbeingAnswer.objects.filter(measuring__review=review)
    assert list(answers.values_list("question", "score")) == [("satisfied", 7)]
    with staff.step("And the next one is set within a year"):
        staff.open(reverse("pathways:reviews", args=[plan.pathway_id]))
        staff.sees("at least every twelve months")
