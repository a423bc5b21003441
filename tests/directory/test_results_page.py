"""The results page: what a person reads, in the order in which they read it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import Location, OpeningRule, Phone, Service, ServiceAtLocation
from directory.search import reindex
from tests.directory.search_network import TODAY, make_network
from tests.factories.organisation import OrganisationFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield make_network()


def read(client: Client, status: int = 200, **data: object) -> str:
    response = client.get("/services/", data)
    assert response.status_code == status
    return unescape(response.content.decode())


def words_only(page: str) -> str:
    """What is left when the tags are taken out, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words_only(found[1])


def headings_of_services(page: str) -> list[str]:
    return [words_only(h) for h in re.findall(r"<h3[^>]*>(.*?)</h3>", page, re.DOTALL)]


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {words_only(text): address for address, text in found}


def test_everything_that_lets_a_person_choose(client: Client, network: dict[str, Service]) -> None:
    # Given a service with a number of its own
    service = network["Nail cutting at the hall"]
    service.phones.create(number="01632 960 234")
    # When somebody searches in another word for it, near a postcode that only its sector is known of
    page = read(client, q="chiropodist", near="dl37xx")
    # Then the title and heading say what was asked and how much was found
    assert "<title>5 services for “chiropodist” near DL3 7XX" in page
    assert heading(page) == "5 services for “chiropodist” near DL3 7XX"
    # and what it was taken for
    assert "Showing results for Nail cutting and foot care" in words_only(page)
    assert "search only for “chiropodist”" in page
    # and the card has the phone right under the name, then one sentence, next session, price, distance
    text = words_only(page)
    card = text[text.index("Nail cutting at the hall") :][:800]
    order = [
        "01632 960 234",
        "Trims toenails",
        "Tuesday 24 November, 10am to noon",
        "There is a charge",
        "0.8 miles from DL3 7",
        "Elder Friends Exampleton",
        "Checked 2 November 2026",
        "Add to my list",
        "Print",
    ]
    places = [card.find(part) for part in order]
    assert -1 not in places, (places, card)
    assert places == sorted(places)
    assert "We do not have DL3 7XX" in page


def test_search_only_for_the_word_itself(client: Client, network: dict[str, Service]) -> None:
    page = read(client, q="chiropody")
    only = links(page)["search only for “chiropody”"]
    page = client.get(f"/services/{only}").content.decode()
    assert headings_of_services(page) == ["Chiropody clinic"]
    assert "Showing results for" not in page


def test_a_choice_is_ticked_counted_and_taken_away_by_a_link(
    client: Client, network: dict[str, Service]
) -> None:
    page = read(client, q="foot care", cost=["paid", "free"], near="DL1 5AB")
    for value in ("paid", "free"):
        assert re.search(rf'id="cost-{value}"[^>]* form="find" checked', page)
    assert "Paid for (3)" in words_only(page)
    away = links(page)["Take away: Paid for ✕"]
    page = client.get(f"/services/{away}").content.decode()
    assert 'value="DL1 5AB"' in page
    assert 'value="foot care"' in page
    assert not re.search(r'id="cost-paid"[^>]*checked', page)
    assert re.search(r'id="cost-free"[^>]*checked', page)


def test_every_filter_belongs_to_the_one_form(client: Client, network: dict[str, Service]) -> None:
    """So that a new word keeps the choices, and the choices keep the word, without a script."""
    page = read(client, near="DL1 5AB")
    filters = page[page.index('<details class="govuk-details filters') :]
    filters = filters[: filters.index("</details>")]
    controls = re.findall(r"<(?:input|select|button)\b[^>]*>", filters)
    assert len(controls) > 30
    assert all('form="find"' in control for control in controls)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'<label[^>]*\bfor="([^"]+)"', page):
        assert target in ids


def test_a_postcode_that_is_none_loses_nothing(client: Client, network: dict[str, Service]) -> None:
    page = read(client, q="lunch", near="banana", cost="paid", day="1")
    assert "There is a problem" in page
    assert "Enter a postcode, like DL3 7XX" in page
    assert 'href="#id_near"' in page
    assert re.search(r'id="id_near"[^>]*value="banana"[^>]*aria-invalid="true"', page)
    assert headings_of_services(page) == ["Tuesday lunch club", "Garden centre café"]
    assert re.search(r'id="cost-paid"[^>]*checked', page)
    assert page.index("<title>Error:") > 0


def test_a_postcode_nobody_knows(client: Client, network: dict[str, Service]) -> None:
    page = read(client, q="lunch", near="ZE1 0AA")
    assert "We do not know the postcode ZE1 0AA" in page
    assert "Tuesday lunch club" in page


def test_times_the_wrong_way_round(client: Client, network: dict[str, Service]) -> None:
    page = read(client, day="1", free_from="15:00", free_to="12:00")
    assert "Choose an end that is after the beginning" in page
    assert "Tuesday lunch club" in headings_of_services(page)


def test_services_without_a_place_have_their_own_list(
    client: Client, network: dict[str, Service]
) -> None:
    page = words_only(read(client, q="foot care", near="DL1 5AB", within="1"))
    also = page.index("Also, with no place to go to (by phone, online or at your home): 1 service")
    assert page.index("Nail cutting at the hall") < also < page.index("Happy Feet at home")
    assert "Faraway" not in page


def test_not_known_is_said(client: Client, network: dict[str, Service]) -> None:
    page = words_only(read(client, topic="befriending", day="1"))
    assert "0 services" in page
    assert "2 more services may fit, but do not say when or for whom: ask" in page
    assert "Times not known: ask" in page


def test_nothing_found_is_not_the_end(
    client: Client, network: dict[str, Service], settings: Any
) -> None:
    settings.HELPLINE_NUMBER = "01632 960 100"
    page = read(client, q="chiropodee zzyzx", language="cy")
    text = words_only(page)
    assert "We looked for “chiropodee zzyzx” and found nothing that fits." in text
    assert "Nail cutting and foot care" in links(page)
    assert "01632\u00a0960\u00a0100" in text or "01632 960 100" in text
    assert "Tell us what is missing" in links(page)


def test_filters_that_leave_nothing_offer_to_go(
    client: Client, network: dict[str, Service]
) -> None:
    page = read(client, q="lunch", language="pl")
    offer, address = next(
        (text, address) for text, address in links(page).items() if text.startswith("Without the")
    )
    page = client.get(f"/services/{address}").content.decode()
    number = len(headings_of_services(page))
    assert offer == f"Without the choices under “Narrow it down” there are {number} services"
    assert "Tuesday lunch club" in headings_of_services(page)


def test_a_refuge_has_no_distance_and_no_place(client: Client, network: dict[str, Service]) -> None:
    page = words_only(read(client, q="refuge", near="DL1 5AB"))
    card = page[page.index("Haven refuge") :]
    assert "mile" not in card[: card.index("Checked")]


def test_pages_keep_the_search_and_go_back(client: Client) -> None:
    for number in range(25):
        ServiceFactory(name=f"Zebra {number:02}", delivery=["at_place"])
    for number in range(15):
        ServiceFactory(
            name=f"Zebra line {number:02}",
            delivery=["phone"],
        )
    reindex()
    first = read(client, q="zebra", cost="not_known")
    assert heading(first) == "40 services for “zebra”"
    assert headings_of_services(first)[0] == "Zebra 00"
    second = unescape(client.get(f"/services/{links(first)['Next page']}").content.decode())
    assert headings_of_services(second)[0] == "Zebra 10"
    assert '<li value="11">' in second
    assert "Page 2 of 4" in second
    assert links(second)["Page before"] == "?q=zebra&cost=not_known&page=1#main"
    # A page that is not there (any more) is not an error.
    assert headings_of_services(read(client, q="zebra", page="99")) == []


def test_what_is_on_my_list_is_not_offered_again(
    client: Client, network: dict[str, Service]
) -> None:
    page = read(client, q="Shopmobility")
    assert "Add to my list" in page
    service = network["Shopmobility"]
    answer = client.post(
        reverse("directory:add_to_list"),
        {"service": str(service.id), "next": "/services/?q=Shopmobility"},
    )
    assert answer["Location"] == "/services/?q=Shopmobility"
    assert "On my list: open it" in read(client, q="Shopmobility")


@pytest.mark.parametrize(
    "query",
    [
        "q=%ff%fe&near=%c3%28",
        "q='%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "near=%3Cscript%3E&q=lunch",
        "page=-1&page_elsewhere=99999999999999999999&page_not_known=x",
        "day=9&day=x&free_from=99:99&free_to=-",
        "topic=%01&who=%02&cost=%03&how=%7f&access=%e2%80%ae&language=%0a",
        "within=1e999&near=DL1",
        "within=NaN&exact=yes&q=lunch",
        "q=" + "a" * 3000,
        "q=" + "a+" * 2000,
        "&".join(f"topic=t{n}" for n in range(300)),
        "q=\\'%20|%20!%20&q=%25%5f%5c",
    ],
)
def test_hostile_addresses_get_a_page(
    client: Client, network: dict[str, Service], query: str
) -> None:
    response = client.get(f"/services/?{query}")
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert b"Traceback" not in response.content


def test_ten_megabytes_are_refused_politely(client: Client) -> None:
    response = client.get("/services/?q=" + "zebra+" * 1_700_000)
    assert response.status_code == 414
    assert len(response.content) < 50_000


@pytest.mark.parametrize("query", ["q=%00", "q=lunch%00club", "near=%00", "topic=%00"])
def test_a_null_byte_is_refused_with_a_page(client: Client, query: str) -> None:
    response = client.get(f"/services/?{query}")
    assert response.status_code == 400
    assert "<h1" in response.content.decode()


# --- Growth ------------------------------------------------------------------------------------------

ASKS = (
    {},
    {"q": "zebra"},
    {"q": "zebra", "near": "DL1 5AB", "within": "5"},
    {"q": "stripes", "cost": "free", "day": "1"},
    {"q": "zebra lions okapis"},
)


def grow(number: int) -> None:
    """In bulk: the factories would take a minute."""
    topic = TopicFactory(name="Stripes", slug=f"stripes-{number}")
    organisation = OrganisationFactory()
    services = [
        Service(
            name=f"Zebra {number} {count}",
            organisation=organisation,
            cost="free",
            delivery=["at_place"],
        )
        for count in range(number)
    ]
    places = [Location(name="Hall", latitude=54.52, longitude=-1.55) for _service in services]
    for service in services:
        service.derive()
    Service.objects.bulk_create(services)
    Location.objects.bulk_create(places)
    Phone.objects.bulk_create([Phone(service=s, number="01632 960 001") for s in services])
    ServiceAtLocation.objects.bulk_create(
        [
            ServiceAtLocation(service=service, location=place)
            for service, place in zip(services, places, strict=True)
        ]
    )
    OpeningRule.objects.bulk_create([OpeningRule(service=s, weekday=1) for s in services])
    topic.services.add(*services)
    reindex()


def test_a_thousand_services_take_as_many_queries_as_ten(
    client: Client, network: dict[str, Service]
) -> None:
    from django.db import connection

    def queries() -> list[int]:
        counts = []
        for asked in ASKS:
            with CaptureQueriesContext(connection) as captured:
                response = client.get("/services/", asked)
                counts.append(len(captured))
            assert response.status_code == 200
        return counts

    grow(10)
    few = queries()
    grow(990)
    assert queries() == few
    assert max(few) <= 14


def test_somebody_who_asks_for_two_things_is_offered_each_by_itself(client: Client) -> None:
    dementia, breaks = (
        TopicFactory(name="Dementia", slug="dementia"),
        TopicFactory(name="A break from caring", slug="breaks", phrases=["need a break"]),
    )
    both = ServiceFactory(name="Day club", terms=[dementia, breaks])
    others = [ServiceFactory(name=f"Memory café {number}", terms=[dementia]) for number in range(3)]
    reindex([one.id for one in (both, *others)])
    page = read(client, q="my husband has dementia and i need a break")
    # What does both comes first
    assert headings_of_services(page)[0] == "Day club"
    assert len(headings_of_services(page)) == 4
    assert "Few services do all of this" in page
    assert "Look for one thing at a time" in page
    found = client.get(f"/services/{links(page)['Dementia']}").content.decode()
    assert len(headings_of_services(found)) == 4
    assert "Look for one thing at a time" not in found
