"""What the hours given in a stretch of time are counted as, by organisation; integers throughout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum

from dcsn.figures.small import LEAST, hidden_of
from volunteers.models import HourValueRate
from volunteers.models.rate import value_pence


@dataclass(frozen=True)
class Line:
    """One organisation: None where a number may not be shown."""

    name: str
    volunteers: int | None
    minutes: int | None
    pence: int | None

    @property
    def is_hidden(self) -> bool:
        return self.minutes is None


@dataclass(frozen=True)
class Value:
    lines: Sequence[Line]
    total: Line
    # Of days before the first rate: time without money.
    unpriced_minutes: int
    rates: Sequence[HourValueRate]


def value_of(hours: Any, *, begins: date, ends: date, name_of_total: str) -> Value:
    """Minutes times the rate of their day, added up for each rate and organisation, and rounded once there:
    a half upwards. The total is the sum of the lines.

    :param hours: rows of ``Hours``; those that count are taken. Two queries, however many there are.
    """
    rows = hours.counted().filter(day__range=(begins, ends), minutes__gt=0)
    rate = HourValueRate.objects.filter(from_on__lte=OuterRef("day")).order_by("-from_on")
    sums = (
        rows.order_by()
        .annotate(rate=Subquery(rate.values("pence")[:1]))
        .values("organisation_id", "organisation__name", "rate")
        .annotate(sum=Sum("minutes"))
    )
    people = {
        row["organisation_id"]: row["n"]
        for row in rows.order_by()
        .values("organisation_id")
        .annotate(n=Count("volunteer", distinct=True))
    }
    names: dict[Any, str] = {}
    minutes: dict[Any, int] = defaultdict(int)
    pence: dict[Any, int] = defaultdict(int)
    unpriced = 0
    for row in sums:
        key = row["organisation_id"]
        names[key] = row["organisation__name"]
        minutes[key] += row["sum"]
        if row["rate"] is None:
            unpriced += row["sum"]
        else:
            pence[key] += value_pence(row["sum"], row["rate"])
    lines = [
        Line(names[key], people[key], minutes[key], pence[key])
        for key in sorted(names, key=lambda key: (names[key].casefold(), str(key)))
    ]
    volunteers = rows.order_by().aggregate(n=Count("volunteer", distinct=True))["n"]
    return Value(
        lines,
        Line(name_of_total, volunteers, sum(minutes.values()), sum(pence.values())),
        unpriced,
        list(HourValueRate.objects.filter(from_on__lte=ends).order_by("-from_on")),
    )


def without_small(value: Value) -> Value:
    """For the network: what fewer than five people gave is not shown, and where that could be worked out from
    the total, neither is the next smallest; of a total of fewer than five nothing is."""
    if (value.total.volunteers or 0) < LEAST:
        return replace(
            value,
            lines=[_hidden(line) for line in value.lines],
            total=_hidden(value.total),
            unpriced_minutes=0,
        )
    hidden = hidden_of([line.volunteers or 0 for line in value.lines], has_total=True)
    return replace(
        value,
        lines=[
            _hidden(line) if number in hidden else line for number, line in enumerate(value.lines)
        ],
    )


def _hidden(line: Line) -> Line:
    return Line(line.name, None, None, None)
