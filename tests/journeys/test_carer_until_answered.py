"""A carer's enquiry is followed until the council has answered; not eligible is not an end.

The six weeks in between are brought about by moving the row's day back.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pathways.actions.carers_enquiries import ASK_AFTER, council_key
from pathways.models import CarerAssessment
from referrals.models import Enquiry
from tests.conftest import sign_in
from tests.factories.user import UserFactory
from tests.journeys.visitor import Visitor


@pytest.mark.parametrize(
    ("scripts", "width", "answer"),
    [(False, 320, "Not eligible: other help is looked for"), (True, 1280, "A carer's budget")],
    ids=["no scripts", "scripts"],
)
def test_from_the_first_stage_until_the_council_answered(
    portal: str, arrive: Callable[..., Visitor], scripts: bool, width: int, answer: str
) -> None:
    # Given a carer who says on the website that they cannot go on
    family = "Patient" if scripts else "Waiting"
    carer = arrive(scripts=scripts, width=320)
    with carer.step("Given the form") as page:
        carer.open(reverse("pathways:carer_start"))
        page.get_by_label("First name").fill("Joan")
        page.get_by_label("Last name").fill(family)
        page.get_by_label("Phone number").fill("01632 960 754")
        page.get_by_label("Phone call").check()
        page.get_by_label("My own health suffers").check()
        page.get_by_label("What does caring do to your life?").fill("I never sleep through")
        page.locator("input[name=organisation]").first.check()
    with carer.step("When it is sent") as page:
        page.get_by_role("button", name="Send, and get my card").click()
        carer.sees_heading("Your card and your emergency plan")
    first = CarerAssessment.objects.get(carer__family_name=family)
    asked = Enquiry.objects.get(key=council_key(first))

    # When the access point begins its day
    lead = UserFactory(
        role="hub_lead", role__organisation_id=first.organisation_id, second_factor=True
    )
    desk = arrive(scripts=scripts, width=width)
    session = sign_in(Client(), lead).cookies["session"].value
    desk.context.add_cookies([{"name": "session", "value": session, "url": desk.address}])
    desk.expected_statuses.add(422)
    today = f"{reverse('referrals:hub')}?show=today"
    with desk.step("Then the carer is on the list of today") as page:
        desk.open(today)
        desk.sees(asked.reference)
        desk.sees("Pass them to the council for a carer's assessment")
    with desk.step(
        "And the enquiry says what comes next, and nothing that is confidential"
    ) as page:
        page.get_by_role("link", name=f"Joan {family}").first.click()
        desk.sees("did the first stage of a carer's assessment with us")
        expect(page.get_by_text("never sleep")).to_have_count(0)
    with desk.step("And leads to what they said") as page:
        desk.tab_to("What they said as a carer")
        page.keyboard.press("Enter")
        desk.sees_heading(f"Joan {family} as a carer")
        desk.sees("I never sleep through")
        desk.sees("To be done:")
    with desk.step(
        "When they were passed on, it is ticked off where the day's work stands"
    ) as page:
        desk.open(today)
        page.get_by_role("button", name=asked.reference).click()
        expect(page.get_by_text(asked.reference)).to_have_count(0)
    first.refresh_from_db()
    asked.refresh_from_db()
    assert first.referred_on is not None
    assert asked.promised_on == first.referred_on + ASK_AFTER

    # When six weeks have gone by
    Enquiry.objects.filter(pk=asked.pk).update(promised_on=timezone.localdate())
    with desk.step("Then somebody is to ask what came of it") as page:
        desk.open(today)
        desk.sees(asked.reference)
        desk.sees("Ask what came of the council's carer's assessment")
    with desk.step("And the carer's page asks for it too"):
        desk.open(reverse("pathways:carer", args=[first.carer_id]))
        desk.sees("Ask what came of the council's carer's assessment")
        desk.sees("passed to the council on")
    with desk.step("When the council's answer is to be written down") as page:
        page.get_by_role("button", name="The council's assessment was done").click()
        desk.sees("What came of it?")
    day = timezone.localdate()
    with desk.step("And what came of it is forgotten") as page:
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            page.get_by_label(part, exact=True).fill(str(number))
        page.get_by_label("What was agreed").fill("A morning off each week")
        page.locator("main form button[type=submit]").click()
        desk.sees("Choose what came of it")
        expect(page.get_by_label("What was agreed")).to_have_value("A morning off each week")
    with desk.step("Then it is written down") as page:
        page.get_by_label(answer).check()
        page.locator("main form button[type=submit]").click()
        desk.sees("Written down: what the council's assessment came to")
    # Then nothing is owed any more of the first enquiry
    asked.refresh_from_db()
    assert asked.promise_kept_at is not None
    with desk.step("And it is off the list, unless other help is to be found") as page:
        desk.open(today)
        expect(page.get_by_text(asked.reference)).to_have_count(0)
        further = Enquiry.objects.filter(person=first.carer_id, promise_kept_at=None)
        if scripts:
            assert not further.exists()
            return
        desk.sees(further.get().reference)
        desk.sees("Find out what else helps: the council found them not eligible")
