"""Suggestions while somebody types: topics, then services, then words."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from directory.models import Service
from tests.directory.search_network import TODAY, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield make_network()


def suggested(client: Client, typed: str) -> list[tuple[str, str]]:
    response = client.get("/services/suggest/", {"q": typed})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return [(one["kind"], one["text"]) for one in response.json()["suggestions"]]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("chi", ("topic", "Nail cutting and foot care")),  # by another word for it
        ("nail c", ("topic", "Nail cutting and foot care")),
        ("cutting", ("topic", "Nail cutting and foot care")),
        ("SHOPMO", ("topic", "Shopmobility")),
        ("cawl a ch", ("service", "Cawl a Chân")),
        ("alzheimer", ("service", "Alzheimer’s information line")),
        ("wheel", ("word", "wheelchair")),
    ],
)
def test_what_may_be_meant(
    client: Client, network: dict[str, Service], typed: str, wanted: tuple[str, str]
) -> None:
    assert wanted in suggested(client, typed)


def test_topics_come_before_services_before_words(
    client: Client, network: dict[str, Service]
) -> None:
    kinds = [kind for kind, _text in suggested(client, "me")]
    assert kinds == sorted(kinds, key=["topic", "service", "word"].index)
    assert "word" in kinds


def test_a_topic_with_nothing_in_it_is_not_suggested(
    client: Client, network: dict[str, Service]
) -> None:
    from directory.search import reindex
    from tests.factories.topic import TopicFactory

    TopicFactory(name="Zebra rides", slug="zebra-rides")
    reindex([])
    assert ("topic", "Zebra rides") not in suggested(client, "zebra")


@pytest.mark.parametrize("typed", ["", "a", "%", "%%", "__", "'", "😀", "x" * 5000])
def test_little_or_hostile_text_suggests_nothing(
    client: Client, network: dict[str, Service], typed: str
) -> None:
    assert suggested(client, typed) == []


def test_hidden_services_are_not_suggested(client: Client, network: dict[str, Service]) -> None:
    assert suggested(client, "secret toe") == []


def test_two_queries_and_kept_for_a_while(
    client: Client, network: dict[str, Service], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        response = client.get("/services/suggest/", {"q": "lun"})
    assert "max-age=300" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    assert not response.cookies
