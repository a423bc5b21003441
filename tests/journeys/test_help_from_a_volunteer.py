"""A neighbour asks on the website; triage, match, two yeses, and the sheet for the door is printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from members.access import posting_desk
from tests.conftest import sign_in
from tests.factories.user import UserFactory
from tests.factories.volunteering import volunteer
from tests.journeys.test_helping import its_time_has_come
from tests.journeys.visitor import Visitor
from volunteers.actions.suggesting import look_for_volunteers
from volunteers.helping.links import token_of
from volunteers.models import HelpRequest, Visit
from volunteers.states import HelpState, OfferState, Party


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_asking_to_the_sheet_for_the_door(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    from django.test import Client

    # Given a volunteer who is free, and somebody who needs a light bulb changed
    place = posting_desk()
    assert place is not None
    volunteer(organisation=place)
    neighbour = arrive(scripts=scripts, width=1280 if scripts else 320)
    with neighbour.step("Given the page to ask on") as page:
        neighbour.open(reverse("volunteers:ask_help"))
    with neighbour.step("When something is missing") as page:
        page.get_by_label("A small job").check()
        page.get_by_label("What is to be done?").fill("The light bulb in the hall")
        neighbour.tab_to("Ask for help", role="button")
        page.keyboard.press("Enter")
        neighbour.sees("Enter your last name")
        assert (
            page.get_by_label("What is to be done?").input_value() == "The light bulb in the hall"
        )
    with neighbour.step("Then it is sent") as page:
        page.get_by_label("Last name").fill("Journey")
        page.get_by_label("Phone call", exact=True).check()
        page.get_by_label("Phone number").fill("01632 960 777")
        page.get_by_label("House number and street").fill("3 Example Terrace")
        page.get_by_label("Postcode").fill("DL1 5RA")
        page.get_by_role("button", name="Ask for help").click()
        neighbour.sees_heading("We have what you asked")
    asked = HelpRequest.objects.filter(person__family_name="Journey").latest("asked_at")
    # When a coordinator triages it
    staff = arrive(scripts=scripts)
    user = UserFactory(role="volunteer_coordinator", second_factor=True)
    session = sign_in(Client(), user).cookies["session"].value
    staff.context.add_cookies([{"name": "session", "value": session, "url": staff.address}])
    with staff.step("When the board is opened") as page:
        staff.open(reverse("volunteers:help_board"))
        page.get_by_role("link", name=asked.reference).click()
        staff.sees("The light bulb in the hall")
    with staff.step("When it is a volunteer's task") as page:
        page.get_by_role("button", name="It is a volunteer's task").click()
        staff.sees_heading("What does it take?")
    with staff.step("Then somebody is looked for") as page:
        page.get_by_role("button", name="Look for somebody").click()
        staff.sees("Nobody is suggested yet")
    look_for_volunteers(organisation=place, by=user)
    with staff.step("And somebody is asked") as page:
        staff.open(reverse("volunteers:help_one", args=[asked.pk]))
        page.get_by_role("button", name="Ask them").click()
        staff.sees("They are asked, and have until")
    offer = asked.offers.get(state=OfferState.OFFERED)
    # When the volunteer says yes by their link
    helper = arrive(scripts=scripts, width=320)
    with helper.step("When the volunteer opens the link") as page:
        helper.open(reverse("volunteers:offer_link", args=[token_of(offer.pk, Party.VOLUNTEER)]))
        assert "Journey" not in page.content()
    with helper.step("Then they say yes") as page:
        page.get_by_role("button", name="Yes", exact=True).click()
        helper.sees("The person is asked too")
    # And the person on the phone
    with staff.step("When the person says yes on the phone") as page:
        staff.open(reverse("volunteers:help_one", args=[asked.pk]))
        page.get_by_role("button", name="The person says yes").click()
        staff.sees("Both have said yes")
    with staff.step("Then the visit is agreed") as page:
        page.get_by_label("Day").fill("1")
        page.get_by_label("Month").fill("12")
        page.get_by_label("Year").fill("2099")
        page.get_by_label("From what time?").fill("10am")
        page.locator("#id_watchword").fill("Buttercup")
        page.get_by_role("button", name="Agree the visit").click()
        staff.sees("The visit is agreed")
    visit = Visit.objects.get(offer=offer)
    pdf = staff.context.request.get(
        f"{staff.address}{reverse('volunteers:visit_sheet', args=[visit.pk])}?size=24"
    )
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF")
    assert page.get_by_role("button", name="It is done").count() == 0
    its_time_has_come(visit)
    with staff.step("And in the end it is done") as page:
        staff.open(reverse("volunteers:help_one", args=[asked.pk]))
        page.get_by_role("button", name="It is done").click()
        staff.sees("Thank the volunteer")
    asked.refresh_from_db()
    assert asked.state == HelpState.DONE
