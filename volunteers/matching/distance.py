"""Miles in a straight line, for one pair or for a whole column of volunteers at once."""

from __future__ import annotations

from math import cos, pi, radians

import numpy as np
from numpy.typing import NDArray

from volunteers.matching.need import Place

Floats = NDArray[np.float64]

MEAN_RADIUS_MILES = 3958.76
MILES_IN_A_DEGREE = pi / 180 * MEAN_RADIUS_MILES


def miles_to(place: Place, latitudes: Floats, longitudes: Floats) -> Floats:
    """How far each position is from ``place``, to a hundredth of a mile; not a number stays so.

    The earth is taken as flat around ``place``. At 30 miles that is wrong by less than a hundredth
    part, and the distance is in a straight line anyway. Only operations that IEEE 754 rounds in one
    way are used, so that a column and a single pair always give the same number.
    """
    north = (latitudes - place.latitude) * MILES_IN_A_DEGREE
    east = (longitudes - place.longitude) * (MILES_IN_A_DEGREE * cos(radians(place.latitude)))
    return np.asarray(np.round(np.sqrt(north * north + east * east), 2), dtype=np.float64)


def miles_between(one: Place | None, other: Place | None) -> float | None:
    """How far two places are from each other; ``None`` when one of them is not known."""
    if one is None or other is None:
        return None
    return float(miles_to(one, np.array([other.latitude]), np.array([other.longitude]))[0])
