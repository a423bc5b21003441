"""Finding somebody at the desk, without scripts: misspelt, known elsewhere, on record twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from members.actions.people import add_person
from members.finding.duplicates import look_for_duplicates
from members.models import Opening, Person
from tests.conftest import Cast, sign_in
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.person import access_point
from tests.journeys.visitor import Visitor

NAMES = ("Thompson", "Tomson")
FACTS = {
    "given_name": "Margaret",
    "family_name": "Thompson",
    "date_of_birth": date(1941, 4, 3),
    "postcode": "DL3 7XX",
}


@pytest.fixture
def arrive_as(client: Client, arrive: Callable[..., Visitor]) -> Callable[..., Visitor]:
    def make(user) -> Visitor:
        visitor = arrive(scripts=False)
        session = sign_in(client, user).cookies["session"].value
        visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
        return visitor

    return make


def test_found_misspelt_opened_elsewhere_and_put_together(
    cast: Cast, arrive_as: Callable[..., Visitor]
) -> None:
    # Given a woman whom two access points know, and this one twice
    desk = access_point(cast.organisation_id, name="A desk")
    elsewhere = access_point(cast.other_organisation_id, name="B desk")
    for organisation in (desk, elsewhere):
        SharingAgreementFactory(organisation=organisation)
    add_person(organisation=elsewhere, by=cast.stranger("hub_lead"), **FACTS)
    peggy = add_person(organisation=desk, by=cast.hub_lead, **FACTS)
    add_person(
        organisation=desk, by=cast.hub_lead, given_name="Peg", family_name="Tomson",
        date_of_birth=date(1941, 3, 4), phone="01632 960 321",
    )  # fmt: skip
    look_for_duplicates()
    visitor = arrive_as(cast.hub_lead)
    visitor.open(reverse("members:people"))
    # When the lead of the one types her name as she heard it
    with visitor.step("When she is looked for as she was heard") as page:
        page.get_by_label("Who is it?").fill("peggy tomson 3 4 41")
        page.keyboard.press("Enter")
        visitor.sees("2 people may be meant")
        visitor.sees("day and month of birth swapped")
    assert visitor.path == reverse("members:people")
    # Then the other access point's record says no more than it must, and opens with a reason
    with visitor.step("Then the other record is masked") as page:
        visitor.sees("M. T.")
        page.get_by_role("link", name="Open with a reason").click()
    with visitor.step("And asks why"):
        visitor.expected_statuses |= {422, 200}
        page.get_by_role("button", name="Open the record").click()
        visitor.sees("Choose why you need to see this record")
    with visitor.step("And opens") as page:
        page.get_by_label("They are here, or on the phone, and want my help").check()
        page.get_by_role("button", name="Open the record").click()
        visitor.sees_heading("Margaret Thompson")
        visitor.sees("You opened this record")
    assert Opening.objects.get().person.organisation == elsewhere
    # When the two records here are held beside each other
    with visitor.step("When the two records are compared") as page:
        visitor.open(reverse("members:duplicates"))
        page.get_by_role("link", name="Compare them").click()
        visitor.sees("Which is right?")
    with visitor.step("And put together") as page:
        page.get_by_role("button", name="One person: put them together").click()
        visitor.sees("The two records are one now")
        visitor.sees("Other records of theirs")
    assert Person.objects.known().filter(organisation=desk, family_name__in=NAMES).count() == 1
    # Then they can be taken apart again
    with visitor.step("Then they are taken apart") as page:
        page.get_by_role("button", name="Take apart again").click()
        visitor.sees("They are two records again")
    assert Person.objects.known().filter(organisation=desk, family_name__in=NAMES).count() == 2
    assert Person.objects.get(pk=peggy.pk).phone == ""
