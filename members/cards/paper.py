"""The card on paper: one to a page of a card's size, or ten on a sheet of A4 to be cut.

Nothing on it tells a paid card from a free one, nor whose it is. 85.60 by 53.98 mm is ISO/IEC 7810, ID-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dcsn.printing import render_exact_pdf
from members.cards.number import as_printed
from members.cards.qr import qr_data
from members.cards.validity import membership_good_until
from members.models import Card

WIDTH_MM, HEIGHT_MM = 85.60, 53.98
A4_MM = (210.0, 297.0)
# Two to a row, five rows; print.css has the margins and the marks that follow from these.
ON_A_SHEET = 10


@dataclass(frozen=True)
class Face:
    """What is printed on one card."""

    number: str
    until: date
    code: str


def face_of(card: Card) -> Face:
    """:raises ValueError: for a membership that gives no card any more; nobody should print one."""
    until = membership_good_until(card.membership)
    if until is None:
        raise ValueError("this card is good for nothing")
    return Face(as_printed(card.number), until, qr_data(card.number))


def card_pdf(card: Card) -> bytes:
    """A page of a card's size, for a card printer."""
    return render_exact_pdf(
        "print/card.html",
        {"face": face_of(card)},
        width_mm=WIDTH_MM,
        height_mm=HEIGHT_MM,
        title=_("Card"),
    )


def sheet_pdf(cards: Sequence[Card], *, first_place: int = 1) -> bytes:
    """Ten to a sheet, with cut marks; the first places are left empty where the sheet was begun."""
    places: list[Face | None] = [None] * (first_place - 1)
    places += [face_of(card) for card in cards]
    pages = [places[start : start + ON_A_SHEET] for start in range(0, len(places), ON_A_SHEET)]
    return render_exact_pdf(
        "print/card_sheet.html",
        {"pages": pages},
        width_mm=A4_MM[0],
        height_mm=A4_MM[1],
        title=_("Cards to be cut out"),
    )
