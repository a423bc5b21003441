"""Small counts taken out, so that nobody is recognised by a number (decision record 0054).

The rules for tables stand in ``dcsn.figures.protecting``. Shares are worked out from rounded
counts; a median needs five of whatever it is the median of.
"""

from __future__ import annotations

from dataclasses import replace

from dcsn.figures.protecting import protected_table, rounded
from dcsn.figures.small import LEAST
from referrals.numbers.reporting import percent, ratio
from referrals.numbers.shapes import Figure, Missing, Report, Unit, Value, count_of


def protected(report: Report) -> Report:
    """The report as the network's page and the public page may show it."""
    return replace(
        report,
        figures=tuple(_figure(figure) for figure in report.figures),
        tables=tuple(protected_table(table) for table in report.tables),
        is_protected=True,
    )


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
