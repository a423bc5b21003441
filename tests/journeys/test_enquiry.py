"""The desk: an enquiry by keyboard alone, three referrals in one go, a lost connection, a lost sign-in.

An *interaction* is what somebody has to decide: a link or button that is pressed, a field that is filled
in. Moving on with Tab is not counted as one; how often it is pressed is said with ``-s``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from dcsn.accounts.models import User
from directory.models import Organisation, Service
from members.finding import write_keys
from members.models import Person
from referrals.models import Enquiry, Referral
from referrals.offered import offers_of
from referrals.states import State
from tests.conftest import sign_in
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.jobs.worker import wait_for
from tests.journeys.visitor import Visitor

MOST_INTERACTIONS = 6


def desk() -> Organisation:
    found = Organisation.objects.filter(is_access_point=True).order_by("sort_key", "id").first()
    assert found is not None
    return found


def staff(arrive: Callable[..., Visitor], name: str, **options: object) -> tuple[Visitor, User]:
    """Somebody who takes enquiries there, signed in with their second factor."""
    user = UserFactory(
        email=f"{name}@desk.example",
        name=name.title(),
        role="access_point_staff",
        role__organisation_id=desk().id,
        second_factor=True,
    )
    visitor = arrive(**options)
    let_in(visitor, user)
    return visitor, user


def let_in(visitor: Visitor, user: User) -> None:
    session = sign_in(Client(), user).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])


class Keyboard:
    """Somebody's hands: counts what they decide, and how often they press Tab."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.decided: list[str] = []
        self.tabs = 0

    def go_to(self, name: str) -> None:
        focused = (
            "() => { const e = document.activeElement; if (e === document.body) return '';"
            " return [e.getAttribute('aria-label'), e.labels?.[0]?.innerText, e.innerText]"
            ".filter(Boolean).join(' ').trim(); }"
        )
        for _number in range(150):
            if name.casefold() in self.page.evaluate(focused).casefold():
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise AssertionError(f"Tab does not reach {name!r} on {self.visitor.path}")

    def press(self, name: str) -> None:
        self.go_to(name)
        self.decided.append(f"press {name}")
        self.page.keyboard.press("Enter")

    def write(self, name: str, words: str) -> None:
        self.go_to(name)
        self.decided.append(f"write {name}")
        self.page.keyboard.type(words)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("start", ["accounts:home", "referrals:hub"])
def test_an_information_only_enquiry_by_keyboard_alone(
    arrive: Callable[..., Visitor], scripts: bool, start: str
) -> None:
    # Given somebody at the desk
    visitor, user = staff(arrive, f"quick-{scripts}-{start[:4]}".lower(), scripts=scripts)
    hands = Keyboard(visitor)
    with visitor.step("Given the hub's first page"):
        visitor.open(reverse(start))
    # When somebody asks for the way
    with visitor.step("When she begins an enquiry"):
        hands.press("New enquiry")
        visitor.sees_heading("New enquiry")
    with visitor.step("And writes what they say and what she told them"):
        # The keyboard is where the words go: no Tab is needed.
        expect(visitor.page.get_by_label("What do they say?")).to_be_focused()
        hands.write("What do they say?", "Where does the bus to the hospital go from?")
        hands.write("What did you tell them?", "From Mill Lane, every half hour")
    with visitor.step("Then pressing one button finishes it"):
        hands.press("Finish")
        visitor.sees_heading("Enquiry E-")
    found = Enquiry.objects.get(taken_by=user)
    assert found.state == Enquiry.State.ANSWERED
    assert found.person is None
    print(f"\n{len(hands.decided)} interactions, {hands.tabs} times Tab: {hands.decided}")
    assert len(hands.decided) <= MOST_INTERACTIONS


def three_baths() -> list[Service]:
    """Services that the words below find, each with an agreement."""
    hub = desk()
    found = list(Service.objects.publishable().filter(name__icontains="bath"))
    for service in found:
        if not offers_of([service.id], desk=hub)[0].may_refer:
            SharingAgreementFactory(organisation=service.organisation)
    return found


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 320)])
def test_three_referrals_in_one_submit(
    arrive: Callable[..., Visitor], scripts: bool, width: int
) -> None:
    # Given somebody who is known to the desk, and three services with an agreement
    three_baths()
    visitor, _user = staff(arrive, f"three-{scripts}".lower(), scripts=scripts, width=width)
    page = visitor.page
    surname = "Threebaths" if scripts else "Oddlington"
    person: Person = PersonFactory(
        organisation=desk(),
        given_name="Winifred",
        family_name=surname,
        phone="01632 960 321",
    )
    write_keys(person.id)
    # When she finds them and searches in their words
    with visitor.step("Given a new enquiry"):
        visitor.open(reverse("referrals:enquiry_new"))
    with visitor.step("When she writes what they say and finds the person"):
        page.get_by_label("What do they say?").fill("Mum fell and wants help with baths")
        page.get_by_label("Who is it?").fill(f"winifred {surname}")
        page.get_by_role("button", name="Find the person").click()
        page.get_by_role("button", name="It is about them").click()
        expect(page.locator("#person").get_by_role("link", name=person.name)).to_be_visible()
    with visitor.step("And searches"):
        page.get_by_role("button", name="Search", exact=True).click()
        expect(page.locator("#found")).to_contain_text("services for")
        expect(page.get_by_label("What do they say?")).to_have_value(
            "Mum fell and wants help with baths"
        )
    # And picks three
    for number in range(3):
        with visitor.step(f"And picks number {number + 1}"):
            page.get_by_role("button", name="Refer").first.click()
            expect(page.locator(".chosen-service")).to_have_count(number + 1)
            # The keyboard stays with the service, not at the top of the page.
            expect(page.locator("*:focus")).to_have_class(re.compile("offer"))
    with visitor.step("And goes on to ask them"):
        page.get_by_role("button", name="Ask for their agreement: 3 referrals").click()
        visitor.sees_heading("Ask for their agreement")
    # Then one page has the words for all three, and one press sends them
    with visitor.step("Then she reads out, ticks and sends"):
        for box in page.get_by_label("They agree to this").all():
            assert not box.is_checked()
            box.check()
        page.get_by_label("They agree to be asked how it went").check()
        page.get_by_role("button", name="Send what they agreed to").click()
        visitor.sees("3 referrals are on their way")
    sent = Referral.objects.filter(person=person)
    assert [one.state for one in sent] == [State.REQUESTED] * 3
    # And each says where it is
    with visitor.step("And opens one of them"):
        page.locator("main").get_by_role("link", name=sent[0].service.name).first.click()
        visitor.sees("no answer yet")


def saved(enquiry: Enquiry, words: str) -> None:
    """These words reach the database. A slow machine saves once more in the middle of the typing."""

    def there() -> bool:
        enquiry.refresh_from_db()
        return enquiry.words == words

    wait_for(there, seconds=30, saying="not saved:")


def test_it_saves_while_somebody_types(arrive: Callable[..., Visitor]) -> None:
    visitor, user = staff(arrive, "saving")
    page = visitor.page
    with visitor.step("Given a new enquiry"):
        visitor.open(reverse("referrals:enquiry_new"))
    with visitor.step("When she only types"):
        page.keyboard.type("Mum fell and wants help with baths")
        expect(page.locator("#status")).to_contain_text("Saved")
        # Found without a press, and the keyboard where it was.
        expect(page.locator(".offer").first).to_be_visible()
        expect(page.get_by_label("What do they say?")).to_be_focused()
    found = Enquiry.objects.get(taken_by=user)
    saved(found, "Mum fell and wants help with baths")
    # Then the address is the enquiry's own: loading it again loses nothing
    assert visitor.path == found.get_absolute_url()
    with visitor.step("Then loading it again loses nothing"):
        page.reload()
        expect(page.get_by_label("What do they say?")).to_have_value(found.words)
    # And nothing of it is kept by the browser
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Mum" not in kept


def test_a_lost_connection_loses_no_words(arrive: Callable[..., Visitor]) -> None:
    visitor, user = staff(arrive, "offline")
    page = visitor.page
    visitor.open(reverse("referrals:enquiry_new"))
    page.keyboard.type("Mum fell")
    expect(page.locator("#status")).to_contain_text("Saved")
    # When the connection goes
    visitor.context.set_offline(True)
    page.keyboard.type(" and wants help")
    expect(page.locator("#status")).to_contain_text("Not saved yet")
    expect(page.locator("#status")).to_contain_text("What you typed is still here")
    # Then a button does not leave the page with the words
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("What do they say?")).to_have_value("Mum fell and wants help")
    # And when it is back, it is saved by itself
    visitor.context.set_offline(False)
    expect(page.locator("#status")).to_contain_text("Saved", timeout=40_000)
    assert Enquiry.objects.get(taken_by=user).words == "Mum fell and wants help"
    # What the browser says of the lost connection is what this is about.
    assert all("INTERNET_DISCONNECTED" in one for one in visitor.take_complaints())


def test_a_sign_in_that_ended_loses_no_words(arrive: Callable[..., Visitor]) -> None:
    visitor, user = staff(arrive, "signedout")
    page = visitor.page
    visitor.open(reverse("referrals:enquiry_new"))
    page.keyboard.type("Mum fell")
    expect(page.locator("#status")).to_contain_text("Saved")
    # When the sign-in ends meanwhile
    visitor.expected_statuses.add(403)
    visitor.context.clear_cookies(name="session")
    page.keyboard.type(" and wants help")
    # Then she is told, and led to sign in beside the page
    expect(page.locator("#status")).to_contain_text("You have been signed out")
    link = page.locator("#status").get_by_role("link")
    assert link.get_attribute("target") == "_blank"
    # And signed in again, it is saved by itself
    let_in(visitor, user)
    expect(page.locator("#status")).to_contain_text("Saved", timeout=40_000)
    assert Enquiry.objects.get(taken_by=user).words == "Mum fell and wants help"


def test_a_sign_in_that_ended_loses_no_words_without_scripts(
    arrive: Callable[..., Visitor],
) -> None:
    visitor, user = staff(arrive, "signedoutplain", scripts=False, width=320)
    page = visitor.page
    with visitor.step("Given somebody who has typed"):
        visitor.open(reverse("referrals:enquiry_new"))
        page.get_by_label("What do they say?").fill("Mum fell")
        page.get_by_label("What did you tell them?").fill("Ring the falls clinic")
    # When she finishes after the sign-in has ended
    visitor.expected_statuses.add(403)
    visitor.context.clear_cookies(name="session")
    with visitor.step("When she finishes after the sign-in has ended"):
        page.get_by_role("button", name="Finish: answered").click()
        visitor.sees_heading("You have been signed out. Nothing you typed is lost.")
        expect(page.get_by_label("What do they say?")).to_have_value("Mum fell")
    let_in(visitor, user)
    with visitor.step("Then signing in and pressing once more does it"):
        page.get_by_role("button", name="Send again").click()
        # Signing in gave a new token, which is asked for once more at most.
        again = page.get_by_role("button", name="Send again")
        if again.count():
            again.click()
        visitor.sees_heading("Enquiry E-")
    assert Enquiry.objects.get(taken_by=user).state == Enquiry.State.ANSWERED


def test_two_at_once_see_both_texts(arrive: Callable[..., Visitor]) -> None:
    first, user = staff(arrive, "firsteditor")
    second, _other = staff(arrive, "secondeditor", width=320)
    first.open(reverse("referrals:enquiry_new"))
    first.page.keyboard.type("Mum fell")
    expect(first.page.locator("#status")).to_contain_text("Saved")
    found = Enquiry.objects.get(taken_by=user)
    second.open(found.get_absolute_url())
    # When both write in the same field
    first.page.keyboard.type(" in the bath")
    # The page says "Saved" since the first words; the rest are saved when they are in the database.
    saved(found, "Mum fell in the bath")
    words = second.page.get_by_label("What do they say?")
    words.fill("Mum fell, needs a rail")
    # Then the second is told, keeps her words and sees both
    expect(second.page.locator("#status")).to_contain_text("Somebody else wrote here too")
    second.expected_statuses.add(422)
    with second.step("Then she sees both texts"):
        second.page.get_by_role("button", name="Save", exact=True).click()
        second.sees("Somebody else wrote here too. Nothing is lost")
        expect(second.page.locator(".clash__theirs")).to_have_text("Mum fell in the bath")
        expect(words).to_have_value("Mum fell, needs a rail")
    with second.step("And keeps both"):
        second.page.get_by_role("button", name="Save", exact=True).click()
        expect(words).to_have_value("Mum fell in the bath\n\nMum fell, needs a rail")
    found.refresh_from_db()
    assert found.words == "Mum fell in the bath\n\nMum fell, needs a rail"
