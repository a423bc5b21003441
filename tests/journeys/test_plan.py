"""A plan made with the person, agreed to, and printed in 24-point: by keyboard, scripts on and off."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from pathways.models import Plan
from tests.conftest import sign_in
from tests.factories.pathways import PathwayFactory
from tests.factories.user import UserFactory
from tests.journeys.visitor import Visitor


def _signed_in(visitor: Visitor, user: object) -> Visitor:
    session = sign_in(Client(), user).cookies["session"].value  # type: ignore[arg-type]
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_plan_is_made_with_the_person_and_printed_in_24_point(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    # Given a coordinator with a person on a pathway
    user = UserFactory(role="coordinator", second_factor=True)
    pathway = PathwayFactory(coordinator=user)
    staff = _signed_in(arrive(scripts=scripts, width=1280 if scripts else 320), user)
    with staff.step("Given the pathway's page") as page:
        staff.open(reverse("pathways:pathway", args=[pathway.pk]))
    with staff.step("When a plan is begun by keyboard") as page:
        staff.tab_to("Begin a plan")
        page.keyboard.press("Enter")
        staff.sees_heading("Plan of")
    plan = Plan.objects.get(pathway=pathway)
    with staff.step("When what matters is written") as page:
        page.locator("#matters").get_by_role("link", name="Write").press("Enter")
        staff.sees_heading("What matters to me")
        page.get_by_label("In your own words").fill("My roses.\nSomebody to laugh with.")
        staff.tab_to("Save")
        page.keyboard.press("Enter")
        staff.sees("Somebody to laugh with.")
    with staff.step("When a goal is left without words, it is said") as page:
        page.get_by_role("link", name="Add a goal").click()
        page.get_by_role("button", name="Save").click()
        staff.sees("Write what you want")
    with staff.step("And then it is written") as page:
        page.get_by_label("What do you want?").fill("To walk to the café again")
        page.get_by_label("How will you know?").fill("There and back on my own")
        page.get_by_role("button", name="Save").click()
        staff.sees("To walk to the café again")
    with staff.step("When somebody does something for it") as page:
        page.get_by_role("link", name="Add who does what for it").click()
        page.get_by_label("What is done?").fill("Walks with me to the post box")
        page.get_by_label("a volunteer").check()
        page.get_by_role("button", name="Save").click()
        staff.sees("1 of 1 thing is done by the person")
    with staff.step("When a neighbour comes into the circle") as page:
        page.get_by_role("link", name="Add somebody", exact=True).click()
        page.get_by_label("Name").fill("June")
        page.get_by_label("friends and family").check()
        page.get_by_role("button", name="Save").click()
        staff.sees("June")
    with staff.step("Then the history says what was added") as page:
        page.get_by_role("link", name="What was changed, and when").click()
        page.get_by_role("link", name="Version 1").click()
        staff.sees("Somebody to laugh with.")
    # When the person reads it at home and agrees
    person = pathway.person
    person.user = UserFactory()
    person.save()
    own = _signed_in(arrive(scripts=scripts, width=320), person.user)
    with own.step("When the person opens their plan") as page:
        own.open(reverse("pathways:my_plans"))
        own.sees_heading("My plan")
    with own.step("And agrees") as page:
        page.get_by_role("link", name="Agree to the plan").click()
        page.get_by_role("button", name="I agree to my plan").click()
        own.sees("on the website")
    with own.step("When they ask for it on paper") as page:
        own.open(reverse("pathways:my_plan_print", args=[plan.pk]))
        page.get_by_label("Giant print (24 point)").check()
    # Then it comes in 24-point, and who has it is noted
    token = page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()
    pdf = own.context.request.post(
        own.address + reverse("pathways:my_plan_print", args=[plan.pk]),
        form={
            "csrfmiddlewaretoken": token,
            "holder": "Me",
            "layout": "24",
            "parts": "goals",
        },
        headers={"Referer": own.address},
    )
    assert pdf.ok
    with pikepdf.open(BytesIO(pdf.body())) as sheet:
        assert len(sheet.pages) >= 1
    with own.step("And the plan says who has a copy") as page:
        own.open(reverse("pathways:my_plan", args=[plan.pk]))
        own.sees("Copies on paper")
