"""Hours are written down, confirmed by the other side, and thanks arrive; a claim is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.access import posting_desk
from tests.conftest import sign_in
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.factories.volunteering import claim, given_hours, volunteer
from tests.journeys.visitor import Visitor
from volunteers.giving.links import token_of
from volunteers.models import Hours, Thanks


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_hours_to_the_thanks(arrive: Callable[..., Visitor], scripts: bool) -> None:
    # Given a volunteer without an account, whose link came by e-mail
    place = posting_desk()
    assert place is not None
    person = PersonFactory(
        organisation=place,
        given_name="Robin",
        family_name=f"Hourly{'' if scripts else 'son'}",
        email="robin@example.org",
        contact_by="email",
    )
    who = volunteer(organisation=place, person=person)
    theirs = given_hours(who, side="organisation", minutes=50)
    helper = arrive(scripts=scripts, width=320)
    with helper.step("Given the page of their hours") as page:
        helper.open(reverse("volunteers:link_hours", args=[token_of(who.pk)]))
        helper.sees("Is this right?")
    with helper.step("When what the organisation wrote is right") as page:
        page.get_by_role("link", name="50 minutes").click()
        page.get_by_role("button", name="Yes, it is right").click()
        helper.sees("You said that it is right")
    with helper.step("When hours are written down without the day") as page:
        page.get_by_role("button", name="Write hours down").click()
        page.get_by_label(f"Something else for {place.name}").check()
        page.get_by_label("Hours").fill("2")
        helper.tab_to("Write it down", role="button")
        page.keyboard.press("Enter")
        helper.sees("Enter the day on which it was")
        assert page.get_by_label("Hours").input_value() == "2"
    today = timezone.localdate()
    with helper.step("Then they are written down") as page:
        page.get_by_label("Day").fill(str(today.day))
        page.get_by_label("Month").fill(str(today.month))
        page.get_by_label("Year").fill(str(today.year))
        page.get_by_role("button", name="Write it down").click()
        helper.sees("The organisation confirms it")
    # When they ask for what it cost
    with helper.step("When expenses are asked for") as page:
        page.get_by_role("button", name="Your expenses").click()
        page.get_by_role("button", name="Ask for expenses").click()
        page.get_by_label("Day").fill(str(today.day))
        page.get_by_label("Month").fill(str(today.month))
        page.get_by_label("Year").fill(str(today.year))
        page.get_by_label("What was it for?").fill("Shopping")
        page.get_by_label("How many miles").fill("10")
        page.get_by_role("button", name="Ask for it").click()
        helper.sees("£4.50")
    sheet = page.get_by_role("link", name="24 point").get_attribute("href")
    pdf = helper.context.request.get(f"{helper.address}{sheet}")
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF")
    # When the desk confirms them and says thank you
    staff = arrive(scripts=scripts)
    user = UserFactory(role="volunteer_coordinator", second_factor=True)
    session = sign_in(Client(), user).cookies["session"].value
    staff.context.add_cookies([{"name": "session", "value": session, "url": staff.address}])
    with staff.step("When the hours to confirm are opened") as page:
        staff.open(reverse("volunteers:hours_desk"))
        page.get_by_label(f"Confirm 2 hours of {person.name}").check()
    with staff.step("Then they are confirmed") as page:
        page.get_by_role("button", name="Confirm those that are ticked").click()
        staff.sees("1 entry is confirmed")
    with staff.step("When they are thanked") as page:
        staff.open(reverse("volunteers:given", args=[who.pk]))
        staff.sees("2 hours 50 minutes, confirmed")
        page.get_by_role("button", name="Thank them").click()
        page.get_by_label("Your words").fill("You made the garden a joy.")
        page.get_by_role("button", name="Send the thanks").click()
        staff.sees("Your thanks are on their way")
    written = claim(who, by=user)
    staff.expected_statuses.add(422)
    with staff.step("And of a claim that they wrote down somebody else decides") as page:
        staff.open(reverse("volunteers:claim_one", args=[written.pk]))
        staff.sees("You wrote this claim down")
        page.get_by_role("button", name="Take the claim back").click()
        staff.sees("There is a problem")
    with staff.step("But a slip is taken back") as page:
        page.get_by_label("Why do you take it back?").fill("Typed twice")
        page.get_by_role("button", name="Take the claim back").click()
        staff.sees("The claim is taken back")
    for name in ("thanks_desk", "claims_desk", "hours_value", "rates"):
        with staff.step(f"And the page of {name}"):
            staff.open(reverse(f"volunteers:{name}"))
    theirs.refresh_from_db()
    assert theirs.state == "confirmed"
    assert Hours.objects.get(volunteer=who, minutes=120).confirmed_by == user
    assert Thanks.objects.get(volunteer=who).way == "email"
    # Then the volunteer reads the thanks
    with helper.step("Then the thanks are read"):
        helper.open(reverse("volunteers:link_hours", args=[token_of(who.pk)]))
        helper.sees("You made the garden a joy.")
        helper.sees("You have given 2 hours 50 minutes")
