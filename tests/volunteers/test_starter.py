"""What a new network begins with, and where volunteering is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import InterestFactory, OpportunityFactory, volunteer
from volunteers.models import Interest, PolicyVersion
from volunteers.person_page import volunteer_of
from volunteers.starter import load_starter, starter

pytestmark = pytest.mark.django_db
BY = SystemJob("tests")


def test_a_new_network_has_lists_and_a_second_load_writes_nothing() -> None:
    call_command("load_volunteering")
    assert Interest.objects.offered().count() == len(starter()["interests"] + starter()["skills"])
    assert PolicyVersion.objects.count() == len(starter()["policy"])
    assert all(one.text.strip() == one.text for one in PolicyVersion.objects.all())
    events = Event.objects.count()
    assert load_starter(by=BY) == (0, 0)
    assert Event.objects.count() == events


def test_a_list_that_was_begun_is_left_alone() -> None:
    InterestFactory(slug="tea")
    interests, policies = load_starter(by=BY)
    assert (interests, policies) == (0, len(starter()["policy"]))
    assert Interest.objects.count() == 1


def test_the_sitemap_knows_open_roles_and_robots_no_keys(client: Client) -> None:
    role, draft = OpportunityFactory(), OpportunityFactory(state="draft")
    text = client.get(reverse("directory:sitemap_section", args=["roles"])).content.decode()
    assert role.short_id in text
    assert draft.short_id not in text
    pages = client.get(reverse("directory:sitemap_section", args=["role-pages"])).content.decode()
    assert reverse("volunteers:five") in pages
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /volunteering/suggested/\n" in robots
    assert "Disallow: /volunteering/\n" not in robots


def test_the_menu_leads_to_the_roles_or_to_ones_own_page(
    client: Client, client_as: Callable[..., Client], cast: Cast
) -> None:
    home = reverse("directory:home")
    roles, mine = (
        f'href="{reverse("volunteers:roles")}"',
        f'href="{reverse("volunteers:my_volunteering")}"',
    )
    assert roles in client.get(home).content.decode()
    assert mine in client_as(UserFactory()).get(home).content.decode()
    text = client_as(cast.volunteer_manager).get(home).content.decode()
    assert f'href="{reverse("volunteers:board")}"' in text
    assert mine not in text


def test_a_persons_page_says_it_only_to_who_looks_after_them(cast: Cast) -> None:
    here = access_point(cast.organisation_id)
    who = volunteer(organisation=here)
    shown = volunteer_of(cast.volunteer_manager, who.person)
    assert shown is not None
    assert shown["row"] == who
    assert volunteer_of(cast.stranger("volunteer_manager"), who.person) is None
    assert volunteer_of(cast.hub_lead, who.person) is None
