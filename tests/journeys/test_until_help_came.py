"""From three referrals in one go until the person says whether they got the help: every part real.

The days in between are brought about by moving the rows' dates back: sign-ins last half a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from dcsn.messages import Message
from dcsn.messages.actions import send_message
from members.models import Person
from referrals.actions.clock import run_clock
from referrals.actions.enquiries import choose_service
from referrals.models import Choice, Enquiry, FollowUp, ReceivingDesk, Referral, Reminder
from referrals.states import Loop, State
from tests.conftest import Cast, sign_in
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import EnquiryFactory
from tests.factories.service import ServiceFactory
from tests.journeys.visitor import Visitor

LINK = re.compile(r"https?://[^/\s]+(/reply/\S+)")


def an_enquiry(cast: Cast, given: str) -> Enquiry:
    """Somebody at the desk, and three services picked for them; their organisations take e-mail."""
    hub = access_point(cast.organisation_id, "Journey desk")
    person = PersonFactory(
        organisation=hub,
        given_name=given,
        family_name="Quince",
        phone="01632 960 321",
        contact_by="phone",
    )
    enquiry = EnquiryFactory(organisation=hub, person=person, words="Help with baths and company")
    for name in ("Bathing", "Company", "Shopping"):
        organisation = OrganisationFactory(name=f"{given}'s {name} organisation")
        SharingAgreementFactory(organisation=organisation)
        ReceivingDesk.objects.create(
            organisation=organisation,
            email=f"{name.lower()}.{given.lower()}@example.org",
        )
        choose_service(
            enquiry=enquiry,
            service=ServiceFactory(organisation=organisation, name=f"{given}'s {name}"),
            by=cast.access_point_staff,
            way=Choice.Way.REFER,
        )
    return enquiry


def link_in_mail(address: str) -> str:
    """Send what waits for this address, and open the link of the newest e-mail there."""
    for message in Message.objects.filter(to_address=address, state=Message.State.QUEUED):
        send_message(message.id)
    sent = [one for one in mail.outbox if address in one.to]
    assert sent, f"nothing was sent to {address}"
    assert "Quince" not in str(sent[-1].body) + str(sent[-1].subject)
    found = LINK.search(str(sent[-1].body))
    assert found, sent[-1].body
    return found[1]


def of(enquiry: Enquiry, name: str) -> Referral:
    return Referral.objects.get(enquiry=enquiry, service__name__endswith=name)


def let_days_pass(referral: Referral, days: int) -> None:
    back = timedelta(days=days)
    Referral.objects.filter(pk=referral.pk).update(requested_at=F("requested_at") - back)
    Reminder.objects.filter(referral=referral).update(due_on=F("due_on") - back)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_three_referrals_until_the_person_has_said(
    cast: Cast, client: Client, arrive: Callable[..., Visitor], settings: object, scripts: bool
) -> None:
    # Given somebody at the desk for whom three services were picked
    given = "Winifred" if scripts else "Wilfred"
    enquiry = an_enquiry(cast, given)
    staff = arrive(scripts=scripts)
    session = sign_in(client, cast.access_point_staff).cookies["session"].value
    staff.context.add_cookies([{"name": "session", "value": session, "url": staff.address}])
    staff.open(reverse("referrals:enquiry", args=[enquiry.id]))
    with staff.step("When the agreement is asked for") as page:
        page.get_by_role("button", name="Ask for their agreement").first.click()
        staff.sees_heading("Ask for their agreement")
    with staff.step("And all three are agreed to and sent with one press") as page:
        boxes = page.get_by_label("They agree to this")
        expect(boxes).to_have_count(3)
        for number in range(3):
            boxes.nth(number).check()
        page.get_by_label("They agree to be asked how it went").check()
        page.get_by_role("button", name="Send what they agreed to").click()
    assert set(enquiry.referrals.values_list("state", flat=True)) == {State.REQUESTED}

    # One takes it by the link in its e-mail, without an account, on a telephone
    receiver = arrive(width=320, height=640, scripts=scripts)
    receiver.open(link_in_mail(f"bathing.{given.lower()}@example.org"))
    with receiver.step("When the first opens its link and takes it") as page:
        assert "Quince" not in page.content()
        page.get_by_role("link", name="We will take it").click()
    with receiver.step("And says by when") as page:
        soon = timezone.localdate() + timedelta(days=3)
        page.get_by_label("Day", exact=True).fill(str(soon.day))
        page.get_by_label("Month", exact=True).fill(str(soon.month))
        page.get_by_label("Year", exact=True).fill(str(soon.year))
        page.get_by_label("Your name").fill("Ms Example")
        page.get_by_role("button", name="Send this answer").click()
    assert of(enquiry, "Bathing").state == State.ACCEPTED

    # The second turns it down, and cannot without a reason
    receiver.open(link_in_mail(f"company.{given.lower()}@example.org"))
    with receiver.step("When the second turns it down without a reason") as page:
        page.get_by_role("link", name="Not us").click()
        page.get_by_label("Your name").fill("Mr Example")
        page.get_by_role("button", name="Send this answer").click()
        receiver.sees("There is a problem")
    assert of(enquiry, "Company").state == State.REQUESTED
    with receiver.step("And then with one") as page:
        page.get_by_label("No room at the moment").first.check()
        page.get_by_role("button", name="Send this answer").click()
    assert of(enquiry, "Company").state == State.REJECTED

    # The third says nothing until the hub lead has to be told
    shopping = of(enquiry, "Shopping")
    let_days_pass(shopping, 21)
    run_clock()
    shopping.refresh_from_db()
    assert shopping.state == State.REQUESTED, "nobody is turned down by a clock"
    assert set(shopping.reminders.filter(done_at__isnull=False).values_list("kind", flat=True)) >= {
        "escalate",
        "overdue",
    }
    with staff.step("Then it stands on the hub's first page") as page:
        staff.open(f"{reverse('referrals:hub')}?show=unanswered")
        staff.sees(shopping.reference)

    # Fourteen days after it was turned down, the person is asked, and says no
    turned_down = of(enquiry, "Company")
    asked = turned_down.follow_ups.get(after_days=14)
    today = timezone.localdate()
    FollowUp.objects.filter(pk=asked.pk).update(due_on=today, next_try_on=today)
    with staff.step("When the person is rung") as page:
        staff.open(reverse("referrals:ask", args=[asked.id]))
        staff.sees("Read this out")
    with staff.step("And says that no help came") as page:
        page.get_by_label("No, I did not get the help").check()
        page.get_by_role("button", name="Write down the answer").click()
    turned_down.refresh_from_db()
    assert (turned_down.loop, turned_down.state) == (Loop.DID_NOT_GET_HELP, State.REJECTED)
    assert turned_down.closed_at is not None
    with staff.step("Then the matter is on the hub's first page again") as page:
        staff.open(f"{reverse('referrals:hub')}?show=unhelped")
        staff.sees(turned_down.reference)
    with staff.step("And somebody looks for other help") as page:
        staff.open(reverse("referrals:unhelped", args=[turned_down.id]))
        page.get_by_role("button", name="Look for other help").click()
    assert Enquiry.objects.filter(
        person=Person.objects.get(pk=enquiry.person_id), origin=Enquiry.Origin.REOPENED
    ).exists()
    with staff.step("So that it leaves the list") as page:
        staff.open(f"{reverse('referrals:hub')}?show=unhelped")
        expect(page.get_by_text(turned_down.reference)).to_have_count(0)
