"""Somebody who cannot pay is refused and asks again; the officer changes a price. Without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.accounts.models import User
from members.models import Concession, Plan, Term
from tests.conftest import Cast, sign_in
from tests.factories.membership import PlanFactory, membership
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory
from tests.journeys.looking import focus_problems, text_spacing_problems
from tests.journeys.test_search_to_print import fetched, pages_of
from tests.journeys.visitor import Visitor


def somebody(arrive: Callable[..., Visitor], user: User, **options: object) -> Visitor:
    visitor = arrive(scripts=False, **options)
    session = sign_in(Client(), user).cookies["session"].value
    visitor.context.add_cookies([{"name": "session", "value": session, "url": visitor.address}])
    return visitor


def test_a_refused_concession_is_looked_at_again_by_two_others(
    cast: Cast, arrive: Callable[..., Visitor]
) -> None:
    # Given somebody at the desk who cannot pay and brought nothing with them
    hub = access_point(cast.organisation_id)
    person = PersonFactory(
        organisation=hub,
        family_name="Cannotpay",
        contact_by="post",
        address_1="1 Example Terrace",
        postcode="DL3 7XX",
        formats=["print_24"],
    )
    mine = membership(person=person, source=None)
    second = UserFactory(role="hub_lead", role__organisation_id=hub.pk, second_factor=True)
    desk = somebody(arrive, cast.access_point_staff, width=320)
    lead, officer, other = (
        somebody(arrive, user) for user in (cast.hub_lead, cast.membership_officer, second)
    )
    with desk.step("Given the membership that waits") as page:
        desk.open(reverse("members:membership", args=[mine.pk]))
        page.get_by_role("button", name="They cannot pay").click()
        desk.sees_heading("cannot pay")
    with desk.step("When a number is written down, it is refused and nothing is lost") as page:
        page.get_by_label("Cannot afford it").check()
        page.get_by_label("In their own words").fill("QQ 12 34 56 C, my hours were cut")
        desk.expected_statuses.add(422)
        page.get_by_role("button", name="Write it down").click()
        desk.sees("Leave out the National Insurance number")
    with desk.step("When it is left out, it goes on the list") as page:
        page.get_by_label("In their own words").fill("My hours were cut")
        page.get_by_role("button", name="Write it down").click()
        desk.sees("It is on the list")
        desk.sees("The hub lead or the membership officer decides this.")
    question = Concession.objects.get(membership=mine)
    one = question.get_absolute_url()

    # When the hub lead does not grant it
    with lead.step("Then the hub lead finds it on the list") as page:
        lead.open(reverse("members:safety_net"))
        page.get_by_role("link", name=person.name).click()
        lead.sees("Waiting since today.")
    with lead.step("And does not grant it, with reasons") as page:
        page.get_by_label("Why not?").fill("You told us of work that pays enough.")
        page.get_by_role("button", name="Do not grant it").click()
        lead.sees("Written to them")
        link = page.get_by_role("link", name="Print the letter").get_attribute("href")
    letter = " ".join("".join(pages_of(fetched(lead, str(link)))).split())
    for said in ("You told us of work that pays enough.", "look at it again", "cost nothing"):
        assert said in letter

    # When the person rings, wanting it looked at again
    with desk.step("When they ring, the desk writes down that they do not agree") as page:
        desk.open(one)
        page.get_by_label("by phone").check()
        page.get_by_label("What do they say?").fill("The work has ended.")
        page.get_by_role("button", name="Have it looked at again").click()
        desk.sees("Two people who did not decide it before look at it again.")
    with lead.step("Then who refused it can only leave it") as page:
        lead.open(one)
        lead.sees("You did not grant it, so two others look at it again.")
        assert page.get_by_role("button", name="Pass it to a second person").count() == 0
    with officer.step("And the officer, by keyboard alone, is the first of two") as page:
        officer.open(one)
        officer.tab_to("Grant it")
        page.keyboard.press("Space")
        officer.tab_to("Pass it to a second person")
        page.keyboard.press("Enter")
        officer.sees("A second person has to agree.")
        assert not [*focus_problems(page), *text_spacing_problems(page)]
    assert not Term.objects.filter(membership=mine).exists()
    with other.step("And another lead is the second") as page:
        other.open(one)
        page.get_by_role("button", name="I agree").click()
        other.sees("Granted")
    # Then the membership has its term, once
    assert Term.objects.get(membership=mine).source_id == question.pk


def test_the_officer_sets_a_price_from_a_day(cast: Cast, arrive: Callable[..., Visitor]) -> None:
    # Given a plan with a member who paid £10
    plan = PlanFactory(name="Friends of the journey")
    paid = membership(plan=plan)
    day = timezone.localdate() + timedelta(days=40)
    officer = somebody(arrive, cast.membership_officer)
    with officer.step("Given the plan among the others") as page:
        officer.open(reverse("members:plans"))
        page.get_by_role("link", name=plan.name).click()
        officer.sees("£10 a year")
    with officer.step("When the officer goes to set a new price") as page:
        page.get_by_role("button", name="Set a new price from a day").click()
        officer.sees_heading("A price for Friends of the journey")
    with officer.step("And leaves the month out, which is said beside the box") as page:
        page.get_by_label("Price", exact=True).fill("12.50")
        page.get_by_role("radio", name="A fixed year").check()
        page.get_by_label("The day on which the year begins").fill("1")
        page.get_by_role("button", name="See what that means").click()
        officer.sees("There is a problem")
    with officer.step("When it is put right, what it means is worked out") as page:
        for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            page.get_by_label(name, exact=True).fill(str(value))
        page.get_by_label("The month in which the year begins").select_option("January")
        page.get_by_label("The day of the rollover").fill("1")
        page.get_by_label("The month of the rollover").select_option("September")
        page.get_by_role("button", name="See what that means").click()
        officer.sees("the last day before the rollover")
        officer.sees("£12.50 a year")
    with officer.step("And it is saved by keyboard") as page:
        officer.tab_to("Save it")
        page.keyboard.press("Enter")
        officer.sees("The terms are set.")
        officer.sees("Take back what comes")
    # Then the past is as it was
    paid.refresh_from_db()
    assert paid.plan_terms.price_pence == 1000
    assert Plan.objects.get(pk=plan.pk).terms_on(day).price_pence == 1250
    narrow = somebody(arrive, cast.membership_officer, width=320)
    for address in (
        reverse("members:plans"),
        reverse("members:plan", args=[plan.code]),
        reverse("members:members"),
        reverse("members:safety_net"),
    ):
        with narrow.step("And every page of the officer's fits a narrow screen") as page:
            narrow.open(address)


def test_a_member_is_found_by_name_without_scripts(
    cast: Cast, arrive: Callable[..., Visitor]
) -> None:
    hub = access_point(cast.organisation_id)
    mine = membership(person=PersonFactory(organisation=hub, family_name="Rollcall"))
    desk = somebody(arrive, cast.access_point_staff)
    with desk.step("Given the list") as page:
        desk.open(reverse("members:members"))
    with desk.step("When the reference is typed") as page:
        page.get_by_label("Whom are you looking for?").fill(mine.reference.lower())
        page.get_by_role("button", name="Find").click()
        desk.sees("Rollcall")
    assert "Rollcall" not in desk.path
    with desk.step("Then their membership is one link away") as page:
        page.get_by_role("link", name="Winifred Rollcall").click()
        desk.sees_heading("Membership of Winifred Rollcall")
