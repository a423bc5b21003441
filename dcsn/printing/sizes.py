"""The choices a reader has about paper: how large the letters are, and the colour behind them."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PrintSize(IntEnum):
    """The size of the body text in points; everything else on the page follows from this number.

    18 is what UKAAF calls large print, 14 the ideal of clear print, 24 the beginning of giant print.
    """

    CLEAR = 14
    LARGE = 18
    GIANT = 24

    @property
    def label(self) -> Promise:
        return _SIZE_LABELS[self]

    @property
    def slug(self) -> str:
        """How a file's name says the size."""
        return {14: "clear-print", 18: "large-print", 24: "giant-print"}[self]

    @classmethod
    def read(cls, text: str | None) -> PrintSize:
        """What somebody asked for in an address; anything we do not print becomes large print."""
        try:
            return cls(int(text or cls.LARGE))
        except ValueError:
            return cls.LARGE


class PaperColour(StrEnum):
    """Black letters on white, or on pale yellow, which many people with sight loss read better."""

    WHITE = "white"
    YELLOW = "yellow"

    @property
    def label(self) -> Promise:
        return _PAPER_LABELS[self]

    @property
    def rgb(self) -> tuple[float, float, float] | None:
        """The tint to lay under the text (PDF numbers, 0 to 1); ``None`` leaves the paper as it is."""
        return (1.0, 0.98, 0.80) if self is PaperColour.YELLOW else None

    @classmethod
    def read(cls, text: str | None) -> PaperColour:
        try:
            return cls(text or cls.WHITE)
        except ValueError:
            return cls.WHITE


_SIZE_LABELS: dict[PrintSize, Promise] = {
    PrintSize.CLEAR: _("Clear print (14 point)"),
    PrintSize.LARGE: _("Large print (18 point)"),
    PrintSize.GIANT: _("Giant print (24 point)"),
}
_PAPER_LABELS: dict[PaperColour, Promise] = {
    PaperColour.WHITE: _("White"),
    PaperColour.YELLOW: _("Pale yellow"),
}
