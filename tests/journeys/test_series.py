"""Help of every week is moved to another day, all of it at once; then to one that the volunteer cannot."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.access import posting_desk
from tests.conftest import sign_in
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    help_request,
    in_role,
)
from tests.journeys.visitor import Visitor
from volunteers.actions.shifts import take_shift_place
from volunteers.booking import LONDON
from volunteers.helping.request_links import token_of_request
from volunteers.models import Visit


def enter(visitor: Visitor, user: object) -> Visitor:
    session = sign_in(Client(), user).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


def when(weeks: int, weekday: int, hour: int) -> datetime:
    """That day of the week so many weeks from now, by the clock in London: never today, on no day."""
    today = timezone.localdate()
    day = today + timedelta(weeks=weeks, days=weekday - today.isoweekday())
    return datetime.combine(day, time(hour), LONDON)


def agreed(offer: object) -> list[str]:
    visits = Visit.objects.standing().filter(offer=offer).order_by("starts_at")
    return [f"{one.starts_at.astimezone(LONDON):%Y-%m-%d %H:%M}" for one in visits]


def said(*moments: datetime) -> list[str]:
    return [f"{one:%Y-%m-%d %H:%M}" for one in moments]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_all_visits_to_come_are_moved_at_once(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    # Given help on Tuesdays at ten, to which both have said yes
    place = posting_desk()
    assert place is not None
    role = OpportunityFactory(organisation=place, name=f"Series café {scripts}")
    helper = in_role(role, user=UserFactory())
    row = help_request(
        state="matched", organisation=place, who=helper, repeats="weekly",
        starts_at=when(2, 2, 10),
    )  # fmt: skip
    promise = row.offers.get()
    staff = enter(
        arrive(scripts=scripts, width=320 if not scripts else 1280),
        UserFactory(role="volunteer_coordinator", second_factor=True),
    )
    with staff.step("When three visits are agreed") as page:
        staff.open(reverse("volunteers:help_one", args=[row.pk]))
        page.get_by_label("How many visits?").fill("3")
        page.locator("#id_watchword").fill("Foxglove")
        page.get_by_role("button", name="Agree the visit").click()
        staff.sees("3 visits are agreed")
    assert agreed(promise) == said(when(2, 2, 10), when(3, 2, 10), when(4, 2, 10))
    # When Tuesdays do not suit any more
    with staff.step("And all of them are to be changed") as page:
        page.get_by_role("link", name="Change all visits to come").click()
        staff.sees("3 visits are agreed and move with it, each within its own week")
    staff.expected_statuses.add(409)
    with staff.step("When the time is left out") as page:
        page.get_by_label("On which day of the week?").select_option("Thursday")
        page.get_by_label("From what time?").fill("")
        staff.tab_to("Change them", role="button")
        page.keyboard.press("Enter")
        staff.sees("There is a problem")
        chosen = page.get_by_label("On which day of the week?").locator("option:checked")
        assert chosen.inner_text() == "Thursday"
    with staff.step("Then all three move, each in its own week") as page:
        page.get_by_label("From what time?").fill("2pm")
        staff.tab_to("Change them", role="button")
        page.keyboard.press("Enter")
        staff.sees("3 visits are moved. Print their sheets anew")
    thursdays = when(2, 4, 14), when(3, 4, 14), when(4, 4, 14)
    assert agreed(promise) == said(*thursdays)
    # Then both read the new times, and the sheet for the door says them
    first = Visit.objects.filter(offer=promise).earliest("starts_at")
    pdf = staff.context.request.get(
        f"{staff.address}{reverse('volunteers:visit_sheet', args=[first.pk])}?size=24"
    )
    with pdfplumber.open(io.BytesIO(pdf.body())) as opened:
        sheet = " ".join(" ".join(one.extract_text() for one in opened.pages).split())
    day = f"Thursday {thursdays[0].day} {thursdays[0]:%B}"
    assert day in sheet
    assert "2pm" in sheet
    person = arrive(scripts=scripts, width=320)
    with person.step("Then the person reads it") as page:
        person.open(reverse("volunteers:asked_link", args=[token_of_request(row.pk)]))
        person.sees(day)
        person.sees("Foxglove")
        assert "Tuesday" not in page.inner_text("main")
    own = enter(arrive(scripts=scripts, width=320), helper.person.user)
    with own.step("And the volunteer") as page:
        own.open(reverse("volunteers:my_offer", args=[promise.pk]))
        own.sees(day)
        assert "Tuesday" not in page.inner_text("main")
    # When it is to be a Friday on which the volunteer is somewhere else
    shift = ShiftFactory(opportunity=role, starts_at=when(3, 5, 10))
    take_shift_place(shift=shift, volunteer=helper, by=TESTS)
    with staff.step("When it is to be Friday") as page:
        staff.open(reverse("volunteers:help_series", args=[row.pk]))
        page.get_by_label("On which day of the week?").select_option("Friday")
        page.get_by_label("From what time?").fill("10am")
        page.get_by_role("button", name="Change them").click()
        staff.sees(f"{helper.person.name} cannot do the new time")
        staff.sees("Nothing is changed yet")
    assert agreed(promise) == said(*thursdays)
    with staff.step("Then they are let go") as page:
        page.get_by_label("Let the volunteer go, and look for somebody else").check()
        page.get_by_role("button", name="Change them").click()
        staff.sees("The volunteer is let go, and somebody else is looked for")
    assert agreed(promise) == []
    with person.step("And the person reads that somebody is looked for") as page:
        person.open(reverse("volunteers:asked_link", args=[token_of_request(row.pk)]))
        assert helper.person.family_name not in page.content()
        assert "Foxglove" not in page.content()
    with own.step("And the volunteer that nothing is expected of them") as page:
        own.open(reverse("volunteers:my_offers"))
        assert row.person.family_name not in page.content()
