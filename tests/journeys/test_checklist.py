"""A First Contact checklist from the person's page to the sent referrals, and a concern on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dcsn.accounts.models import User
from directory.models import Organisation, Service
from members.models import Consent, Person, SharingAgreement
from referrals.models import Checklist, Concern, Referral
from referrals.states import State
from tests.conftest import sign_in
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.person import PersonFactory
from tests.journeys.visitor import Visitor

YES = ("Have you fallen", "all the money you are due", "more company")


def staff_of_the_demonstration(email: str) -> tuple[User, str]:
    """A member of staff and the key of a session in which they are signed in."""
    user = User.objects.get(email=email)
    return user, sign_in(Client(), user).cookies["session"].value


def somebody_at_the_desk_of(user: User) -> Person:
    desk = user.role_assignments.current().get().organisation_id
    return PersonFactory(organisation=Organisation.objects.get(pk=desk), postcode="DL1 5RA")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_visit_becomes_referrals_with_one_consent(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    # Given a paper checklist that a fire officer has handed in, and the person's record
    visitor = arrive(scripts=scripts, width=1280 if scripts else 320)
    user, session = staff_of_the_demonstration("desk@dad.example")
    person = somebody_at_the_desk_of(user)
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    with visitor.step("Given the person's page") as page:
        visitor.open(person.get_absolute_url())
    with visitor.step("When the checklist is opened") as page:
        page.get_by_role("button", name="First Contact checklist").click()
        visitor.sees_heading("First Contact checklist")
    # When it is sent without the organisation, that is said, and nothing is lost
    with visitor.step("When something is missing") as page:
        page.get_by_label("Who made the visit?").fill("Fay Officer")
        page.get_by_role("group", name="Have you fallen").get_by_label("Yes").check()
        page.get_by_role("button", name="See what could help").click()
        visitor.sees("Enter the visitor's organisation")
        assert page.get_by_role("group", name="Have you fallen").get_by_label("Yes").is_checked()
    # When the questions are answered as on the paper
    with visitor.step("When it is typed in") as page:
        page.get_by_label("From which organisation?").fill("Fire and rescue service")
        page.get_by_label("At their home").check()
        page.get_by_label("It was filled in on paper").check()
        for words in YES:
            page.get_by_role("group", name=words).get_by_label("Yes").check()
        page.get_by_role("group", name="smoke alarm").get_by_label("No", exact=True).check()
        page.get_by_role("button", name="See what could help").click()
        visitor.sees("Filled in on paper on")
    # Then each yes proposes services, and three are chosen
    checklist = Checklist.objects.get(enquiry__person=person)
    boxes = visitor.page.get_by_role("checkbox")
    assert boxes.count() >= 3
    with visitor.step("Then services are proposed, and three are chosen") as page:
        for place in range(3):
            boxes.nth(place).check()
            _make_an_agreement(boxes.nth(place).get_attribute("value") or "")
        page.get_by_role("button", name="Go on").click()
    # And one consent sends all of them
    with visitor.step("And they are asked once") as page:
        visitor.sees_heading("agreement")
    assert checklist.enquiry.choices.filter(way="refer").count() == 3
    _agree_and_send(visitor)
    sent = Referral.objects.filter(enquiry=checklist.enquiry, state=State.REQUESTED)
    assert sent.count() == 3
    assert Consent.objects.filter(person=person, purpose="share").exists()


def _make_an_agreement(service_id: str) -> None:
    owner = Service.objects.get(pk=service_id).organisation
    if not SharingAgreement.objects.filter(organisation=owner, ended_on=None).exists():
        SharingAgreementFactory(organisation=owner)


def _agree_and_send(visitor: Visitor) -> None:
    with visitor.step("When they agree") as page:
        for box in page.get_by_label("They agree to this").all():
            box.check()
        page.get_by_label("They agree to be asked how it went").check()
        page.get_by_role("button", name="Send what they agreed to").click()
        visitor.sees("Referred")


def test_a_concern_by_keyboard_in_two_clicks(arrive: Callable[..., Visitor]) -> None:
    # Given somebody whose record is open
    visitor = arrive()
    user, session = staff_of_the_demonstration("desk@dad.example")
    person = somebody_at_the_desk_of(user)
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    with visitor.step("Given the person's page"):
        visitor.open(person.get_absolute_url())
    # When a concern is raised with the keyboard alone
    with visitor.step("When the form is opened: the first click") as page:
        visitor.tab_to("Raise a safeguarding concern")
        page.keyboard.press("Enter")
        visitor.sees("Is somebody in danger now?")
    with visitor.step("When it is filled in and sent: the second") as page:
        visitor.tab_to("Yes")
        page.keyboard.press("ArrowDown")
        visitor.tab_to("The person")
        page.keyboard.press("Space")
        visitor.tab_to("What did you see or hear?")
        page.keyboard.type("He is afraid of his son.")
        visitor.tab_to("Yes, I told them")
        page.keyboard.press("ArrowDown")
        visitor.tab_to("Send it to the safeguarding lead")
        page.keyboard.press("Enter")
        visitor.sees("Raised: N-")
    # Then only the lead reads it
    row = Concern.objects.get(person=person)
    visitor.open(row.get_absolute_url(), 403)
    _lead, session = staff_of_the_demonstration("safeguarding@dad.example")
    lead = arrive()
    lead.context.add_cookies([{"name": "session", "value": session, "url": lead.address}])
    with lead.step("Then the lead finds it in the queue"):
        lead.open(reverse("referrals:concerns"))
        lead.page.get_by_role("link", name=row.reference).click()
        lead.sees("He is afraid of his son.")
    with lead.step("And decides"):
        lead.page.get_by_label("We deal with it ourselves").check()
        lead.page.get_by_label("What did you find").fill("Spoke to him; he wants a key safe.")
        lead.page.get_by_role("button", name="Write it down").click()
        lead.sees("Dealt with at the access point")
