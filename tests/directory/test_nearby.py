"""Where a postcode is: by itself, else by its sector, else by its outcode, and the page says which."""

from __future__ import annotations

from typing import Any

import pytest

from directory.models import PostcodePlace
from directory.nearby import NoSuchPostcode, locate, parts_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> None:
    for code, level, latitude in (
        ("DL3 7XX", "unit", 54.1),
        ("DL3 7", "sector", 54.2),
        ("DL3", "outcode", 54.3),
        ("W1A 1", "sector", 51.5),
    ):
        PostcodePlace.objects.create(code=code, level=level, latitude=latitude, longitude=-1.5)


@pytest.mark.parametrize(
    ("typed", "code", "level"),
    [
        ("DL3 7XX", "DL3 7XX", "unit"),
        ("dl37xx", "DL3 7XX", "unit"),
        ("  dl3   7xx ", "DL3 7XX", "unit"),
        ("DL3-7XX", "DL3 7XX", "unit"),
        ("D L 3 7 X X", "DL3 7XX", "unit"),
        ("dl3 7zz", "DL3 7", "sector"),
        ("DL3 7", "DL3 7", "sector"),
        ("dl3 9zz", "DL3", "outcode"),
        ("DL3", "DL3", "outcode"),
        ("w1a 1aa", "W1A 1", "sector"),
    ],
)
def test_any_way_of_typing(typed: str, code: str, level: str) -> None:
    found = locate(typed)
    assert (found.code, found.level) == (code, level)


@pytest.mark.parametrize("typed", ["banana", "DL", "7XX", "DL3 7X", "'; --", "\x00", "x" * 1000])
def test_no_postcode(typed: str) -> None:
    with pytest.raises(NoSuchPostcode, match="Enter a postcode"):
        locate(typed)


def test_one_that_nobody_knows() -> None:
    with pytest.raises(NoSuchPostcode, match="We do not know the postcode ZE1 0AA"):
        locate("ze1 0aa")


def test_what_was_used_is_said() -> None:
    assert "middle of DL3 7XX." in locate("dl37xx").in_words()
    assert "We do not have DL3 7ZZ" in locate("dl37zz").in_words()
    assert "Give a whole postcode" in locate("dl3").in_words()


def test_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        locate("dl3 9zz")


def test_parts() -> None:
    assert parts_of("DL3 7XX") == ["DL3 7XX", "DL3 7", "DL3"]
    assert parts_of("DL3 7") == ["DL3 7", "DL3"]
    assert parts_of("DL3") == ["DL3"]
