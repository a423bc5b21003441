"""Finding offers: words, kinds, days, distance; what may be typed; how many queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import PostcodePlace
from members.models import Shop
from members.offers.forms.finding import OffersForm
from members.offers.search import Found, find_offers
from tests.factories.shop import ShopFactory, offer

pytestmark = pytest.mark.django_db

HERE = (54.52, -1.55)
TWO_MILES_NORTH = (54.549, -1.55)


def found(query: str = "") -> Found:
    return find_offers(OffersForm(QueryDict(query)).offer_query)


def names(result: Found) -> list[str]:
    return [version.offer.shop.name for version in result.versions]


@pytest.fixture
def town() -> None:
    PostcodePlace.objects.create(code="AB3 4DJ", level="unit", latitude=HERE[0], longitude=HERE[1])
    offer(
        shop=ShopFactory(name="Far Bakery", category="food-shops", place=TWO_MILES_NORTH),
        wording="bread",
        days=[0, 1],
    )
    offer(shop=ShopFactory(name="Near Cuts", category="hair-and-feet", place=HERE), wording="cuts")
    offer(shop=ShopFactory(name="Nowhere Books", place=None), wording="second-hand books")


def test_everything_by_name(town: None) -> None:
    result = found()
    assert names(result) == ["Far Bakery", "Near Cuts", "Nowhere Books"]
    assert result.counts == {"food-shops": 1, "hair-and-feet": 1, "leisure": 1}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("bread", ["Far Bakery"]),
        ("Bakeries", ["Far Bakery"]),  # another form of the word
        ("hairdresser", ["Near Cuts"]),  # another word for the kind of shop
        ("haridresser", ["Near Cuts"]),  # a slip
        ("AB3 4DJ", ["Far Bakery", "Near Cuts", "Nowhere Books"]),
        ("I need some bread please", ["Far Bakery"]),
        ("bread unicorn", ["Far Bakery"]),  # a part of it
        ("unicorn", []),
    ],
)
def test_words(town: None, typed: str, expected: list[str]) -> None:
    query = QueryDict(mutable=True)
    query["q"] = typed
    assert names(found(query.urlencode())) == expected


def test_the_nearest_first_and_within_a_distance(town: None) -> None:
    result = found("near=ab34dj")
    assert names(result) == ["Near Cuts", "Far Bakery", "Nowhere Books"]
    assert [round(v.miles, 1) if v.miles is not None else None for v in result.versions] == [  # type: ignore[attr-defined]
        0.0,
        2.0,
        None,
    ]
    assert names(found("near=AB3+4DJ&within=1")) == ["Near Cuts"]
    # The counts are of what lies within it.
    assert found("near=AB3+4DJ&within=1").counts == {"hair-and-feet": 1}


def test_kinds_and_days(town: None, time_machine: Any) -> None:
    time_machine.move_to("2026-11-25T12:00:00Z", tick=False)  # a Wednesday
    for shop in Shop.objects.all():
        shop.offers.get().versions.update(from_on=timezone.localdate())
    assert names(found("category=food-shops&category=leisure")) == ["Far Bakery", "Nowhere Books"]
    assert names(found("day=today")) == ["Near Cuts", "Nowhere Books"]
    assert names(found("day=1&category=food-shops")) == ["Far Bakery"]
    # The counts beside the kinds do not depend on which of them are ticked.
    assert len(found("category=food-shops").counts) == 3


def test_only_what_is_on_show_is_found() -> None:
    today = timezone.localdate()
    for state in ("draft", "proposed", "turned-down", "ended"):
        offer(state=state)
    offer(from_on=today + timedelta(days=1))
    offer(from_on=today - timedelta(days=9), until_on=today - timedelta(days=1))
    offer(shop=ShopFactory(left_on=today))
    assert found().total == 0


def test_what_a_draft_says_is_found_by_nobody() -> None:
    shown = offer(wording="everything")
    offer(shop=shown.offer.shop, offer=shown.offer, state="proposed", wording="quinces")
    assert found("q=quinces").total == 0


HOSTILE = [
    "'; DROP TABLE members_shop; --",
    "\x00",
    "a & | ! ( ) <-> :*",
    "<script>alert(1)</script>",
    "%s %(x)s {0}",
    "é" * 5000,
    "@" * 5000,
    "\u202e\u0000\ud7ff",
    " ".join(["word"] * 500),
    "'",
    "\\",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("box", ["q", "near", "within", "category", "day", "page"])
def test_whatever_is_typed_the_page_answers(
    town: None, client: Client, text: str, box: str
) -> None:
    for address in ("/offers/", "/offers/leaflet/"):
        response = client.get(address, {box: text})
        # What no browser sends (null bytes) or nobody types (5,000 letters) the portal refuses as a whole.
        refused = "\x00" in text or len(text) > 4000
        assert response.status_code in ((400, 414) if refused else (200,))
        assert "<script>alert" not in response.content.decode()
    query = QueryDict(mutable=True)
    query[box] = text
    found(query.urlencode())  # and the search itself takes anything
    assert Shop.objects.count() == 3


def test_a_postcode_that_nobody_knows_loses_nothing_else(town: None, client: Client) -> None:
    page = client.get("/offers/", {"q": "bread", "near": "nonsense"}).content.decode()
    assert "Far Bakery" in page
    assert "There is a problem" in page
    assert 'value="nonsense"' in page


def test_ten_times_the_shops_the_same_queries(town: None, client: Client) -> None:
    address = "/offers/?near=AB3+4DJ&q=bread"
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for number in range(30):
        offer(shop=ShopFactory(name=f"Bread {number}", place=HERE), wording="bread")
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert "31 offers" in page
    assert len(many) == len(few), [query["sql"][:90] for query in many]
