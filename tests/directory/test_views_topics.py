"""Browsing by topic and from A to Z; the same number of queries however many services there are."""

from __future__ import annotations

from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import OpeningRule, Phone, Service, TaxonomyTerm
from tests.factories.organisation import OrganisationFactory, PhoneFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db


def many_services(count: int, term: TaxonomyTerm) -> list[Service]:
    """Made in bulk: a thousand through the factory would take half a minute."""
    organisation = OrganisationFactory()
    services = [
        ServiceFactory.build(organisation=organisation, name=f"Alpha {n:04}") for n in range(count)
    ]
    for service in services:
        service.derive()
    Service.objects.bulk_create(services)
    Service.terms.through.objects.bulk_create(
        Service.terms.through(service_id=service.id, taxonomyterm_id=term.id)
        for service in services
    )
    Phone.objects.bulk_create(PhoneFactory.build(service=service) for service in services)
    OpeningRule.objects.bulk_create(
        OpeningRule(service=service, weekday=1, opens_at=time(10), closes_at=time(12))
        for service in services
    )
    return services


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    assert b"Alpha 0001" in response.content
    return len(captured)


@pytest.mark.parametrize("name", ["topic", "a_to_z", "my_list"])
def test_as_many_queries_for_a_thousand_as_for_ten(client: Client, name: str) -> None:
    counts = []
    for count in (10, 1000):
        Service.objects.all().delete()
        term = TopicFactory()
        services = many_services(count, term)
        address = {
            "topic": term.get_absolute_url(),
            "a_to_z": reverse("directory:a_to_z") + "?letter=a",
            "my_list": reverse("directory:my_list"),
        }[name]
        if name == "my_list":
            session = client.session
            session["my_list"] = [str(service.id) for service in services]
            session.save()
        counts.append(queries(client, address))
    assert counts[0] == counts[1]


def test_a_topic_has_what_is_about_the_topics_below_it(client: Client) -> None:
    health = TopicFactory(name="Health")
    feet = TopicFactory(name="Foot care", parent=health)
    nails = TopicFactory(name="Nails", parent=feet)
    ServiceFactory(name="Toenail cutting", terms=[nails, feet])
    ServiceFactory(name="Gardening", terms=[TopicFactory(name="Jobs")])
    html = client.get(health.get_absolute_url()).content.decode()
    assert html.count("Toenail cutting") == 1
    assert "Gardening" not in html
    assert feet.get_absolute_url() in html
    assert "1 service" in html
    below = client.get(nails.get_absolute_url()).content.decode()
    assert below.index(">Health<") < below.index(">Foot care<") < below.index("<h1")


def test_long_topics_have_pages(client: Client) -> None:
    term = TopicFactory()
    many_services(60, term)
    first = client.get(term.get_absolute_url()).content.decode()
    assert "Page 1 of 3" in first
    assert "Alpha 0024" in first
    assert "Alpha 0025" not in first
    last = client.get(term.get_absolute_url() + "?page=3").content.decode()
    assert "Alpha 0059" in last
    for odd in ("x", "0", "99", "-1", "%00"):
        assert client.get(term.get_absolute_url(), {"page": odd}).status_code == 200


def test_a_term_that_is_no_topic_has_no_page(client: Client) -> None:
    assert client.get(TopicFactory(is_topic=False).get_absolute_url()).status_code == 404


def test_all_topics(client: Client) -> None:
    second = TopicFactory(name="Second", position=2)
    first = TopicFactory(name="First", position=1)
    TopicFactory(name="Below", parent=first)
    TopicFactory(name="Hidden", is_topic=False)
    html = client.get(reverse("directory:topics")).content.decode()
    assert html.index(">First<") < html.index(">Below<") < html.index(">Second<")
    assert "Hidden" not in html
    assert second.get_absolute_url() in html


def test_the_first_page_has_the_question_the_topics_and_three_doors(client: Client) -> None:
    TopicFactory(name="Getting about")
    html = client.get(reverse("directory:home")).content.decode()
    assert '<form action="/services/" method="get"' in html
    assert 'name="q"' in html
    assert 'name="near"' in html
    assert "Getting about" in html
    for door in ("Find help", "Get involved", "Join"):
        assert f">{door}</a></h2>" in html


def test_a_to_z_sorts_as_people_look(client: Client) -> None:
    ServiceFactory(name="The Éire Club")
    ServiceFactory(name="Easy exercise")
    ServiceFactory(name="Zebra club")
    ServiceFactory(name="50 plus walks")
    address = reverse("directory:a_to_z")
    under_e = client.get(address, {"letter": "E"}).content.decode()
    assert under_e.index("Easy exercise") < under_e.index("The Éire Club")
    assert "Zebra" not in under_e
    figures = client.get(address, {"letter": "0"}).content.decode()
    assert "50 plus walks" in figures
    start = client.get(address).content.decode()
    assert "50 plus walks" in start
    for odd in ("é", "<", "%00", "abc", "ß"):
        assert client.get(address, {"letter": odd}).status_code == 200


def test_letters_without_services_are_no_links(client: Client) -> None:
    ServiceFactory(name="Bathing")
    ServiceFactory(name="Hidden", published=False)
    html = client.get(reverse("directory:a_to_z")).content.decode()
    assert 'href="?letter=b"' in html
    assert 'href="?letter=h"' not in html
