"""After the match: the desk hears the person's yes, the visit is moved, its word is read, and did it help?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.access import posting_desk
from tests.conftest import sign_in
from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, help_request, offer, volunteer
from tests.journeys.visitor import Visitor
from volunteers.actions.offers import accept
from volunteers.helping.request_links import token_of_request
from volunteers.models import Thanks, Visit
from volunteers.states import HelpState, Party


def signed_in(visitor: Visitor, role: str, organisation: object = None) -> None:
    at = {"role__organisation_id": organisation} if organisation else {}
    user = UserFactory(role=role, second_factor=True, **at)
    session = sign_in(Client(), user).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])


def its_time_has_come(visit: Visit) -> None:
    """Nobody can say that it is done before."""
    begins = timezone.now() - timedelta(hours=2)
    Visit.objects.filter(pk=visit.pk).update(
        starts_at=begins, ends_at=begins + timedelta(minutes=60)
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_yes_to_did_it_help(arrive: Callable[..., Visitor], scripts: bool) -> None:
    # Given a request that a desk wrote down, and a volunteer who said yes
    place = posting_desk()
    assert place is not None
    asked = help_request(organisation=place, taken_at=place)
    helper = volunteer(organisation=place)
    accepted = accept(offer=offer(asked, helper), by=TESTS, side=Party.VOLUNTEER)
    # When the desk looks what became of it, on a narrow screen
    desk = arrive(scripts=scripts, width=320)
    signed_in(desk, "access_point_staff", place.pk)
    with desk.step("Given the list of what the desk wrote down") as page:
        desk.open(reverse("volunteers:help_taken"))
        page.get_by_role("link", name=asked.reference).click()
        desk.sees("A volunteer said yes")
        assert helper.person.family_name not in page.content()
    with desk.step("Then the person's yes is written down, by keyboard") as page:
        desk.tab_to("The person says yes")
        page.keyboard.press("Enter")
        desk.sees("Both have said yes")
        desk.sees(helper.person.name)
    # When the coordinator agrees a visit and moves it
    staff = arrive(scripts=scripts)
    signed_in(staff, "volunteer_coordinator")
    day = timezone.localdate() + timedelta(days=3)
    with staff.step("When a visit is agreed without a word") as page:
        staff.open(reverse("volunteers:help_one", args=[asked.pk]))
        staff.expected_statuses.add(422)
        page.get_by_label("Day").first.fill(str(day.day))
        page.get_by_label("Month").first.fill(str(day.month))
        page.get_by_label("Year").first.fill(str(day.year))
        page.get_by_label("From what time?").fill("10am")
        page.get_by_role("button", name="Agree the visit").click()
        staff.sees("There is a problem")
    staff.take_complaints()
    with staff.step("Then with one") as page:
        page.locator("#id_watchword").fill("Buttercup")
        page.get_by_role("button", name="Agree the visit").click()
        staff.sees("The visit is agreed")
    visit = Visit.objects.get(offer=accepted)
    with staff.step("When it is moved") as page:
        page.get_by_role("link", name="Move or cancel").click()
        page.get_by_label("From what time?").fill("2pm")
        page.get_by_role("button", name="Move the visit").click()
        staff.sees("The visit is moved")
    pdf = staff.context.request.get(
        f"{staff.address}{reverse('volunteers:visit_sheet', args=[visit.pk])}?size=24"
    )
    assert pdf.body().startswith(b"%PDF")
    # Then the person reads by their link who comes, when, and the word
    person = arrive(scripts=scripts, width=320)
    with person.step("Then the person reads the word") as page:
        person.open(reverse("volunteers:asked_link", args=[token_of_request(asked.pk)]))
        person.sees("Buttercup")
        person.sees("2pm")
        person.sees(helper.person.name)
    # And when it is done, whether it helped
    its_time_has_come(visit)
    with staff.step("And it is done") as page:
        staff.open(reverse("volunteers:help_one", args=[asked.pk]))
        page.get_by_role("button", name="It is done").click()
        staff.sees("Thank the volunteer")
    with person.step("And the person says that it helped") as page:
        person.open(reverse("volunteers:asked_link", args=[token_of_request(asked.pk)]))
        page.get_by_label("Yes, I got the help").check()
        page.get_by_role("button", name="Send", exact=True).click()
        person.sees("Thank you for telling us")
    person.expected_statuses.add(422)
    with person.step("And wants to thank the volunteer") as page:
        page.get_by_role("button", name="Send the thanks").click()
        person.sees("Write a word of thanks")
    with person.step("Then the words are on their way") as page:
        page.get_by_label("Your words").fill("The bulb shines.")
        page.get_by_role("button", name="Send the thanks").click()
        person.sees("We send your words to the volunteer")
    assert Thanks.objects.get(offer__help_request=asked).volunteer == helper
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (HelpState.DONE, "yes")
