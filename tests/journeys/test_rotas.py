"""A rota is made; a volunteer takes a shift and gives it back; who waits moves up; somebody steps in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.access import posting_desk
from tests.conftest import sign_in
from tests.factories.user import UserFactory
from tests.factories.volunteering import OpportunityFactory, in_role
from tests.journeys.visitor import Visitor
from volunteers.models import CalendarFeed, Shift, ShiftPlace


def enter(visitor: Visitor, user: Any) -> Visitor:
    session = sign_in(Client(), user).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_an_empty_rota_to_somebody_who_moves_up(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    # Given a role with two volunteers
    place = posting_desk()
    assert place is not None
    role = OpportunityFactory(organisation=place, name=f"Journey café {scripts}")
    first, second = (in_role(role, user=UserFactory()) for _number in range(2))
    staff = enter(
        arrive(scripts=scripts, width=1280 if scripts else 320),
        UserFactory(role="volunteer_coordinator", second_factor=True),
    )
    day = timezone.localdate() + timedelta(days=9)
    # When the coordinator makes shifts
    with staff.step("Given a role without shifts") as page:
        staff.open(reverse("volunteers:rota", args=[role.pk]))
        staff.sees("There is no shift in this week")
    staff.expected_statuses.add(422)
    with staff.step("When the form is half filled in") as page:
        page.get_by_role("button", name="Make shifts").click()
        page.get_by_label("From what time?").fill("10am")
        staff.tab_to("Make them", role="button")
        page.keyboard.press("Enter")
        staff.sees("There is a problem")
        assert page.get_by_label("From what time?").input_value() == "10am"
    with staff.step("Then two weeks are made") as page:
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            page.get_by_label(part, exact=True).first.fill(str(value))
        page.get_by_label("Until what time?").fill("noon")
        page.get_by_label("Every week", exact=True).check()
        last = day + timedelta(days=7)
        for part, value in (("Day", last.day), ("Month", last.month), ("Year", last.year)):
            page.get_by_label(part, exact=True).last.fill(str(value))
        page.get_by_role("button", name="Make them").click()
        staff.sees("2 shifts are made")
    shift = Shift.objects.filter(opportunity=role).earliest("starts_at")
    # And a volunteer takes the first, the other waits
    helper = enter(arrive(scripts=scripts, width=320), first.person.user)
    with helper.step("When a volunteer takes a shift") as page:
        helper.open(reverse("volunteers:my_shifts"))
        page.get_by_role("button", name="Take it").first.click()
        helper.sees("The place is yours")
    with helper.step("And wants it in their calendar") as page:
        page.get_by_role("button", name="Make an address").click()
        helper.sees("Give this address to the calendar")
    feed = CalendarFeed.objects.get(volunteer=first)
    address = page.locator(".rota__address a").get_attribute("href")
    assert address is not None
    file = helper.context.request.get(helper.address + "/" + address.split("/", 3)[3])
    assert file.ok
    assert f"UID:shift-{shift.pk}@" in file.text().replace("\r\n ", "")
    assert feed.volunteer == first
    other = enter(arrive(scripts=scripts, width=320), second.person.user)
    with other.step("When another one would like the same") as page:
        other.open(reverse("volunteers:my_shifts"))
        page.get_by_role("button", name="Join the waiting list").first.click()
        other.sees("You are on the waiting list")
    # When the first gives it back
    with helper.step("Then it is given back, and nobody asks why") as page:
        helper.open(reverse("volunteers:my_shifts"))
        page.get_by_role("button", name="Give it back").click()
        helper.sees("Thank you for telling us")
    assert ShiftPlace.objects.get(volunteer=second, shift=shift).state == "confirmed"
    # And the second offers it to the others
    with other.step("When the second offers it to the others") as page:
        other.open(reverse("volunteers:my_shifts"))
        page.get_by_role("button", name="Offer it to the others").click()
        other.sees("Until one takes it over, it stays yours")
    with helper.step("Then the first steps in after all") as page:
        helper.open(reverse("volunteers:my_shifts"))
        helper.sees("Could you step in?")
        page.get_by_role("button", name="Take it over").click()
        helper.sees("Thank you for stepping in")
    # And they exchange it for another
    with other.step("When the second takes the other shift") as page:
        other.open(reverse("volunteers:my_shifts"))
        page.get_by_role("button", name="Take it").first.click()
        other.sees("The place is yours")
    helper.expected_statuses.add(422)
    with helper.step("And the first would rather have that one") as page:
        helper.open(reverse("volunteers:my_shifts"))
        page.get_by_role("link", name="Exchange it for another").click()
        page.get_by_role("button", name="Ask them").click()
        helper.sees("Choose a shift")
    with helper.step("Then whoever is on it is asked") as page:
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Ask them").click()
        helper.sees("Until one says yes, your shift stays yours")
    with other.step("And says yes") as page:
        other.open(reverse("volunteers:my_shifts"))
        other.sees("Would you exchange a shift?")
        assert first.person.name not in page.content()
        page.get_by_role("button", name="Yes, exchange").click()
        other.sees("The shifts are exchanged")
    # And the desk sees it, prints it, and calls it off
    with staff.step("Then the desk sees who comes") as page:
        staff.open(reverse("volunteers:shift", args=[shift.pk]))
        staff.sees(first.person.name)
    pdf = staff.context.request.get(
        f"{staff.address}{reverse('volunteers:rota_sheet', args=[role.pk])}"
        f"?week={day.isoformat()}&size=24"
    )
    assert pdf.body().startswith(b"%PDF")
    with staff.step("When it is called off") as page:
        page.get_by_role("link", name="Call it off").click()
        page.get_by_role("button", name="Call it off and tell them").click()
        staff.sees("It is called off")
    with other.step("Then the volunteer sees it") as page:
        other.open(reverse("volunteers:my_shifts"))
        other.sees("Called off: you need not come")
    # And the first has had enough of it, after a finger that slipped
    with helper.step("When the first touches the button by mistake") as page:
        helper.open(reverse("volunteers:my_volunteering"))
        page.get_by_role("button", name="Give it up").click()
        helper.sees(f"Give up “{role.name}”?")
    with helper.step("Then nothing has happened") as page:
        page.get_by_role("link", name="No, I keep it").click()
        helper.sees(role.name)
    with helper.step("And the second time it is meant") as page:
        page.get_by_role("button", name="Give it up").click()
        page.get_by_role("button", name="Yes, give it up").click()
        helper.sees("Thank you for all that you gave")
