"""Tables with their small counts taken out and the others rounded (decision record 0054).

1. A count under five is hidden, nought too.
2. In a table that has a total, hidden lines must not be found by subtraction: one hidden line alone takes
   the next smallest with it, and what is hidden together is five at least.
3. What is left is rounded to the nearest five, totals too. So two tables that overlap give nothing away
   when one is taken from the other.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.figures.shapes import Line, Missing, Table, Value, count_of
from dcsn.figures.small import LEAST, hidden_of

ROUNDED_TO = 5


def rounded(count: Value) -> Value:
    """To the nearest five; hidden when it is under five."""
    if isinstance(count, Missing):
        return count
    if count_of(count) < LEAST:
        return Missing.HIDDEN
    return ROUNDED_TO * ((count_of(count) + ROUNDED_TO // 2) // ROUNDED_TO)


def protected_table(table: Table) -> Table:
    """The table as somebody may see it who may not see the people: see decision record 0054."""
    columns = [[line.cells[n] for line in table.lines] for n in range(len(table.columns))]
    totals: list[Value | None] = list(table.total.cells) if table.total else [None] * len(columns)
    kept: list[list[Value]] = []
    rests: list[Value] = []
    for cells, total in zip(columns, totals, strict=True):
        hidden = hidden_of(cells, has_total=total is not None)
        kept.append(
            [Missing.HIDDEN if n in hidden else rounded(cell) for n, cell in enumerate(cells)]
        )
        rests.append(rounded(sum(count_of(cells[n]) for n in hidden)))
    lines = [
        Line(line.label, tuple(column[n] for column in kept)) for n, line in enumerate(table.lines)
    ]
    if table.fold:
        lines = _folded(lines, rests)
    total_line = table.total and Line(
        table.total.label, tuple(rounded(cell) for cell in table.total.cells)
    )
    return table.with_lines(lines, total_line)


def _folded(lines: list[Line], rests: list[Value]) -> list[Line]:
    """Lines that show nothing become one, with their sums where every column of them is hidden."""
    shown = [line for line in lines if any(cell is not Missing.HIDDEN for cell in line.cells)]
    away = len(lines) - len(shown)
    if away < 2:
        return lines
    sums = [
        rest if all(line.cells[n] is not Missing.HIDDEN for line in shown) else Missing.HIDDEN
        for n, rest in enumerate(rests)
    ]
    return [*shown, Line(_("All others together (%(count)d)") % {"count": away}, tuple(sums))]
