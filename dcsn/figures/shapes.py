"""Tables of figures as plain values, whoever may see them and however they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dcsn.forms.money import say_pence

# Lines of a table that a page shows at once; the others can be opened.
AT_ONCE = 15


class Missing(Enum):
    """Why there is no number."""

    NOTHING = "nothing"  # there was nothing to count or to measure
    HIDDEN = "hidden"  # it is small, or would give a small one away

    def __str__(self) -> str:
        return _("hidden") if self is Missing.HIDDEN else "–"


class Pence(int):
    """An amount of money; below nought where more went back than came in."""

    def __str__(self) -> str:
        return f"−{say_pence(-self)}" if self < 0 else say_pence(int(self))

    @property
    def pounds(self) -> Decimal:
        return (Decimal(int(self)) / 100).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    of: int

    @property
    def percent(self) -> int:
        """Rounded half up."""
        return (self.part * 200 + self.of) // (self.of * 2) if self.of else 0

    def __bool__(self) -> bool:
        return self.of > 0

    def __str__(self) -> str:
        return _("%(percent)s%% (%(part)s of %(of)s)") % {
            "percent": self.percent,
            "part": number_format(self.part, use_l10n=True, force_grouping=True),
            "of": number_format(self.of, use_l10n=True, force_grouping=True),
        }


Value = int | Decimal | Missing | Pence | Share


def count_of(value: Value) -> int:
    """The number of a count; nought where there is none."""
    return 0 if isinstance(value, Missing | Share) else int(value)


@dataclass(frozen=True)
class Line:
    label: str
    cells: tuple[Value, ...]

    def cells_said(self) -> list[str]:
        return [
            str(cell)
            if isinstance(cell, Missing | Pence | Share)
            else number_format(cell, use_l10n=True, force_grouping=True)
            for cell in self.cells
        ]


class Chart(Enum):
    """How a table is drawn; each column of it is a row of bars."""

    NONE = "none"
    BARS = "bars"
    COLUMNS = "columns"
    STACKED = "stacked"
    LINES = "lines"  # each column of the table is a line; its lines are the moments, in their order


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
    # From where to where the axis of a picture goes; for lines, which would else begin anywhere.
    scale: tuple[int, int] | None = None

    @property
    def is_empty(self) -> bool:
        cells = [cell for line in self.lines for cell in line.cells]
        if self.chart is Chart.LINES:
            # Points on a scale: a nought is an answer.
            return all(cell is Missing.NOTHING for cell in cells)
        return not any(cells)

    @property
    def first_lines(self) -> tuple[Line, ...]:
        """Those that a page shows at once; a few more than that are shown too."""
        return self.lines if len(self.lines) <= AT_ONCE + 3 else self.lines[:AT_ONCE]

    @property
    def other_lines(self) -> tuple[Line, ...]:
        return self.lines[len(self.first_lines) :]

    def with_lines(self, lines: Sequence[Line], total: Line | None) -> Table:
        return replace(self, lines=tuple(lines), total=total)


def rows(tables: tuple[Table, ...]) -> Iterator[tuple[object, ...]]:
    """For CSV: which table, which line, which column, the value, how it was counted. Money in pounds."""
    for table in tables:
        for line in (*table.lines, *([table.total] if table.total else [])):
            for column, cell in zip(table.columns, line.cells, strict=True):
                value = cell.pounds if isinstance(cell, Pence) else cell
                plain = value if isinstance(value, int | Decimal) else str(value)
                yield table.title, line.label, column, plain, table.counted
