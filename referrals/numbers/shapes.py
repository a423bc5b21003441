"""Figures and tables as plain values, whoever may see them and however they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dcsn.figures.periods import Period
from dcsn.figures.shapes import Chart, Line, Missing, Table, Value, count_of

__all__ = [
    "Chart",
    "Figure",
    "Line",
    "Missing",
    "Report",
    "Table",
    "Unit",
    "Value",
    "count_of",
]


class Unit(Enum):
    COUNT = "count"
    PERCENT = "percent"
    WORKING_DAYS = "working days"
    DAYS = "days"
    MINUTES = "minutes"
    EACH = "each"


@dataclass(frozen=True)
class Figure:
    """One number, now and in the period before.

    ``part`` and ``of``: a share is the one of the other; anything measured (a median) comes ``of`` so
    many. Protecting needs them, now and before.
    """

    key: str
    title: str
    counted: str
    now: Value
    before: Value
    unit: Unit = Unit.COUNT
    part: tuple[int, int] = (0, 0)
    of: tuple[int, int] = (0, 0)

    def said(self, value: Value) -> str:
        if isinstance(value, Missing):
            return str(value)
        plain = value if isinstance(value, Decimal) else count_of(value)
        number = number_format(plain, use_l10n=True, force_grouping=True)
        one = value == 1
        words = {
            Unit.PERCENT: _("%(number)s%%"),
            Unit.WORKING_DAYS: _("%(number)s working day") if one else _("%(number)s working days"),
            Unit.DAYS: _("%(number)s day") if one else _("%(number)s days"),
            Unit.MINUTES: _("%(number)s minute") if one else _("%(number)s minutes"),
            Unit.EACH: _("%(number)s each"),
        }.get(self.unit, "%(number)s")
        return words % {"number": number}

    @property
    def now_said(self) -> str:
        return self.said(self.now)

    @property
    def before_said(self) -> str:
        return self.said(self.before)


@dataclass(frozen=True)
class Report:
    """All the figures and tables of one period, of one hub or of the network."""

    period: Period
    of: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    is_empty: bool
    is_protected: bool = False

    def rows(self) -> Iterator[tuple[object, ...]]:
        """For CSV: what, which line, which column, the value, the value before, how it was counted."""
        for figure in self.figures:
            yield (
                figure.title,
                "",
                figure.unit.value,
                *map(_plain, (figure.now, figure.before)),
                (figure.counted),
            )
        for table in self.tables:
            for line in (*table.lines, *([table.total] if table.total else [])):
                for column, cell in zip(table.columns, line.cells, strict=True):
                    yield table.title, line.label, column, _plain(cell), "", table.counted


def _plain(value: Value) -> int | Decimal | str:
    return value if isinstance(value, int | Decimal) else str(value)
