"""A refuge's address is in the bytes of no page, sheet or log, even where somebody typed it in.

The importer and the forms keep no address for a confidential place. Here one is put into the database by
hand, as a mistake would, and everything that the public can open is searched for it.
"""

from __future__ import annotations

import io
import logging
from datetime import time
from typing import Any

import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse

from directory.models import AccessFact, Address, Location, OpeningRule, Service
from directory.search import reindex
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.shared_list import SharedListFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db

SECRETS = ["Larkspur", "Hidden Lane", "QX9", "Bus 977", "turquoise gate", "behind the mill"]


@pytest.fixture
def refuge() -> Service:
    place: Location = LocationFactory(
        name="Larkspur House",
        alternate_name="Larkspur",
        is_confidential=True,
        address=False,
        transportation="Bus 977",
        description="turquoise gate",
        url="https://larkspur.example.org/",
    )
    Address.objects.create(location=place, address_1="7 Hidden Lane", postal_code="QX9 9QX")
    AccessFact.objects.create(location=place, kind="lift", value="yes", note="behind the mill")
    OpeningRule.objects.create(location=place, weekday=1, opens_at=time(9), closes_at=time(17))
    service = ServiceFactory(
        name="Safe house",
        phone="01632 960 111",
        places=[place],
        terms=[TopicFactory(name="Safety")],
    )
    reindex([service.id])
    return service


def addresses(service: Service) -> list[str]:
    (term,) = service.terms.all()
    shared = SharedListFactory(service_ids=[service.id])
    return [
        "/",
        "/topics/",
        term.get_absolute_url(),
        "/services/a-to-z/?letter=s",
        "/services/?q=safe+house",
        "/services/?q=safe+house&near=DL3+7XX",
        "/services/?q=larkspur",
        "/services/suggest/?q=lark",
        "/services/suggest/?q=safe",
        service.get_absolute_url(),
        service.organisation.get_absolute_url(),
        reverse("directory:shared_list", args=[shared.code]),
        reverse("directory:report", args=[service.short_id]),
        "/my-list/",
        "/sitemap.xml",
        "/sitemap-services.xml",
    ]


def test_no_page_has_it(client: Client, settings: Any, refuge: Service, caplog: Any) -> None:
    settings.TILE_ADDRESS = "https://tiles.example/{z}/{x}/{y}.png"
    client.post(reverse("directory:add_to_list"), {"service": refuge.id})
    seen = 0
    with caplog.at_level(logging.DEBUG):
        for address in addresses(refuge):
            response = client.get(address)
            assert response.status_code == 200, address
            body = response.content.decode()
            seen += "Safe house" in body
            asked = address.partition("?q=")[2]
            for secret in SECRETS:
                if secret.lower() == asked:
                    continue  # the reader's own word, said back
                assert secret.lower() not in body.lower(), (address, secret)
    assert seen >= 8, "the walk must have come across the service itself"
    for secret in SECRETS:
        assert secret not in caplog.text


@pytest.mark.parametrize("size", [14, 18, 24])
def test_no_sheet_has_it(client: Client, refuge: Service, size: int) -> None:
    response = client.get(f"{refuge.get_absolute_url()}sheet.pdf?size={size}")
    assert response.status_code == 200
    with pdfplumber.open(io.BytesIO(response.content)) as pdf:
        text = "".join(page.extract_text() for page in pdf.pages)
        facts = str(pdf.metadata)
    assert "Safe house" in text
    for secret in SECRETS:
        assert secret not in text
        assert secret not in facts
