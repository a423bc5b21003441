"""Rows by their key, and the positions of postcodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from dcsn.forms.postcode import normalise_postcode
from directory.models import PostcodePlace
from directory.nearby import parts_of
from volunteers.matching.need import Place

Grouped = Mapping[Any, list[Any]]


def grouped(rows: Iterable[tuple[Any, ...]]) -> Grouped:
    """By the first column; the rest of each row in the order it came."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(tuple(rest))
    return found


def postcode_of(text: str) -> str:
    return normalise_postcode(text) or ""


def places_of(postcodes: Iterable[str]) -> dict[str, Place]:
    """The position of each postcode: its own, else its sector's, else its outcode's."""
    asked = {code for text in postcodes if (code := postcode_of(text))}
    rows = PostcodePlace.objects.filter(
        code__in={part for code in asked for part in parts_of(code)}
    )
    known = {
        code: Place(latitude, longitude)
        for code, latitude, longitude in rows.values_list("code", "latitude", "longitude")
    }
    found = {}
    for code in asked:
        best = next((known[part] for part in parts_of(code) if part in known), None)
        if best is not None:
            found[code] = best
    return found
