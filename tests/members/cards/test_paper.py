"""The card on paper, measured: its size, its letters, its contrast, and the code as a camera meets it."""

from __future__ import annotations

import io
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from django.test import Client

from dcsn.checks import contrast_with_white
from dcsn.printing.checks import check_tags
from members.cards.number import as_printed, is_valid
from members.cards.paper import (
    A4_MM,
    HEIGHT_MM,
    WIDTH_MM,
    card_pdf,
    sheet_pdf,
)
from members.cards.qr import code_of, modules_across
from members.cards.validity import membership_good_until
from members.cards.views.shop_sheet import worked_example
from members.models import Card, Membership, Term
from tests.factories.card import card
from tests.factories.membership import membership

pytestmark = pytest.mark.django_db
LEFT_MM = (A4_MM[0] - 2 * WIDTH_MM) / 2
TOP_MM = (A4_MM[1] - 5 * HEIGHT_MM) / 2
MM = 72 / 25.4
# ISO/IEC 7810, ID-1: what every wallet is made for.
ID_1 = (85.60, 53.98)


@pytest.fixture(autouse=True)
def _network(settings: Any) -> None:
    settings.NETWORK_NAME = "Riverside and District Community Support Network"
    settings.HELPLINE_NUMBER = "01632 960 100"
    settings.SITE_ADDRESS = "https://support.example"
    settings.BRAND_COLOUR = "#00465e"


def opened(pdf: bytes) -> pdfplumber.PDF:
    return pdfplumber.open(io.BytesIO(pdf))


def words_of(pdf: bytes) -> str:
    with opened(pdf) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def bits(pdf: bytes, *, page: int = 0, box: tuple[float, float, float, float], across: int) -> list:
    """The modules in a square of a page (in millimetres), as a camera that is straight above sees them."""
    image = pypdfium2.PdfDocument(pdf)[page].render(scale=600 / 72).to_pil().convert("L")
    per_mm = 600 / 25.4
    left, top, width, height = (side * per_mm for side in box)
    return [
        [
            image.getpixel(
                (int(left + (x + 0.5) * width / across), int(top + (y + 0.5) * height / across))
            )
            < 128
            for x in range(across)
        ]
        for y in range(across)
    ]


def matrix(number: str) -> list[list[bool]]:
    return [[bool(bit) for bit in row] for row in code_of(number).matrix_iter(border=4)]


def test_one_card_is_a_cards_size_and_says_what_it_must() -> None:
    row = card()
    pdf = card_pdf(row)
    with opened(pdf) as document:
        [page] = document.pages
        assert float(page.width) / MM == pytest.approx(ID_1[0], abs=0.05)
        assert float(page.height) / MM == pytest.approx(ID_1[1], abs=0.05)
        letters = page.chars
    words = " ".join(words_of(pdf).split())
    until = membership_good_until(row.membership)
    assert until is not None
    for said in (
        "Riverside and District Community Support Network",
        "Valid until",
        f"{until:%B %Y}",
        as_printed(row.number),
        "01632 960 100",
    ):
        assert said in words
    # Nobody's name.
    assert row.person is not None
    assert row.person.family_name not in words
    # The number is 16 points or more, and nothing is smaller than 11.
    line = [c for c in letters if c["size"] >= 16.9 and c["text"].isdigit()]
    assert "".join(c["text"] for c in line) == row.number
    assert min(c["size"] for c in letters) >= 10.99
    # Nothing runs over the edge.
    assert all(c["x0"] >= 0 and c["x1"] <= page.width - 4 for c in letters)


def _hex(colour: Any) -> str:
    parts = colour if isinstance(colour, list | tuple) else (colour,)
    if len(parts) == 1:
        parts = parts * 3
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def test_everything_stands_out_by_seven_to_one() -> None:
    with opened(card_pdf(card())) as document:
        [page] = document.pages
        [band] = [
            one for one in page.rects if float(one["width"]) / MM == pytest.approx(85.6, abs=0.1)
            and float(one["height"]) < 20 * MM
        ]  # fmt: skip
        assert contrast_with_white(_hex(band["non_stroking_color"])) >= 7
        for letter in page.chars:
            on_band = letter["top"] < band["bottom"]
            colour = _hex(letter["non_stroking_color"])
            assert colour == ("#ffffff" if on_band else "#000000")
    assert contrast_with_white("#000000") >= 7


@pytest.mark.parametrize(
    "address", ["https://support.example", "https://a.long.name.of.council.gov.example"]
)
def test_the_code_on_paper_is_the_code(settings: Any, address: str) -> None:
    settings.SITE_ADDRESS = address
    row = card()
    across = modules_across(row.number)
    # 33 mm, quiet zone included: no module under half a millimetre, for a poor camera.
    assert 33 / across >= 0.5
    found = bits(card_pdf(row), box=(WIDTH_MM - 2 - 33, 12.5, 33, 33), across=across)
    assert found == matrix(row.number)


def test_a_sheet_has_ten_places_with_marks_to_cut_along() -> None:
    cards = [card() for _n in range(9)]
    pdf = sheet_pdf(cards, first_place=3)
    with opened(pdf) as document:
        assert len(document.pages) == 2
        first, second = document.pages
        assert (float(first.width) / MM, float(first.height) / MM) == pytest.approx(A4_MM, abs=0.1)
        numbers = [as_printed(one.number) for one in cards]
        assert [n for n in numbers if n in (first.extract_text() or "")] == numbers[:8]
        assert [n for n in numbers if n in (second.extract_text() or "")] == numbers[8:]
    across = modules_across(cards[0].number)
    # The first card is in the third place: second row, left.
    box = (LEFT_MM + WIDTH_MM - 35, TOP_MM + HEIGHT_MM + 12.5, 33, 33)
    assert bits(pdf, box=box, across=across) == matrix(cards[0].number)
    # The ninth begins the next sheet.
    box = (LEFT_MM + WIDTH_MM - 35, TOP_MM + 12.5, 33, 33)
    assert bits(pdf, page=1, box=box, across=across) == matrix(cards[8].number)


def test_every_cut_has_its_marks_and_none_lies_on_a_card() -> None:
    with opened(sheet_pdf([card()])) as document:
        [page] = document.pages
        found = [
            tuple(round(float(line[side]) / MM, 1) for side in ("x0", "top", "x1", "bottom"))
            for line in page.lines
            if abs(max(line["x1"] - line["x0"], line["bottom"] - line["top"]) / MM - 5) < 0.05
        ]
    down = [round(LEFT_MM + column * WIDTH_MM, 1) for column in range(3)]
    across = [round(TOP_MM + row * HEIGHT_MM, 1) for row in range(6)]
    assert sorted({x0 for x0, _top, x1, _bottom in found if x0 == x1}) == pytest.approx(
        down, abs=0.11
    )
    assert sorted({top for _x0, top, _x1, bottom in found if top == bottom}) == pytest.approx(
        across, abs=0.11
    )
    assert len(found) == 2 * (3 + 6)
    for x0, top, x1, bottom in found:
        assert x1 < LEFT_MM or x0 > A4_MM[0] - LEFT_MM or bottom < TOP_MM or top > A4_MM[1] - TOP_MM
        # And where an office printer still prints.
        assert min(x0, top, A4_MM[0] - x1, A4_MM[1] - bottom) >= 4


def test_paid_and_free_are_the_same_piece_of_paper() -> None:
    paid, free = membership(), membership(source=Term.Source.CONCESSION)
    number = card(membership=paid).number
    papers = []
    for row in (paid, free):
        Card.objects.all().delete()
        one = Card(number=number, membership=Membership.objects.get(pk=row.pk))
        image = pypdfium2.PdfDocument(card_pdf(one))[0].render(scale=4).to_pil()
        papers.append((words_of(card_pdf(one)), image.tobytes()))
    assert papers[0] == papers[1]


def test_a_screen_reader_can_read_both() -> None:
    rows = [card(), card()]
    for pdf in (card_pdf(rows[0]), sheet_pdf(rows)):
        report = check_tags(io.BytesIO(pdf))
        assert report.ok, report.faults
        assert report.tags["/Figure"] in (1, 2)


def test_nobody_prints_a_card_that_is_good_for_nothing() -> None:
    with pytest.raises(ValueError, match="good for nothing"):
        card_pdf(Card(number="1" * 10, membership=membership(source=None)))


# --- For the till's drawer ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [14, 18])
def test_a_shops_sheet_is_one_page_and_its_sum_is_right(size: int) -> None:
    response = Client().get("/till/sheet.pdf", {"size": size})
    assert response["Content-Type"] == "application/pdf"
    with opened(response.content) as document:
        assert len(document.pages) == 1
    words = " ".join(words_of(response.content).split())
    assert "support.example/till/" in words
    example = worked_example()
    assert example["left"] == 1
    number = int(str(example["plain"]))
    assert is_valid(str(number))
    assert number - int(str(example["product"])) == 1
    assert int(str(example["times"])) * 97 == int(str(example["product"]))
    assert str(example["product"]) in words
    assert check_tags(io.BytesIO(response.content)).ok
