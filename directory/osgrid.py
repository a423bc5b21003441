"""From the National Grid (EPSG:27700, metres) to latitude and longitude (WGS84, degrees).

Code-Point Open gives eastings and northings. The formulas are those of Ordnance Survey's "A guide
to coordinate systems in Great Britain", annexes B and C: the transverse Mercator projection undone
on the Airy 1830 ellipsoid, then a seven-parameter Helmert shift from OSGB36 to WGS84. One Helmert
shift for the whole of Great Britain is good to about 5 m, which is nothing beside the size of a
postcode; a projection library with OSTN15 grids would be a large dependency for less.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt, tan


@dataclass(frozen=True)
class Ellipsoid:
    """Semi-axes in metres."""

    a: float
    b: float

    @property
    def eccentricity_squared(self) -> float:
        return 1 - (self.b / self.a) ** 2


AIRY_1830 = Ellipsoid(6_377_563.396, 6_356_256.909)
WGS84 = Ellipsoid(6_378_137.0, 6_356_752.3142)

# The National Grid: scale on the central meridian, its true origin and the false one.
SCALE = 0.9996012717
ORIGIN_LATITUDE = radians(49)
ORIGIN_LONGITUDE = radians(-2)
FALSE_EASTING = 400_000
FALSE_NORTHING = -100_000
EXTENT_EAST = 700_000
EXTENT_NORTH = 1_300_000

# Helmert, OSGB36 to WGS84: metres, parts per million, seconds of arc.
SHIFT = (446.448, -125.157, 542.060)
SCALE_PPM = -20.4894
ROTATION = (0.1502, 0.2470, 0.8421)


def to_wgs84(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude in degrees, good to a few metres.

    Raises ``ValueError`` outside the grid, where the series do not hold.
    """
    if not (0 <= easting <= EXTENT_EAST and 0 <= northing <= EXTENT_NORTH):
        raise ValueError(f"{easting}, {northing} lies outside the National Grid")
    latitude, longitude = _unproject(easting, northing)
    return _shift(latitude, longitude)


def _meridional_arc(latitude: float) -> float:
    """Metres along the meridian from the true origin's latitude (OS guide, formula C3)."""
    a, b = AIRY_1830.a, AIRY_1830.b
    n = (a - b) / (a + b)
    difference = latitude - ORIGIN_LATITUDE
    total = latitude + ORIGIN_LATITUDE
    return (
        b
        * SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * difference
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(difference) * cos(total)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * difference) * cos(2 * total)
            - 35 / 24 * n**3 * sin(3 * difference) * cos(3 * total)
        )
    )


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Radians on the Airy ellipsoid (OS guide, annex C2; roman numerals VII to XIIA)."""
    a = AIRY_1830.a
    e2 = AIRY_1830.eccentricity_squared
    latitude = (northing - FALSE_NORTHING) / (a * SCALE) + ORIGIN_LATITUDE
    arc = _meridional_arc(latitude)
    while abs(northing - FALSE_NORTHING - arc) >= 0.00001:
        latitude += (northing - FALSE_NORTHING - arc) / (a * SCALE)
        arc = _meridional_arc(latitude)
    sine2 = sin(latitude) ** 2
    nu = a * SCALE / sqrt(1 - e2 * sine2)
    rho = a * SCALE * (1 - e2) / (1 - e2 * sine2) ** 1.5
    eta2 = nu / rho - 1
    t = tan(latitude)
    sec = 1 / cos(latitude)
    vii = t / (2 * rho * nu)
    viii = t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
    ix = t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    x = sec / nu
    xi = sec / (6 * nu**3) * (nu / rho + 2 * t**2)
    xii = sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
    xiia = sec / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    d = easting - FALSE_EASTING
    return (
        latitude - vii * d**2 + viii * d**4 - ix * d**6,
        ORIGIN_LONGITUDE + x * d - xi * d**3 + xii * d**5 - xiia * d**7,
    )


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    """Helmert through Cartesian coordinates at the ellipsoid's surface (OS guide, annex B)."""
    a, e2 = AIRY_1830.a, AIRY_1830.eccentricity_squared
    nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
    x = nu * cos(latitude) * cos(longitude)
    y = nu * cos(latitude) * sin(longitude)
    z = nu * (1 - e2) * sin(latitude)

    s = 1 + SCALE_PPM / 1e6
    rx, ry, rz = (seconds / 3600 * pi / 180 for seconds in ROTATION)
    x2 = SHIFT[0] + s * x - rz * y + ry * z
    y2 = SHIFT[1] + rz * x + s * y - rx * z
    z2 = SHIFT[2] - ry * x + rx * y + s * z

    e2 = WGS84.eccentricity_squared
    p = hypot(x2, y2)
    phi = atan2(z2, p * (1 - e2))
    for _ in range(10):
        nu = WGS84.a / sqrt(1 - e2 * sin(phi) ** 2)
        better = atan2(z2 + e2 * nu * sin(phi), p)
        if abs(better - phi) < 1e-12:
            phi = better
            break
        phi = better
    return degrees(phi), degrees(atan2(y2, x2))
