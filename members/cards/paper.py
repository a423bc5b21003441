"""The card on paper: one to a page of a card's size, or ten on a sheet of A4 to be cut.

Nothing on it tells a paid card from a free one, nor whose it is. 85.60 by 53.98 mm is ISO/IEC 7810, ID-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from dcsn.printing import render_exact_pdf
from members.cards.number import as_printed
from members.cards.qr import qr_data
from members.cards.validity import membership_good_until
from members.models import Card

WIDTH_MM, HEIGHT_MM = 85.60, 53.98
A4_MM = (210.0, 297.0)
COLUMNS, ROWS = 2, 5
ON_A_SHEET = COLUMNS * ROWS
LEFT_MM = (A4_MM[0] - COLUMNS * WIDTH_MM) / 2
TOP_MM = (A4_MM[1] - ROWS * HEIGHT_MM) / 2
MARK_MM = 5.0
GAP_MM = 1.5


@dataclass(frozen=True)
class Face:
    """What is printed on one card, and where on the sheet."""

    number: str
    until: date
    code: str
    left: float = 0.0
    top: float = 0.0


@dataclass(frozen=True)
class Mark:
    """Where to cut: a line outside the cards."""

    left: float
    top: float
    width: float
    height: float


def face_of(card: Card, *, left: float = 0.0, top: float = 0.0) -> Face:
    """:raises ValueError: for a membership that gives no card any more; nobody should print one."""
    until = membership_good_until(card.membership)
    if until is None:
        raise ValueError("this card is good for nothing")
    return Face(as_printed(card.number), until, qr_data(card.number), left, top)


def card_pdf(card: Card) -> bytes:
    """A page of a card's size, for a card printer."""
    return render_exact_pdf(
        "print/card.html",
        {"face": face_of(card), "colour": settings.BRAND_COLOUR},
        width_mm=WIDTH_MM,
        height_mm=HEIGHT_MM,
        title=_("Card"),
    )


def sheet_pdf(cards: Sequence[Card], *, first_place: int = 1) -> bytes:
    """Ten to a sheet, with cut marks; the first places are left empty where the sheet was begun."""
    pages: list[list[Face]] = []
    for number, card in enumerate(cards, start=first_place - 1):
        page, place = divmod(number, ON_A_SHEET)
        if page == len(pages):
            pages.append([])
        row, column = divmod(place, COLUMNS)
        pages[page].append(
            face_of(card, left=LEFT_MM + column * WIDTH_MM, top=TOP_MM + row * HEIGHT_MM)
        )
    return render_exact_pdf(
        "print/card_sheet.html",
        {"pages": pages, "marks": cut_marks(), "colour": settings.BRAND_COLOUR},
        width_mm=A4_MM[0],
        height_mm=A4_MM[1],
        title=_("Cards to be cut out"),
    )


def cut_marks() -> list[Mark]:
    """At both ends of every cut, outside the cards, so that none is left on one."""
    right, bottom = A4_MM[0] - LEFT_MM, A4_MM[1] - TOP_MM
    marks = []
    for column in range(COLUMNS + 1):
        across = LEFT_MM + column * WIDTH_MM
        marks.append(Mark(across, TOP_MM - GAP_MM - MARK_MM, 0, MARK_MM))
        marks.append(Mark(across, bottom + GAP_MM, 0, MARK_MM))
    for row in range(ROWS + 1):
        down = TOP_MM + row * HEIGHT_MM
        marks.append(Mark(LEFT_MM - GAP_MM - MARK_MM, down, MARK_MM, 0))
        marks.append(Mark(right + GAP_MM, down, MARK_MM, 0))
    return marks
