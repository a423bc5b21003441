"""The map's points: none while no map is offered, and never a confidential place."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from directory.maps import points_of_services
from directory.models import Service
from directory.search import reindex
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db
TILES = "https://tiles.example/{z}/{x}/{y}.png"


def test_a_point_for_each_place_that_may_be_shown(settings, django_assert_num_queries) -> None:
    hall = LocationFactory(latitude=54.5, longitude=-1.5)
    refuge = LocationFactory(is_confidential=True, address=False)
    nowhere = LocationFactory()
    service = ServiceFactory(name="Lunch club", places=[hall, refuge, nowhere])
    with django_assert_num_queries(0):
        assert points_of_services([service]) == []
    settings.TILE_ADDRESS = TILES
    assert points_of_services(Service.objects.all()) == [
        {
            "latitude": 54.5,
            "longitude": -1.5,
            "name": "Lunch club",
            "address": service.get_absolute_url(),
        }
    ]


def test_the_results_page_has_them(client: Client, settings) -> None:
    service = ServiceFactory(
        name="Lunch </script> club", places=[LocationFactory(latitude=54.5, longitude=-1.5)]
    )
    reindex([service.id])
    assert b"map-points" not in client.get("/services/?q=lunch").content
    settings.TILE_ADDRESS = TILES
    html = client.get("/services/?q=lunch").content.decode()
    found = re.search(r'<script id="map-points" type="application/json">(.*?)</script>', html)
    assert found is not None
    assert json.loads(found[1])[0]["name"] == "Lunch </script> club"
    assert "js/map.js" in html
