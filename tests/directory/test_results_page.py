"""The results page: what a person reads, in the order in which they read it."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import OpeningRule, PostcodePlace, Service
from directory.search import reindex
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nail_cutting() -> Service:
    topic = TopicFactory(
        name="Nail cutting and foot care",
        slug="nail-cutting",
        synonyms=["chiropody", "chiropodist", "toenails"],
        phrases=["I can't cut my nails"],
    )
    service = ServiceFactory(
        name="Nail cutting at the hall",
        phone="01632 960 234",
        summary="Trims toenails for people over 50 who cannot reach.",
        cost="paid",
        delivery=["at_place"],
        checked_on=timezone.localdate(),
        terms=[topic],
        places=[LocationFactory(latitude=54.5253, longitude=-1.5553)],
    )
    OpeningRule.objects.create(service=service, weekday=1, opens_at=time(10), closes_at=time(12))
    reindex()
    return service


@pytest.fixture
def sector() -> PostcodePlace:
    return PostcodePlace.objects.create(
        code="DL3 7", level="sector", latitude=54.5324, longitude=-1.5713
    )


def read(client: Client, **data: object) -> str:
    response = client.get("/services/", data)
    assert response.status_code == 200
    return response.content.decode()


def test_everything_that_lets_a_person_choose(
    client: Client, nail_cutting: Service, sector: PostcodePlace
) -> None:
    page = read(client, q="chiropodist", near="dl37xx")
    assert "<title>1 service for “chiropodist” near DL3 7XX" in page
    assert "Showing results for <strong>Nail cutting and foot care</strong>" in page
    assert "search only for “chiropodist”" in page
    for words in (
        "01632\u00a0960\u00a0234",
        "Trims toenails",
        "Tuesday ",
        "10am to noon",
        "0.8 miles from DL3 7",
        "We do not have DL3 7XX",
        "Checked ",
    ):
        assert words in page, words
    assert page.index("01632\u00a0960\u00a0234") < page.index("Trims toenails")
