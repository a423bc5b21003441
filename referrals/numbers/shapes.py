"""Figures and tables as plain values, whoever may see them and however they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from referrals.numbers.periods import Period

# Lines of a table that a page shows at once; the others can be opened.
AT_ONCE = 15


class Missing(Enum):
    """Why there is no number."""

    NOTHING = "nothing"  # there was nothing to count or to measure
    HIDDEN = "hidden"  # it is small, or would give a small one away

    def __str__(self) -> str:
        return _("hidden") if self is Missing.HIDDEN else "–"


Value = int | Decimal | Missing


def count_of(value: Value) -> int:
    """The number of a count; nought where there is none."""
    return 0 if isinstance(value, Missing) else int(value)


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
        number = number_format(value, use_l10n=True, force_grouping=True)
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
class Line:
    label: str
    cells: tuple[Value, ...]

    def cells_said(self) -> list[str]:
        return [
            str(cell)
            if isinstance(cell, Missing)
            else number_format(cell, use_l10n=True, force_grouping=True)
            for cell in self.cells
        ]


class Chart(Enum):
    """How a table is drawn; each column of it is a row of bars."""

    NONE = "none"
    BARS = "bars"
    COLUMNS = "columns"
    STACKED = "stacked"


@dataclass(frozen=True)
class Table:
    """A breakdown: lines by columns.

    ``total`` is the sum of the lines, where they add up (each thing counted in one line only).
    ``fold``: lines that are hidden whole are put together into one.
    """

    key: str
    title: str
    counted: str
    head: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    chart: Chart = Chart.NONE
    fold: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(cell for line in self.lines for cell in line.cells)

    @property
    def first_lines(self) -> tuple[Line, ...]:
        """Those that a page shows at once; a few more than that are shown too."""
        return self.lines if len(self.lines) <= AT_ONCE + 3 else self.lines[:AT_ONCE]

    @property
    def other_lines(self) -> tuple[Line, ...]:
        return self.lines[len(self.first_lines) :]

    def with_lines(self, lines: Sequence[Line], total: Line | None) -> Table:
        return replace(self, lines=tuple(lines), total=total)


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
    return str(value) if isinstance(value, Missing) else value
