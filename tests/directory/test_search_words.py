"""Folding, spelling, operators: what happens to words before anything is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.models import DirectoryWord
from directory.search.half_hours import half_hours, mask
from directory.search.spelling import corrected
from directory.search.understanding import operators
from directory.search.words import LONGEST_QUERY, clean, fold, words_of
from tests.slow_texts import SLOW_TEXTS, in_time


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Tŷ Gŵyr", "ty gwyr"),
        ("Łódź", "lodz"),
        ("Straße Ærø", "strasse aero"),
        ("Alzheimer’s", "alzheimers"),
        ("O'Brien", "obrien"),
        ("I can't cut", "i cut"),
        ("A&E, drop-in/24-7", "ae drop in 24 7"),
        ("e-mail", "email"),
        ("see https://example.org/x?y or a@b.example now", "see or now"),
        ("ask x@y@z.example, or @home, or a@b", "ask or home or a b"),
        ("<b>bold</b> _under_", "bold under"),
        ("ﬁne ① ＡＢＣ", "fine 1 abc"),
        ("中文 عربي", "中文 عربي"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_leave_out_what_says_nothing() -> None:
    assert words_of("I cant, don't want; it's YOURS") == ["i", "want", "yours"]


@given(st.text())
def test_folding_leaves_nothing_that_a_query_parser_could_read(text: str) -> None:
    folded = fold(text)
    assert not set(folded) & set("&|!:*()<>'\"\\-%_\0\n\t")
    assert folded == " ".join(folded.split())


@given(st.text())
def test_folding_twice_is_folding_once_for_words(text: str) -> None:
    assert words_of(fold(text)) == words_of(text)


@given(st.text())
def test_what_is_shown_back_is_one_short_line(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= LONGEST_QUERY
    assert "\0" not in shown
    assert "\n" not in shown


def test_a_query_of_ten_million_characters_is_cut_first() -> None:
    assert len(clean("zebra " * 2_000_000)) <= LONGEST_QUERY


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("lunch club", None),
        ('"lunch club"', '"lunch club"'),
        ("“lunch club”", '"lunch club"'),
        ("lunch -dinner", "lunch -dinner"),
        ("lunch or dinner", "lunch or dinner"),
        ("drop-in", None),
        ("-dinner", None),
        ("or", None),
        ('"', None),
        ('"a:b & c" -"x|y"', '"a b c" -"x y"'),
        ("lunch -", None),
    ],
)
def test_operators(text: str, written: str | None) -> None:
    assert operators(text) == written


@pytest.fixture
def known() -> None:
    for word, stem, services in (
        ("chiropody", "chiropodi", 3),
        ("nail", "nail", 9),
        ("mail", "mail", 2),
        ("lunch", "lunch", 7),
        ("chair", "chair", 4),
        ("food", "food", 5),
        ("bank", "bank", 5),
        ("cab", "cab", 1),
        ("wheelchair", "wheelchair", 2),
    ):
        DirectoryWord.objects.create(word=word, stem=stem, services=services)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("choropody", "chiropody"),
        ("chirppdy", "chiropody"),
        ("nial", "nail"),
        ("luch", "lunch"),
        ("foodbank", "food bank"),
        ("wheelchiar", "wheelchair"),
        ("choir", None),  # a word of its own, though the directory has only a chair
        ("cat", None),  # too short to tell
        ("zebra", None),
        ("x" * 60, None),
    ],
)
def test_mistakes(known: None, typed: str, meant: str | None) -> None:
    assert corrected([typed]).get(typed) == meant


@pytest.mark.django_db
def test_all_mistakes_in_one_query(known: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert corrected(["choropody", "luch"]) == {"choropody": "chiropody", "luch": "lunch"}


def test_half_hours_overlap_only_where_times_do() -> None:
    from datetime import date, time

    from directory.hours import Rule

    week = half_hours([Rule(weekday=1, opens_at=time(10), closes_at=time(12))], date(2026, 1, 1))
    assert week is not None
    assert week[1] & mask(time(9), time(10)) == 0
    assert week[1] & mask(time(11, 30), time(13))
    assert week[1] & mask(time(12), None) == 0
    assert [bool(day) for day in week] == [False, True, False, False, False, False, False]
    assert half_hours([], date(2026, 1, 1)) is None


@pytest.mark.parametrize("text", SLOW_TEXTS, ids=lambda text: repr(text[:4]))
def test_no_text_keeps_the_index_waiting(text: str) -> None:
    with in_time():
        fold(text)
