"""Paired change as it may be published: see decision record 0087.

Counts follow the rule of all figures (``dcsn.figures.protecting``, record 0054). What is added here is for
averages, which give people away in ways of their own:

* an average of under five pairs is hidden, and with it the average of the next smallest group, where the
  average of everybody would else give it by subtraction;
* an average at an end of the scale says that each of them answered so: it is hidden;
* averages have one decimal, and stand beside rounded counts, so that no sum of scores can be had back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dcsn.figures.protecting import rounded
from dcsn.figures.shapes import Line, Missing, Value
from dcsn.figures.small import hidden_of
from pathways.outcomes.ons4 import HIGHEST, LOWEST

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Group:
    """Those of one line: how many began, how many have a later answer, and the sums of both answers."""

    label: str
    started: int
    paired: int
    first: int
    latest: int

    @property
    def lost(self) -> int:
        return self.started - self.paired


def protected_groups(groups: Sequence[Group], *, total: Group) -> list[Line]:
    """Lines of six columns: started, paired, lost, average first, average latest, change."""
    hidden = hidden_of([one.paired for one in groups], has_total=True)
    lost = hidden | hidden_of([one.lost for one in groups], has_total=True)
    assert sum(one.started for one in groups) == total.started  # noqa: S101  # a fixed breakdown
    return [
        Line(one.label, (Missing.HIDDEN,) * 6) if n in hidden else _line(one, hide_lost=n in lost)
        for n, one in enumerate(groups)
    ]


def protected_group(group: Group) -> Line:
    """The line of everybody."""
    if isinstance(rounded(group.paired), Missing):
        return Line(group.label, (rounded(group.started), Missing.HIDDEN, *(Missing.HIDDEN,) * 4))
    return _line(group, hide_lost=False)


def _line(group: Group, *, hide_lost: bool) -> Line:
    return Line(
        group.label,
        (
            rounded(group.started),
            rounded(group.paired),
            Missing.HIDDEN if hide_lost else rounded(group.lost),
            *averages(group),
        ),
    )


def averages(group: Group) -> tuple[Value, Value, Value]:
    """First, latest, and the change between the two that are shown."""
    first, latest = _average(group.first, group.paired), _average(group.latest, group.paired)
    if LOWEST in (first, latest) or HIGHEST in (first, latest):
        return Missing.HIDDEN, Missing.HIDDEN, Missing.HIDDEN
    return first, latest, latest - first


def _average(total: int, count: int) -> Decimal:
    return (Decimal(total) / count).quantize(TENTH, ROUND_HALF_UP)
