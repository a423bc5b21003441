"""The way out: on every public page, large where somebody may be watched, a plain link in itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.search import reindex, reindex_topics
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db
LARGE = "quick-exit--large"


def page(address: str, **query: str) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "name", ["directory:home", "directory:topics", "directory:report_code", "account_login"]
)
def test_it_is_a_plain_link_on_public_pages(name: str, settings: Any) -> None:
    settings.EXIT_ADDRESS = "https://weather.example/"
    text = page(reverse(name))
    assert (
        'href="https://weather.example/" class="quick-exit__link" rel="nofollow noreferrer"' in text
    )
    assert LARGE not in text
    assert reverse("pages:page", args=["leaving-quickly"]) in text


def test_it_is_large_on_a_sensitive_topic_and_below_it(settings: Any) -> None:
    settings.SENSITIVE_TOPICS = ["safety"]
    safety = TopicFactory(slug="safety")
    below = TopicFactory(slug="refuges", parent=safety)
    assert LARGE in page(safety.get_absolute_url())
    assert LARGE in page(below.get_absolute_url())
    assert LARGE not in page(TopicFactory(slug="gardening").get_absolute_url())


def test_it_is_large_on_services_of_such_a_topic_or_without_a_public_address(
    settings: Any,
) -> None:
    settings.SENSITIVE_TOPICS = ["safety"]
    about = ServiceFactory(terms=[TopicFactory(slug="safety")])
    hidden = ServiceFactory(
        places=[LocationFactory(is_confidential=True, latitude=None, longitude=None)]
    )
    assert LARGE in page(about.get_absolute_url())
    assert LARGE in page(hidden.get_absolute_url())
    assert LARGE not in page(ServiceFactory().get_absolute_url())


def test_it_is_large_when_the_words_mean_such_a_topic(settings: Any) -> None:
    settings.SENSITIVE_TOPICS = ["safety"]
    topic = TopicFactory(slug="safety", name="Being safe", phrases=["he hits me"])
    service = ServiceFactory(terms=[topic], organisation=OrganisationFactory())
    reindex_topics()
    reindex([service.id])
    assert LARGE in page(reverse("directory:results"), q="he hits me")
    assert LARGE not in page(reverse("directory:results"), q="gardening")


def test_staff_at_work_do_not_have_it(cast: Cast, client_as: Callable[..., Any]) -> None:
    text = client_as(cast.hub_lead).get(reverse("accounts:home")).content.decode()
    assert "quick-exit" not in text


def test_a_network_may_leave_it_out(settings: Any) -> None:
    settings.EXIT_ADDRESS = ""
    assert "quick-exit" not in page(reverse("directory:home"))


def test_whoever_may_be_in_danger_reads_999_first(settings: Any) -> None:
    settings.SENSITIVE_TOPICS = ["safety"]
    topic = TopicFactory(name="Safety", slug="safety")
    service = ServiceFactory(name="A safe place", terms=[topic])
    reindex_topics()
    reindex([service.id])
    for address in (topic.get_absolute_url(), service.get_absolute_url(), "/services/?q=safety"):
        page = Client().get(address).content.decode()
        assert "tel:999" in page, address
        assert page.index("tel:999") < page.index("<h1"), address
    assert "tel:999" not in Client().get("/services/?q=bus").content.decode()
