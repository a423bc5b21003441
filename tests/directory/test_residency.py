"""Who lives in the area: by the postcode's local authority, never by how it begins."""

from __future__ import annotations

import pytest

from directory.actions.postcodes import load_postcodes
from directory.models import PostcodePlace
from directory.residency import Residency, residency
from tests.directory.shared_data import shared_data

pytestmark = pytest.mark.django_db

HERE = "E06000005"
NEXT_DOOR = "E06000047"


@pytest.fixture(autouse=True)
def area(settings):
    settings.NETWORK_AREA_CODES = [HERE]


@pytest.fixture
def units():
    # True facts of August 2014: DL2 lies in two boroughs, and TS21 reaches into this one.
    for code, area_code in (("DL2 3TS", HERE), ("DL2 3AA", NEXT_DOOR), ("TS21 1HN", HERE)):
        PostcodePlace.objects.create(
            code=code, level="unit", latitude=54.5, longitude=-1.6, area_code=area_code
        )
    PostcodePlace.objects.create(code="DL2 3", level="sector", latitude=54.5, longitude=-1.7)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("DL2 3TS", Residency.IN),
        ("dl23aa", Residency.OUT),
        (" ts21 1hn ", Residency.IN),
        ("DL2 3ZZ", Residency.NOT_SURE),  # its sector is known, which is not enough
        ("DL2 3", Residency.NOT_SURE),
        ("EH1 1AA", Residency.NOT_SURE),
        ("", Residency.NOT_SURE),
        ("DL2 3TS'; DROP TABLE", Residency.NOT_SURE),
        ("\0" * 3000, Residency.NOT_SURE),
    ],
)
def test_residency_is_by_the_units_area_code(units, typed, expected):
    assert residency(typed) == expected


def test_a_unit_without_an_area_is_not_sure():
    PostcodePlace.objects.create(code="DL1 1AA", level="unit", latitude=54.5, longitude=-1.5)
    assert residency("DL1 1AA") == Residency.NOT_SURE


def test_a_network_without_area_codes_is_never_sure(units, settings):
    settings.NETWORK_AREA_CODES = []
    assert residency("DL2 3TS") == Residency.NOT_SURE


@pytest.mark.shared_data
def test_the_whole_of_the_real_outcodes():
    load_postcodes(path=shared_data("postcodes", "codepoint_2014-08_DL.csv"))
    inside = {
        outcode: sum(
            residency(code) == Residency.IN
            for code in PostcodePlace.objects.filter(
                level="unit", code__startswith=f"{outcode} "
            ).values_list("code", flat=True)
        )
        for outcode in ("DL2", "DL4", "TS21", "DL10")
    }
    assert inside == {"DL2": 436, "DL4": 2, "TS21": 31, "DL10": 0}
