"""From a resident without scripts to an envelope that is ticked off: "Post it to me" from end to end."""

from __future__ import annotations

import io
from collections.abc import Callable

import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from directory.models import Organisation, Service
from members.models import PaperRequest, Person
from tests.conftest import Cast, sign_in
from tests.factories.user import UserFactory
from tests.journeys.visitor import Visitor


def the_posting_desk() -> Organisation:
    """Residents' requests go to the first access point in the list."""
    found = Organisation.objects.filter(is_access_point=True).order_by("sort_key", "id").first()
    assert found is not None
    return found


def staff_of(desk: Organisation, arrive: Callable[..., Visitor], email: str) -> Visitor:
    """Somebody who works there, signed in with their second factor."""
    user = UserFactory(
        email=email,
        name="Desk Example",
        role="access_point_staff",
        role__organisation_id=desk.id,
        second_factor=True,
    )
    session = sign_in(Client(), user).cookies["session"].value
    visitor = arrive()
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


@pytest.mark.parametrize(("width", "scripts"), [(320, False), (1280, True)])
def test_from_a_services_page_to_the_postbox(
    arrive: Callable[..., Visitor], width: int, scripts: bool
) -> None:
    # Given a resident on the page of a service
    service = Service.objects.publishable().order_by("sort_key").first()
    assert service is not None
    resident = arrive(width=width, scripts=scripts)
    name = f"Winifred Example of {width}"
    with resident.step("Given the page of a service") as page:
        resident.open(service.get_absolute_url())
    # When she asks to have it posted and forgets her address
    with resident.step("When she chooses to have it posted") as page:
        page.get_by_role("link", name="Post it to me").first.click()
        resident.sees_heading("Have it posted to you")
        resident.sees(service.name)
    with resident.step("And forgets her address") as page:
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("24 point: giant print").check()
        page.get_by_role("button", name="Post it to me").click()
        resident.sees("There is a problem")
    # Then the page says so, leads her there, and has kept what she typed
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    expect(page.get_by_label("24 point: giant print")).to_be_checked()
    with resident.step("Then the summary leads her to the place") as page:
        page.get_by_role("link", name="Enter the house number and street").click()
        expect(page.get_by_label("House number and street")).to_be_focused()
    # When she fills it in
    with resident.step("When she fills it in") as page:
        page.get_by_label("House number and street").fill("1 Example Terrace")
        page.get_by_label("Postcode").fill("dl3 7xx")
        page.get_by_label("You may keep my name and address").check()
        page.get_by_role("button", name="Post it to me").click()
        resident.sees_heading("We will post it to you")
    # Then she holds a reference, and the page tells the next reader no name
    request = PaperRequest.objects.get(name=name)
    resident.sees(request.reference)
    assert "Winifred" not in page.content()

    # When the access point opens its post
    staff = staff_of(the_posting_desk(), arrive, f"desk{width}@example.org")
    with staff.step("When somebody at the desk opens the post") as page:
        staff.open(reverse("accounts:home"))
        page.get_by_role("link", name="To be posted").click()
        staff.sees(name)
    with staff.step("And looks at hers") as page:
        page.get_by_role("link", name=name).click()
        staff.sees("1 Example Terrace")
    cover = staff.context.request.get(
        staff.address + reverse("members:paper_cover", args=[request.id])
    )
    with pdfplumber.open(io.BytesIO(cover.body())) as document:
        assert name in document.pages[0].extract_text().replace("\xa0", " ")
    # Then it is ticked off, and is off the list
    with staff.step("Then it is ticked off") as page:
        page.get_by_role("button", name="It is posted").click()
        staff.sees(f"{request.reference} is posted.")
    expect(page.get_by_role("link", name=name)).to_have_count(0)
    request.refresh_from_db()
    assert request.state == "posted"


def test_somebody_on_the_phone_by_keyboard(arrive: Callable[..., Visitor]) -> None:
    # Given somebody on the phone who wants to know about their toenails
    staff = staff_of(the_posting_desk(), arrive, "phone@example.org")
    with staff.step("Given the form for somebody on the phone") as page:
        staff.open(reverse("members:paper_new"))
    with staff.step("When their own words are looked for") as page:
        page.get_by_label("Find a service, in their own words").fill("toenails")
        page.keyboard.press("Enter")
        staff.sees("Nail cutting")
    with staff.step("And the first is chosen") as page:
        page.get_by_role("link", name="Post this").first.press("Enter")
        staff.sees_heading("Read out to them, and ask")
    with staff.step("And their address is taken down, with both agreements") as page:
        page.get_by_label("Name", exact=True).fill("Telephone Example")
        page.get_by_label("House number and street").fill("2 Example Terrace")
        page.get_by_label("Postcode").fill("DL3 7XX")
        page.get_by_label("They agreed to this").press("Space")
        page.get_by_label("They also agreed to this").press("Space")
        page.get_by_role("button", name="Put it on the list").press("Enter")
        staff.sees("It is on the list.")
    # Then it is on the list, and they are remembered
    person = Person.objects.get(family_name="Example", given_name="Telephone")
    with staff.step("Then their record says what they agreed to") as page:
        staff.open(person.get_absolute_url())
        staff.sees("Keep their details for the next time")
    with staff.step("And that they no longer agree, when they say so") as page:
        page.get_by_role("button", name="Keep their details").click()
        staff.sees("It is noted that they no longer agree.")


def test_forgetting_somebody(arrive: Callable[..., Visitor], cast: Cast) -> None:
    # Given a record, and a coordinator
    from tests.factories.person import PersonFactory

    person = PersonFactory(
        organisation=the_posting_desk(), family_name="Leaving", coordinator=cast.coordinator
    )
    session = sign_in(Client(), cast.coordinator).cookies["session"].value
    visitor = arrive()
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    with visitor.step("Given the record") as page:
        visitor.open(person.get_absolute_url())
    with visitor.step("When they want to be forgotten") as page:
        page.get_by_role("link", name="They want to be forgotten").click()
        visitor.sees("What stays, and why")
    with visitor.step("And the box is not ticked") as page:
        page.get_by_label("They asked for it").check()
        page.get_by_role("button", name="Forget them").click()
        visitor.sees("There is a problem")
    with visitor.step("And then is") as page:
        page.get_by_label("I have made sure").check()
        page.get_by_role("button", name="Forget them").click()
        visitor.sees_heading("They are forgotten")
    # Then nobody opens the record any more
    visitor.open(reverse("members:person", args=[person.id]), status=404)
    visitor.take_complaints()
