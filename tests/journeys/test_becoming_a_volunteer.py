"""Five questions to an application, by keyboard and with scripts off; a redirected volunteer finds a role."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.access import posting_desk
from members.models import Person
from tests.conftest import sign_in
from tests.factories.user import UserFactory
from tests.factories.volunteering import OpportunityFactory, volunteer
from tests.journeys.visitor import Visitor
from volunteers.becoming.links import redirected_by, token_of
from volunteers.models import Application, Volunteer


def press(visitor: Visitor, name: str, key: str = "Enter", *more: str) -> None:
    """By keyboard alone: Tab until it has the focus, then the keys."""
    visitor.tab_to(name)
    for one in (key, *more):
        visitor.page.keyboard.press(one)


def write(visitor: Visitor, name: str, words: str) -> None:
    """Into the box of that name; a link to it in the summary of what is wrong is passed by."""
    for _place in range(4):
        visitor.tab_to(name)
        if visitor.page.evaluate("() => 'value' in document.activeElement"):
            visitor.page.keyboard.type(words)
            return
    raise AssertionError(f"There is no box {name!r}.")


def agree_to_all(page: Page) -> None:
    for box in page.get_by_role("checkbox", name=re.compile("I agree to")).all():
        box.focus()
        page.keyboard.press("Space")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_five_questions_to_an_application_by_keyboard(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    somebody = arrive(scripts=scripts, width=1280 if scripts else 320)
    family = "Keyboard" if scripts else "Scriptless"
    somebody.expected_statuses.add(422)
    with somebody.step("Given somebody on the first page who is unsure"):
        somebody.open("/")
        press(somebody, "Five questions find what suits you")
        somebody.sees_heading("Not sure? Five questions")
    with somebody.step("When they begin"):
        press(somebody, "Begin")
        somebody.sees("Question 1 of 5")
    with somebody.step("And say what they like"):
        press(somebody, "A good talk over a cup of tea", "Space")
        press(somebody, "Continue")
        somebody.sees("Question 2 of 5")
    with somebody.step("And want to promise nothing"):
        press(somebody, "I would like to try it once", "Space")
        press(somebody, "Continue")
        somebody.sees("Question 3 of 5")
    with somebody.step("And leave open when they are free"):
        press(somebody, "Continue")
        somebody.sees("Question 4 of 5")
    with somebody.step("And where"):
        press(somebody, "Continue")
        somebody.sees("Question 5 of 5")
    with somebody.step("And say how old they are") as page:
        page.get_by_label("18 or over").focus()
        page.keyboard.press("Space")
        expect(page.get_by_label("18 or over")).to_be_checked()
        press(somebody, "Show my three roles")
        somebody.sees_heading("Roles that might suit you")
        somebody.sees("Why we suggest it:")
    role = somebody.page.locator(".service-list h2").first.inner_text()
    with somebody.step("Then they open the first role"):
        press(somebody, role)
        somebody.sees_heading(role)
    with somebody.step("And apply: what they liked is filled in already") as page:
        press(somebody, "Apply for this role")
        somebody.sees_heading("Apply: ")
        expect(page.get_by_label("A good talk over a cup of tea")).to_be_checked()
    with somebody.step("When something is missing, nothing typed is lost") as page:
        write(somebody, "First name", "Wynne")
        press(somebody, "Send my application")
        somebody.sees("Enter your last name")
        expect(page.get_by_label("First name")).to_have_value("Wynne")
    with somebody.step("Then it is sent") as page:
        write(somebody, "Last name", family)
        for part, value in (("Day", "3"), ("Month", "4"), ("Year", "1980")):
            write(somebody, part, value)
        press(somebody, "Letter", "ArrowDown")
        expect(page.get_by_label("Phone call", exact=True)).to_be_checked()
        write(somebody, "Phone number", "01632 960 778")
        agree_to_all(page)
        press(somebody, "Send my application")
        somebody.sees_heading("Thank you: we have your application")
        assert family not in page.content()
    person = Person.objects.get(family_name=family)
    application = Application.objects.get(volunteer__person=person)
    assert application.opportunity.name == role
    with somebody.step("And sees by when somebody gets in touch"):
        somebody.sees(application.volunteer.reference)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_redirected_volunteer_finds_a_role_elsewhere(
    arrive: Callable[..., Visitor], scripts: bool
) -> None:
    # Given somebody who applied, whom the role does not suit, and a role elsewhere that would
    place = posting_desk()
    assert place is not None
    who = volunteer(state="applied", organisation=place)
    Person.objects.filter(pk=who.person.pk).update(
        email="redirected@example.org", contact_by="email"
    )
    name = f"Quiet company {'with' if scripts else 'without'} scripts"
    elsewhere = OpportunityFactory(name=name, organisation=place)
    staff = arrive(scripts=scripts, width=1280 if scripts else 320)
    staff.expected_statuses.add(422)
    user = UserFactory(role="volunteer_coordinator", second_factor=True)
    session = sign_in(Client(), user).cookies["session"].value
    staff.context.add_cookies([{"name": "session", "value": session, "url": staff.address}])
    with staff.step("When the coordinator suggests nothing, they are told") as page:
        staff.open(reverse("volunteers:desk_volunteer", args=[who.pk]))
        page.get_by_role("button", name="Suggest it").click()
        staff.sees("Suggest at least one role or organisation")
    with staff.step("And when they suggest a role with a reason") as page:
        page.get_by_label(name).check()
        page.get_by_label("Why this might suit them").fill("You said you like it quiet")
        page.get_by_role("button", name="Suggest it").click()
        staff.sees("The suggestions are written down")
    who.refresh_from_db()
    change = redirected_by(who)
    assert change is not None
    # When the volunteer opens the link in their message
    helper = arrive(scripts=scripts, width=320)
    helper.expected_statuses.add(422)
    with helper.step("Then they see it with its reason, and not their own name") as page:
        helper.open(reverse("volunteers:suggested", args=[token_of(change.pk)]))
        helper.sees("You said you like it quiet")
        assert who.person.name not in page.content()
    with helper.step("When they say yes with one button, they read what they agree to"):
        press(helper, "Yes, I would like this")
        helper.sees_heading(f"Before you apply: {name}")
    with helper.step("Then it is sent, and nothing was typed again") as page:
        agree_to_all(page)
        press(helper, "Send my application")
        helper.sees_heading("Thank you: we have your application")
    application = Application.objects.get(opportunity=elsewhere)
    assert application.volunteer == who
    assert Volunteer.objects.get(pk=who.pk).state == "applied"
    with staff.step("And the coordinator sees it") as page:
        staff.open(reverse("volunteers:desk_volunteer", args=[who.pk]))
        page.get_by_role("link", name=name).click()
        staff.sees("Being looked at")
        staff.sees("This volunteer is not helping at the moment")


def test_a_volunteers_own_page_on_a_small_screen(arrive: Callable[..., Visitor]) -> None:
    place = posting_desk()
    assert place is not None
    user = UserFactory()
    volunteer(organisation=place, user=user)
    helper = arrive(scripts=False, width=320)
    session = sign_in(Client(), user).cookies["session"].value
    helper.context.add_cookies([{"name": "session", "value": session, "url": helper.address}])
    with helper.step("Given my own page") as page:
        helper.open(reverse("volunteers:my_volunteering"))
        helper.sees("You are helping. Thank you")
    with helper.step("When I say when I am free") as page:
        page.get_by_role("link", name="Change when I am free").click()
        page.get_by_label("Tuesday morning").check()
        page.get_by_role("button", name="Save").click()
        helper.sees("Tuesday, 9am to noon")
    with helper.step("And read and agree to what is new") as page:
        page.get_by_role("link", name="to read and agree to").click()
        page.get_by_role("button", name="I agree").first.click()
        helper.sees("it is written down")
    with helper.step("And have a break") as page:
        helper.open(reverse("volunteers:my_leaving"))
        page.get_by_role("button", name="I am having a break").click()
        helper.sees("You are having a break")
    with helper.step("And come back"):
        press(helper, "I am back")
        helper.sees("Welcome back")
