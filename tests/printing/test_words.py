"""What stays on one line, what has no place on paper, how files are named."""

from __future__ import annotations

from datetime import date

import pytest

from dcsn.printing import PaperColour, PrintSize, file_name
from dcsn.printing.templatetags.printing import together
from dcsn.printing.words import (
    index_letter,
    keep_together,
    one_piece,
    shorten,
    without_web_addresses,
)
from tests.slow_texts import SLOW_TEXTS, in_time


@pytest.mark.parametrize(
    "text",
    [
        "01632 960 123",
        "020 7946 0000",
        "(01632) 960 123",
        "+44 1632 960123",
        "0808 157 0123",
        "07700 900 123",
        "DL3 7XX",
        "SW1A 2AA",
        "10.30 am",
        "12 noon",
        "7 December",
        "page 12",
    ],
)
def test_one_piece_of_information_keeps_its_line(text):
    kept = keep_together(f"before {text} after")
    assert kept == f"before {text.replace(' ', chr(0xA0))} after"


@pytest.mark.parametrize(
    "text", ["Room 3 on the left", "50 people came", "A and B", "aged 50 to 60", "in May"]
)
def test_ordinary_words_may_break(text):
    assert keep_together(text) == text


def test_a_hyphen_in_a_number_does_not_break_either():
    assert one_piece(" 01632-960 123 ") == "01632\u2011960\u00a0123"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Ty\u0302 Gw\u0302yr", "Tŷ Gŵyr"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u202eturned\u200b \U0001f600!", "turned !"),
        ("a\x00b\nc", "ab\nc"),
        ("£5 – “ok” © 中文 عربي", "£5 – “ok” © 中文 عربي"),
    ],
)
def test_only_what_can_be_drawn(text, printed):
    assert keep_together(text) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("See www.example.org/x for more.", "See the website for more."),
        ("Go to https://example.org/a?b=c.", "Go to the website."),
        ("Visit example.co.uk, or ring.", "Visit the website, or ring."),
        ("Write to help@example.org today.", "Write to help@example.org today."),
        ("e.g. tea, i.e. a drink", "e.g. tea, i.e. a drink"),
    ],
)
def test_web_addresses_are_said_in_words(text, printed):
    assert without_web_addresses(text) == printed


def test_shortening_keeps_whole_sentences():
    text = "One two three. Four five six. " + "word " * 80 + "end."
    assert shorten(text, words=6) == "One two three. Four five six."
    endless = shorten("word " * 200, words=60)
    assert endless.endswith("word …")
    assert len(endless.split()) == 61


@pytest.mark.parametrize(
    ("name", "letter"),
    [("éire", "E"), ("Łódź", "L"), ("50 plus", "0–9"), ("“Ash”", "A"), ("", "0–9")],
)
def test_index_letter(name, letter):
    assert index_letter(name) == letter


def test_file_names_say_what_and_when():
    on = date(2026, 11, 22)
    assert (
        file_name("Nail cutting", size=PrintSize.LARGE, on=on)
        == "nail-cutting-large-print-2026-11-22.pdf"
    )
    assert file_name("../../\r\n", size=PrintSize.GIANT, on=on) == (
        "document-giant-print-2026-11-22.pdf"
    )


@pytest.mark.parametrize("text", ["18", "", None, "17", "big", "18\x00"])
def test_an_odd_size_is_large_print(text):
    assert PrintSize.read(text) is PrintSize.LARGE


def test_asked_for_sizes_and_colours_are_given():
    assert PrintSize.read("24") is PrintSize.GIANT
    assert PaperColour.read("yellow") is PaperColour.YELLOW
    assert PaperColour.read("pink") is PaperColour.WHITE


@pytest.mark.parametrize("text", SLOW_TEXTS, ids=lambda text: repr(text[:4]))
def test_no_description_keeps_a_print_waiting(text):
    with in_time():
        keep_together(without_web_addresses(text))


def test_a_reference_keeps_its_line_and_its_hyphens():
    assert together("our reference is R-3XCE-N99Y.") == (
        'our reference is <span class="whole">R-3XCE-N99Y</span>.'
    )


def test_an_address_has_no_signs_that_paper_cannot_show():
    assert one_piece("Siân \U0001f600 Ŵynne") == "Siân\u00a0Ŵynne"
