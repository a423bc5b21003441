"""Eastings and northings against positions that pyproj worked out."""

from __future__ import annotations

import csv
from math import cos, hypot, radians

import pytest

from directory.osgrid import to_wgs84
from tests.directory.shared_data import shared_data

METRES_A_DEGREE = 111_320


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    north = (one[0] - other[0]) * METRES_A_DEGREE
    east = (one[1] - other[1]) * METRES_A_DEGREE * cos(radians(one[0]))
    return hypot(north, east)


@pytest.mark.parametrize(
    ("easting", "northing", "expected"),
    [
        # Four of the postcodes in OS Code-Point Open, August 2014, converted with pyproj.
        (429177, 514182, (54.522095, -1.550751)),
        (429011, 514680, (54.52658, -1.553266)),
        # Ordnance Survey's own worked example is Caister water tower, good to the Helmert's 5 m.
        (651409.903, 313177.270, (52.657976, 1.716052)),
    ],
)
def test_known_points_are_within_ten_metres(easting, northing, expected):
    assert metres_apart(to_wgs84(easting, northing), expected) < 10


@pytest.mark.shared_data
def test_every_postcode_of_the_shared_file_is_within_ten_metres_of_pyproj():
    with shared_data("postcodes", "codepoint_2014-08_DL.csv").open(encoding="utf-8") as handle:
        worst = max(
            metres_apart(
                to_wgs84(float(row["easting"]), float(row["northing"])),
                (float(row["lat"]), float(row["lon"])),
            )
            for row in csv.DictReader(handle)
        )
    assert worst < 10


@pytest.mark.parametrize("point", [(-1, 500_000), (400_000, 1_300_001), (float("nan"), 0)])
def test_a_point_outside_the_grid_is_refused(point):
    with pytest.raises(ValueError, match="outside the National Grid"):
        to_wgs84(*point)
