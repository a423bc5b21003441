"""Applying: nobody learns who is known, nothing is written twice, and under 16 a parent is asked first."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from members.models import Person
from tests.conftest import Cast
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.factories.volunteering import InterestFactory, OpportunityFactory
from tests.printing.reading import page_texts
from volunteers.models import (
    Agreement,
    Application,
    NextStep,
    Opportunity,
    PolicyVersion,
    Volunteer,
)
from volunteers.opportunities.apply_form import ApplyForm, windows
from volunteers.rules import may_be_contacted
from volunteers.states import VolunteerState

pytestmark = pytest.mark.django_db


def answers(**changes: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "given_name": "Nia",
        "family_name": "Exampleton",
        "date_of_birth_day": "3",
        "date_of_birth_month": "4",
        "date_of_birth_year": "1980",
        "contact_by": "phone",
        "phone": "01632 960 321",
        **changes,
    }


def born(years: int) -> dict[str, str]:
    day = timezone.localdate() - timedelta(days=years * 366)
    return {
        "date_of_birth_day": str(day.day),
        "date_of_birth_month": str(day.month),
        "date_of_birth_year": str(day.year),
    }


def address(role: Opportunity) -> str:
    return reverse("volunteers:apply", args=[role.slug, role.short_id])


def test_an_application_with_all_that_was_said(client: Client) -> None:
    role = OpportunityFactory()
    InterestFactory(slug="tea", name="Tea")
    policy = PolicyVersion.objects.create(
        key="safe", number=2, title="Keeping people safe", text="Be kind.",
        in_force_from=timezone.localdate(),
    )  # fmt: skip
    sent = answers(
        interests=["tea"], free=["2-morning", "2-afternoon", "6-evening"], hours_a_week="2",
        languages="Polish, polish sign language,", transport=["bus"], travel_miles="3",
        why="To meet people", barriers=["confidence"], emergency_name="A sister",
        emergency_phone="01632 960 444", **{f"policy_{policy.pk.hex}": "on"},
    )  # fmt: skip
    response = client.post(address(role), sent, follow=True)
    assert response.redirect_chain[-1][0] == reverse("volunteers:applied")
    text = response.content.decode()
    who = Volunteer.objects.get()
    assert who.state == VolunteerState.APPLIED
    assert who.organisation == role.organisation
    assert (who.minutes_a_week, who.travel_miles, who.transport) == (120, 3, ["bus"])
    assert who.barriers == ["confidence"]
    assert [row.name for row in who.interests.all()] == ["Tea"]
    assert sorted(str(row) for row in who.availability.all()) == ["2 09:00–17:00", "6 17:00–21:00"]
    assert who.emergency_contacts.get().name == "A sister"
    assert Agreement.objects.get(volunteer=who).policy == policy
    # What happens next, with its day; and not who they are.
    assert who.reference in text
    assert f"{NextStep.objects.open().get().due_on:%A}" in text
    assert "Exampleton" not in text


def test_who_applies_is_told_once_that_it_arrived(client: Client) -> None:
    role = OpportunityFactory()
    sent = answers(contact_by="email", email="nia@example.org")
    for _click in range(2):
        client.post(address(role), sent)
    message = Message.objects.get()
    assert message.to_address == "nia@example.org"
    assert role.name in message.body
    assert Volunteer.objects.get().reference in message.body
    assert f"{NextStep.objects.open().get().due_on:%A}" in message.body
    assert "Exampleton" not in message.subject + message.body
    # Who is to be rung, or would get a letter, reads it on the page only.
    for way in ({"contact_by": "phone"}, {"contact_by": "post", "address_1": "1 Example Road"}):
        client.post(address(role), answers(**way))
    assert Message.objects.count() == 1


def test_a_policy_that_is_not_agreed_to_is_asked_for_and_nothing_is_written(client: Client) -> None:
    role = OpportunityFactory()
    PolicyVersion.objects.create(
        key="safe", number=1, title="Keeping people safe", text="Be kind.",
        in_force_from=timezone.localdate(),
    )  # fmt: skip
    response = client.post(address(role), answers())
    assert response.status_code == 422
    assert "Read “Keeping people safe”" in response.content.decode()
    assert not Person.objects.exists()


def folded(page: str) -> dict[str, bool]:
    """Each folded part by its heading, and whether it is open."""
    parts = re.findall(
        r'<details class="govuk-details folded-part"( open)?>.*?<h2[^>]*>(.*?)</h2>', page, re.S
    )
    return {html.unescape(heading): bool(is_open) for is_open, heading in parts}


PARTS = ["If you are under 16", "What you like", "When and how far", "What would make it easier"]


def test_what_may_be_left_out_is_folded_and_in_it_nothing_typed_is_lost(client: Client) -> None:
    role = OpportunityFactory(minimum_age=0)
    InterestFactory(slug="tea", name="Tea")
    first = client.get(address(role)).content.decode()
    assert folded(first) == dict.fromkeys(PARTS, False)
    # What is needed stands before all of them, and is never folded.
    assert first.index('name="family_name"') < first.index("folded-part")
    assert 'type="submit"' in first[first.rindex("</details>") :]
    # What the five questions know is seen; and what was typed, where something else is wrong.
    asked = client.get(address(role) + "?likes=tea").content.decode()
    assert folded(asked) == {**dict.fromkeys(PARTS, False), "What you like": True}
    wrong = client.post(address(role), answers(family_name="", travel_miles="3")).content.decode()
    assert folded(wrong) == {**dict.fromkeys(PARTS, False), "When and how far": True}
    assert 'value="3"' in wrong
    # Where something in a part is wrong it is open, so that the summary's link leads to it.
    young = client.post(address(role), answers(**born(14))).content.decode()
    assert folded(young) == {**dict.fromkeys(PARTS, False), "If you are under 16": True}
    assert "Enter the name of a parent or guardian" in young


def test_the_same_form_twice_is_one_person_and_one_application(client: Client) -> None:
    role, sent = OpportunityFactory(), answers()
    client.post(address(role), sent)
    client.post(address(role), sent)
    assert Person.objects.count() == 1
    assert Application.objects.count() == 1


def test_a_stranger_learns_nothing_by_typing_a_name_that_is_known() -> None:
    role = OpportunityFactory()
    known = PersonFactory(
        organisation=role.organisation, given_name="Nia", family_name="Exampleton",
        date_of_birth="1980-04-03",
    )  # fmt: skip

    def seen(sent: dict[str, Any]) -> str:
        text = Client().post(address(role), sent, follow=True).content.decode()
        return re.sub(r"V-[A-Z0-9-]+|nonce=\"[^\"]+\"|value=\"[^\"]+\"", "", text)

    assert seen(answers()) == seen(answers(family_name="Neverheardof"))
    assert not Volunteer.objects.filter(person=known).exists()


def test_who_is_signed_in_is_asked_no_name_and_stays_one_person(client: Client) -> None:
    role, user = OpportunityFactory(), UserFactory()
    me = PersonFactory(user=user, organisation=role.organisation)
    client.force_login(user)
    page = client.get(address(role)).content.decode()
    assert "family_name" not in page
    client.post(address(role), {"key": str(uuid.uuid4()), "why": "Again"})
    assert Application.objects.get().volunteer.person == me
    assert Person.objects.count() == 1


def test_too_young_for_this_role_is_shown_the_way_to_another(client: Client) -> None:
    response = client.post(address(OpportunityFactory()), answers(**born(17)))
    text = response.content.decode()
    assert response.status_code == 422
    assert "from 18 years" in text
    assert reverse("volunteers:five") in text
    # Who only forgot the day is not sent elsewhere.
    forgot = client.post(address(OpportunityFactory()), answers(date_of_birth_day=""))
    assert forgot.status_code == 422
    assert "Find a role with five questions" not in forgot.content.decode()


def test_under_16_nobody_is_contacted_before_a_parent_says_yes(client: Client) -> None:
    role = OpportunityFactory(minimum_age=14)
    missing = client.post(address(role), answers(**born(15)))
    assert {"parent_name", "parent_email"} <= set(missing.context["form"].errors)
    sent = answers(**born(15), parent_name="A parent", parent_email="parent@example.org")
    done = client.post(address(role), sent, follow=True).content.decode()
    assert "nobody gets in touch with you" in done
    who = Volunteer.objects.get()
    assert not may_be_contacted(who)
    # One message: to the parent, and the young person's name is not in it.
    message = Message.objects.get()
    assert "Nia" not in message.subject + message.body
    assert "Exampleton" not in message.subject + message.body
    link = re.search(r"/volunteering/parent/[^\s]+", message.body)
    assert link is not None
    assert client.get(link[0]).status_code == 200
    assert client.post(link[0], {}).status_code == 422
    client.post(link[0], {"answer": "yes"})
    assert may_be_contacted(Volunteer.objects.get())
    assert client.get(link[0]).status_code == 404


def test_the_parents_no_stays_a_no(client: Client) -> None:
    role = OpportunityFactory(minimum_age=14)
    client.post(
        address(role), answers(**born(15), parent_name="A parent", parent_email="p@example.org")
    )
    link = re.search(r"/volunteering/parent/[^\s]+", Message.objects.get().body)
    assert link is not None
    client.post(link[0], {"answer": "no"})
    client.post(link[0], {"answer": "yes"})
    assert not may_be_contacted(Volunteer.objects.get())


def test_the_five_questions_are_filled_in(client: Client) -> None:
    InterestFactory(slug="tea", name="Tea")
    role = OpportunityFactory()
    page = client.get(address(role) + "?likes=tea&free=weekend&near=DL3").content.decode()
    assert re.search(r'name="interests"[^>]*value="tea"[^>]*checked', page)
    assert re.search(r'value="6-morning"[^>]*checked', page)
    assert 'value="DL3"' in page


def test_parts_of_a_day_that_follow_each_other_are_one_window() -> None:
    assert [(day, str(a), str(b)) for day, a, b in windows(["1-evening", "1-morning", "7-afternoon"])] == [
        (1, "09:00:00", "12:00:00"), (1, "17:00:00", "21:00:00"), (7, "12:00:00", "17:00:00"),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_paper_asks_the_same_in_the_same_order(client: Client, size: int) -> None:
    InterestFactory(name="Tea")
    PolicyVersion.objects.create(
        key="safe", number=3, title="Keeping people safe", text="Be kind.",
        in_force_from=timezone.localdate(),
    )  # fmt: skip
    response = client.get(f"{reverse('volunteers:apply_paper')}?size={size}")
    text = "".join(" ".join(page_texts(response.content)).split())
    asked = [str(field.label) for part in ApplyForm().parts for field in part.fields]
    at = 0
    for label in [*asked, "Keeping people safe", "Hand it in"]:
        # A label may be broken over two lines: compared without blanks.
        at = text.find("".join(label.split()), at)
        assert at >= 0, label


def test_the_screen_has_the_order_of_the_form(client: Client) -> None:
    page = client.get(address(OpportunityFactory())).content.decode()
    names = re.findall(r'<(?:input|textarea)[^>]* name="([a-z_0-9]+)"', page)
    shown = [name.removesuffix("_day") for name in dict.fromkeys(names)]
    asked = [field.name for part in ApplyForm().parts for field in part.fields]
    assert [name for name in shown if name in asked] == [
        name for name in asked if name not in ("interests",) or name in shown
    ]


def test_nobody_at_the_desk_is_needed(cast: Cast, client: Client) -> None:
    assert client.get(reverse("volunteers:applied")).status_code == 302
