"""Somebody whom the council found not eligible is not at an end: the access point carries on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Organisation
from members.models import Person
from pathways.models import Pathway
from referrals.models import Enquiry
from tests.conftest import sign_in
from tests.factories.user import UserFactory
from tests.journeys.visitor import Visitor


def lead_of(arrive: Callable[..., Visitor], hub: Organisation, **how: object) -> Visitor:
    visitor = arrive(**how)
    user = UserFactory(role="hub_lead", role__organisation_id=hub.pk, second_factor=True)
    session = sign_in(Client(), user).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_not_eligible_becomes_an_enquiry_of_the_access_point(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    # Given somebody who asks for a coordinator at home, without an account
    family = "Withscripts" if scripts else "Withoutscripts"
    neighbour = arrive(scripts=scripts, width=320)
    with neighbour.step("Given the page to ask on") as page:
        neighbour.open(reverse("pathways:ask"))
    with neighbour.step("When something is missing") as page:
        page.get_by_label("What is difficult at the moment?").fill("Everything at once")
        neighbour.tab_to("Ask for a coordinator", role="button")
        page.keyboard.press("Enter")
        neighbour.sees("Enter your last name")
        typed = page.get_by_label("What is difficult at the moment?").input_value()
        assert typed == "Everything at once"
    with neighbour.step("Then it is sent") as page:
        page.get_by_label("Last name").fill(family)
        page.get_by_label("Phone call", exact=True).check()
        page.get_by_label("Phone number").fill("01632 960 778")
        page.get_by_role("button", name="Ask for a coordinator").click()
        neighbour.sees_heading("We have what you asked")
    person = Person.objects.get(family_name=family)
    asked = Enquiry.objects.get(person=person)
    hub = asked.organisation
    # When the lead of the access point opens the enquiry and begins a pathway
    lead = lead_of(arrive, hub, scripts=scripts, width=1280 if scripts else 320)
    lead.expected_statuses.add(422)
    with lead.step("When the enquiry is opened") as page:
        lead.open(reverse("referrals:enquiry", args=[asked.pk]))
        lead.sees("Everything at once")
    with lead.step("When a pathway is begun") as page:
        page.get_by_role("button", name="Begin a pathway with them").click()
        lead.sees_heading(f"Begin a pathway with {person.name}")
    with lead.step("When what the assessment found is forgotten") as page:
        page.get_by_label("By the council's assessment").check()
        page.get_by_label("General support").check()
        page.get_by_role("button", name="Begin the pathway").click()
        lead.sees("Say what the assessment found")
    # Then "not eligible" makes an enquiry at once
    with lead.step("Then they are not eligible") as page:
        page.get_by_label("Not eligible for the council's support").check()
        for part, value in (("Day", "2"), ("Month", "11"), ("Year", "2026")):
            page.get_by_label(part, exact=True).fill(value)
        page.get_by_role("button", name="Begin the pathway").click()
        lead.sees("has an enquiry from today")
    begun = Pathway.objects.get(person=person)
    found = Enquiry.objects.get(person=person, origin=Enquiry.Origin.ASSESSMENT)
    assert (found.is_open, found.organisation) == (True, hub)
    with lead.step("And it stands on the access point's list of today") as page:
        lead.open(f"{reverse('referrals:hub')}?show=today")
        lead.sees(found.reference)
    # And the pathway goes on: they spoke, it moves, and it stands on the board
    with lead.step("And they speak") as page:
        lead.open(begun.get_absolute_url())
        page.get_by_text("We spoke", exact=True).click()
        page.get_by_label("On the phone").check()
        page.get_by_role("button", name="Write it down").click()
        lead.sees("It is written down that you spoke")
    with lead.step("And it moves on") as page:
        page.get_by_text("Move on to another stage").click()
        page.get_by_label("Making the plan").check()
        page.get_by_role("button", name="They are there now").click()
        lead.sees("Where they are is written down")
    with lead.step("And it stands on the board") as page:
        lead.open(f"{reverse('pathways:caseload')}?q={family}")
        lead.sees(begun.reference)
        # The table scrolls on a small screen; what it is called is not cut off with it.
        caption = page.locator("#caseload-caption").bounding_box()
        assert caption is not None
        assert page.viewport_size is not None
        assert caption["x"] + caption["width"] <= page.viewport_size["width"]
