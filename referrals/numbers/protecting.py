"""Small counts taken out, so that nobody is recognised by a number (decision record 0054).

Three rules, in this order:

1. A count under five is hidden, nought too.
2. In a table that has a total, hidden lines must not be found by subtraction: one hidden line alone takes
   the next smallest with it, and what is hidden together is five at least.
3. What is left is rounded to the nearest five, totals too. So tables of different periods, or of one hub
   that somebody knows and the network, give nothing away when one is taken from the other.

Shares are worked out from rounded counts; a median needs five of whatever it is the median of.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from dcsn.figures.small import LEAST, hidden_of
from referrals.numbers.reporting import percent, ratio
from referrals.numbers.shapes import Figure, Line, Missing, Report, Table, Unit, Value, count_of

ROUNDED_TO = 5


def protected(report: Report) -> Report:
    """The report as the network's page and the public page may show it."""
    return replace(
        report,
        figures=tuple(_figure(figure) for figure in report.figures),
        tables=tuple(_table(table) for table in report.tables),
        is_protected=True,
    )


def rounded(count: Value) -> Value:
    """To the nearest five; hidden when it is under five."""
    if isinstance(count, Missing):
        return count
    if count_of(count) < LEAST:
        return Missing.HIDDEN
    return ROUNDED_TO * ((count_of(count) + ROUNDED_TO // 2) // ROUNDED_TO)


def _figure(figure: Figure) -> Figure:
    return replace(
        figure,
        now=_value(figure, figure.now, figure.part[0], figure.of[0]),
        before=_value(figure, figure.before, figure.part[1], figure.of[1]),
        part=(0, 0),
        of=(0, 0),
    )


def _value(figure: Figure, value: Value, part: int, of: int) -> Value:
    if figure.unit is Unit.COUNT:
        return rounded(value)
    if value is Missing.NOTHING:
        return value
    if of < LEAST:
        return Missing.HIDDEN
    if figure.unit in (Unit.PERCENT, Unit.EACH):
        # Neither those who did nor those who did not may be few.
        rest = of - part if figure.unit is Unit.PERCENT else LEAST
        whole, share = rounded(of), rounded(part)
        if rest < LEAST or isinstance(whole, Missing) or isinstance(share, Missing):
            return Missing.HIDDEN
        if figure.unit is Unit.EACH:
            return ratio(count_of(share), count_of(whole))
        return percent(min(count_of(share), count_of(whole)), count_of(whole))
    return value


def _table(table: Table) -> Table:
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
