"""A carer's first stage gives the card and the emergency plan at once; duty staff open it in two clicks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from members.access import access_points
from members.models import Card
from pathways.models import CarerAssessment, EmergencyPlan
from tests.factories.user import UserFactory, code_now
from tests.journeys.looking import focus_problems, target_problems, text_spacing_problems
from tests.journeys.test_paper import sign_in_by_hand
from tests.journeys.test_search_to_print import fetched, pages_of
from tests.journeys.visitor import Visitor


@pytest.mark.parametrize(("width", "scripts"), [(320, False), (1280, True)])
def test_card_and_plan_at_once(
    portal: str, arrive: Callable[..., Visitor], width: int, scripts: bool
) -> None:
    carer = arrive(width=width, scripts=scripts)
    carer.expected_statuses.add(422)
    family = "Quiet" if scripts else "Still"
    with carer.step("Given a carer who finds the page at the foot of any other") as page:
        carer.open("/")
        page.get_by_role("link", name="Do you look after somebody?").click()
        carer.sees_heading("Do you look after somebody?")
    with carer.step("When they start, by keyboard"):
        carer.tab_to("Start")
        carer.page.keyboard.press("Enter")
        carer.sees_heading("Tell us about your caring")
    with carer.step("And forget how they are to be reached") as page:
        page.get_by_label("First name").fill("Journey")
        page.get_by_label("Last name").fill(family)
        page.get_by_label("What does caring do to your life?").fill("I never sleep through")
        page.get_by_role("button", name="Send, and get my card").click()
        carer.sees("There is a problem")
        expect(page.get_by_label("What does caring do")).to_have_value("I never sleep through")
    with carer.step("And say it, with whom to ring") as page:
        page.get_by_label("Phone number").fill("01632 960 751")
        page.get_by_label("Phone call").check()
        page.get_by_label("My own health suffers").check()
        page.get_by_label("Whom shall we ring first?").fill("Ann Neighbour, 01632 960 752")
        page.get_by_label("What must somebody know").fill("Tablets at eight")
        page.locator("input[name=organisation]").first.check()
        page.get_by_role("button", name="Send, and get my card").click()
        carer.sees_heading("Your card and your emergency plan")
    # Then all of it is theirs at once
    made = CarerAssessment.objects.get(carer__family_name=family)
    plan = EmergencyPlan.objects.get(carer=made.carer)
    assert Card.objects.get(person=made.carer).state == Card.State.REQUESTED
    assert made.trigger == "health"
    with carer.step("Then the number stands there, and no name") as page:
        carer.sees(plan.reference)
        expect(page.get_by_text(family)).to_have_count(0)
    wallet = carer.page.get_by_role("link", name="The small card").get_attribute("href")
    large = carer.page.get_by_role("link", name="24 point").get_attribute("href")
    assert wallet
    assert large
    assert plan.reference in pages_of(fetched(carer, wallet))[0]
    assert "Tablets" in " ".join(pages_of(fetched(carer, large)))
    with carer.step("And the computer forgets them") as page:
        page.get_by_role("button", name="I have finished").click()
        carer.open(reverse("pathways:carer_granted"))
        carer.sees_heading("Do you look after somebody?")

    # When the carer is taken ill, somebody reads the number out to the desk
    desk = access_points().first()
    assert desk is not None
    duty = UserFactory(
        email=f"duty.{family.lower()}@example.org",
        role="hub_lead",
        role__organisation_id=desk.id,
        second_factor=True,
    )
    staff = arrive(scripts=scripts)
    with staff.step("Given somebody on duty"):
        sign_in_by_hand(staff, duty.email, lambda: code_now(duty))
        staff.open(reverse("pathways:emergency"))
    with staff.step("When they find the plan by the number") as page:
        page.get_by_label("Number on the card").fill(plan.reference.lower())
        page.keyboard.press("Enter")
        staff.sees(f"Journey {family}")
        expect(page.get_by_text("Tablets at eight")).to_have_count(0)
    with staff.step("And open it with the second press") as page:
        page.get_by_role("button", name="Open the plan").click()
        staff.sees("Tablets at eight")
        staff.sees("Ann Neighbour")


def test_the_pages_of_carers_and_budgets_can_be_used_by_keyboard_and_with_wide_spacing(
    portal: str, arrive: Callable[..., Visitor]
) -> None:
    resident = arrive(width=320)
    found = {}
    for name in ("carers", "carer_start", "estimate", "estimate_how", "my_budget"):
        with resident.step(f"When they open {name}") as page:
            resident.open(reverse(f"pathways:{name}"))
            found[name] = [
                *focus_problems(page),
                *target_problems(page),
                *text_spacing_problems(page),
            ]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    with resident.step("And what support might cost is reckoned line by line") as page:
        resident.open(reverse("pathways:estimate"))
        for group in page.locator("fieldset").all():
            group.get_by_role("radio").last.check()
        page.get_by_role("button", name="Reckon it").click()
        resident.sees("It has no legal force")
        resident.sees("£80.664294")
