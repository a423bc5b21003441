"""UK postcodes: what somebody typed, made into ``DL3 7XX``, and its coarser parts.

Unit (``DL3 7XX``), sector (``DL3 7``) and outcode (``DL3``) are the three levels of
:class:`directory.models.PostcodePlace`.
"""

from __future__ import annotations

import re

# Outcode shapes: A9 A99 AA9 AA99 A9A AA9A; the incode never holds C I K M O V (Royal Mail PAF).
_UNIT = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][ABD-HJLNP-UW-Z]{2})$")
LONGEST = 12


def normalise(text: str) -> str | None:
    """``" dl37xx "`` to ``"DL3 7XX"``; None when it is not the shape of a whole postcode."""
    compact = "".join(text.split()).upper()
    if len(compact) > LONGEST:
        return None
    found = _UNIT.match(compact)
    return f"{found[1]} {found[2]}" if found else None


def sector_of(postcode: str) -> str:
    """``DL3 7`` of the normalised ``DL3 7XX``."""
    return postcode[:-2]


def outcode_of(postcode: str) -> str:
    """``DL3`` of the normalised ``DL3 7XX`` or of a sector."""
    return postcode.split(" ")[0]
