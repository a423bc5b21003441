"""A service's own page: what it says, what it must not say, and its one address."""

from __future__ import annotations

import json
import re
from datetime import date, time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from directory.models import (
    AccessFact,
    CostOption,
    EligibilityRule,
    Location,
    OpeningRule,
    Service,
)
from tests.factories.organisation import OrganisationFactory, PhoneFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db
SUNDAY = time_machine.travel("2026-11-22 10:00Z", tick=False)


def page(client: Client, service: Service) -> str:
    response = client.get(service.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """The page's main part without its mark-up."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def data_blocks(html: str) -> list[dict]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(text) for text in found]


@SUNDAY
def test_everything_that_is_known(client: Client) -> None:
    hall = LocationFactory(
        name="Bradbury House", transportation="Bus 2 stops outside.", latitude=54.5, longitude=-1.5
    )
    AccessFact.objects.create(location=hall, kind="step_free", value="yes", note="ramp at the side")
    AccessFact.objects.create(location=hall, kind="hearing_loop", value="no")
    service = ServiceFactory(
        name="Nail cutting",
        summary="Trims toenails.",
        description="We trim **toenails**.",
        phone="01632 960 234",
        places=[hall],
        application_process="Ring to book.",
        cost="paid",
        minimum_age=50,
        required_documents="A towel.",
        checked_on=date(2026, 11, 3),
        checked_by="Age UK",
        capacity="waiting_list",
        wait_time="3 weeks",
        easy_read_summary="We cut your nails.",
        bsl_video_url="https://example.org/bsl",
    )
    CostOption.objects.create(service=service, amount=1100, amount_description="a visit")
    OpeningRule.objects.create(service=service, weekday=1, opens_at=time(10), closes_at=time(12))
    html = page(client, service)
    text = words(html)
    for said in [
        "How to start: Ring to book.",
        "Next: Tuesday 24 November, 10am to noon",
        "£11 a visit",
        "Aged 50 and over",
        "Bradbury House, 1 Example Street, Exampleton, DL3 7XX",
        "No steps: yes (ramp at the side)",
        "Hearing loop: no",
        "Accessible toilet: not known, ask",
        "Bus 2 stops outside.",
        "What to bring A towel.",
        "Waiting time: 3 weeks",
        "Checked on 3 November 2026 by Age UK.",
        "Easy Read We cut your nails.",
        "Watch this in British Sign Language",
    ]:
        assert said in text, said
    assert "<strong>toenails</strong>" in html
    assert '<a class="govuk-link phone-number" href="tel:01632960234">' in html
    assert html.index("</h1>") < html.index("tel:01632960234") < html.index("Ring to book.")


def test_what_is_not_known_is_said_to_be(client: Client) -> None:
    text = words(page(client, ServiceFactory(name="Lunch club", organisation__name="Lunch club")))
    for question in ["How to start", "When", "Cost", "Who it is for", "Where", "What to bring"]:
        assert f"{question} Not known: ask" in text, question
    assert "Phone number not known: ask us" in text
    assert "Nobody has checked these facts yet" in text
    assert "Free" not in text


@SUNDAY
def test_an_old_check_is_not_trusted(client: Client) -> None:
    text = words(page(client, ServiceFactory(checked_on=date(2025, 1, 5))))
    assert "Checked on 5 January 2025. That is over a year ago: ring before you go." in text


def test_closed_for_now(client: Client) -> None:
    service = ServiceFactory(status="temporarily closed", closed_until=date(2027, 3, 2))
    assert "Closed for now. Opens again on Tuesday 2 March 2027." in words(page(client, service))


def test_who_it_is_for_in_groups(client: Client) -> None:
    service = ServiceFactory()
    EligibilityRule.objects.create(service=service, group="caring", openness="all")
    assert "Caring for someone: open to all" in words(page(client, service))


def test_the_organisations_number_when_it_has_none(client: Client) -> None:
    service = ServiceFactory()
    PhoneFactory(organisation=service.organisation, number="01632 960 001")
    PhoneFactory(service=service, number="01632 960 002", is_public=False)
    html = page(client, service)
    assert "tel:01632960001" in html
    assert "960 002" not in html
    assert "960002" not in html


def test_a_refuge_is_nowhere_in_the_page(client: Client) -> None:
    """Not its name, address, position, transport nor anything about the building."""
    refuge = LocationFactory(
        name="Secret House",
        is_confidential=True,
        transportation="Bus 99",
        description="Blue door",
    )
    AccessFact.objects.create(location=refuge, kind="lift", value="yes", note="by the secret yard")
    OpeningRule.objects.create(location=refuge, weekday=0, opens_at=time(9), closes_at=time(17))
    service = ServiceFactory(places=[refuge])
    html = page(client, service)
    assert "Address kept confidential: ring for it" in html
    for secret in ["Secret House", "Example Street", "DL3", "Bus 99", "Blue door", "secret yard"]:
        assert secret not in html, secret
    (block,) = data_blocks(html)
    assert "serviceLocation" not in json.dumps(block)


def test_an_old_or_wrong_slug_leads_to_the_right_address(client: Client) -> None:
    service = ServiceFactory(name="Nail cutting")
    wrong = reverse("directory:service", args=["toe-trimming", service.short_id])
    response = client.get(wrong)
    assert response.status_code == 301
    assert response["Location"] == service.get_absolute_url()
    html = page(client, service)
    assert (
        f'<link rel="canonical" href="http://127.0.0.1:8000{service.get_absolute_url()}">' in html
    )


@pytest.mark.parametrize(
    "hidden", [{"published": False}, {"status": "defunct"}, {"organisation__published": False}]
)
def test_what_is_not_published_is_not_there(client: Client, hidden: dict) -> None:
    service = ServiceFactory(**hidden)
    assert client.get(service.get_absolute_url()).status_code == 404


def test_hostile_text_stays_text(client: Client) -> None:
    service = ServiceFactory(
        name="</script><script>alert(1)</script>",
        summary='"><img src=x onerror=alert(1)>',
        description="<script>alert(2)</script> [x](javascript:alert(3))",
        required_documents="<b>bold</b>",
    )
    html = page(client, service)
    main = html[html.index("<head") :]
    assert "<script>alert" not in main
    assert "<img src=x" not in main
    assert "javascript:alert" not in html.replace("[x](javascript:alert(3))", "")
    (block,) = data_blocks(html)
    assert block["name"] == service.name


@SUNDAY
def test_structured_data(client: Client) -> None:
    hall = LocationFactory(name="Hall", latitude=54.5, longitude=-1.5)
    service = ServiceFactory(phone="01632 960 234", places=[hall], cost="free")
    OpeningRule.objects.create(service=service, weekday=1, opens_at=time(10), closes_at=time(12))
    (block,) = data_blocks(page(client, service))
    assert block["@type"] == "Service"
    assert block["offers"] == {"@type": "Offer", "price": "0", "priceCurrency": "GBP"}
    (channel,) = block["availableChannel"]
    assert channel["servicePhone"]["telephone"] == "01632 960 234"
    place = channel["serviceLocation"]
    assert place["address"]["postalCode"] == "DL3 7XX"
    assert place["geo"] == {"@type": "GeoCoordinates", "latitude": 54.5, "longitude": -1.5}
    assert place["openingHoursSpecification"][0]["opens"] == "10:00"


def test_a_service_with_everything_takes_no_more_queries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    """Ten places, phones and rules cost no query more than one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for many in (1, 10):
        service = ServiceFactory(terms=TopicFactory.create_batch(many))
        for number in range(many):
            place: Location = LocationFactory()
            service.service_at_locations.create(location=place)
            AccessFact.objects.create(location=place, kind="lift", value="yes")
            PhoneFactory(service=service)
            CostOption.objects.create(service=service, amount=number)
            OpeningRule.objects.create(service=service, weekday=0, opens_at=time(9))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(client, service)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_map_is_off_until_there_are_tiles(client: Client, settings: object) -> None:
    hall = LocationFactory(latitude=54.5, longitude=-1.5)
    refuge = LocationFactory(is_confidential=True, address=False)
    service = ServiceFactory(places=[hall, refuge])
    assert "map-points" not in page(client, service)
    settings.TILE_ADDRESS = "https://tiles.example/{z}/{x}/{y}.png"  # type: ignore[attr-defined]
    html = page(client, service)
    found = re.search(r'<script id="map-points" type="application/json">(.*?)</script>', html)
    assert found is not None
    (point,) = json.loads(found[1])
    assert (point["latitude"], point["longitude"]) == (54.5, -1.5)


def test_an_organisation_and_what_it_offers(client: Client) -> None:
    organisation = OrganisationFactory(name="Age UK Exampleton", description="We **help**.")
    PhoneFactory(organisation=organisation, number="01632 960 003")
    shown = ServiceFactory(organisation=organisation, name="Bathing")
    ServiceFactory(organisation=organisation, name="Unpublished thing", published=False)
    ServiceFactory(name="Somebody else's")
    html = client.get(organisation.get_absolute_url()).content.decode()
    assert "<strong>help</strong>" in html
    assert "tel:01632960003" in html
    assert shown.get_absolute_url() in html
    assert "Unpublished thing" not in html
    assert "Somebody else" not in html
    organisation.published = False
    organisation.save()
    assert client.get(organisation.get_absolute_url()).status_code == 404


def test_a_summary_that_was_cut_off_says_so(client: Client) -> None:
    cut = ServiceFactory(summary="We help people to co", description="We help **people** to cook.")
    assert "We help people to…" in words(page(client, cut))
    assert "We help people to…" in client.get(cut.organisation.get_absolute_url()).content.decode()
    whole = ServiceFactory(summary="We help people", description="Cooking together.")
    assert "We help people…" not in words(page(client, whole))


def test_a_website_is_named_by_its_host(client: Client) -> None:
    service = ServiceFactory(url="https://www.example.org/a/very/long/path?with=things")
    html = page(client, service)
    assert 'href="https://www.example.org/a/very/long/path?with=things"' in html
    assert ">www.example.org</a>" in html
