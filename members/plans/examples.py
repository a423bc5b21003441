"""What terms mean, worked out for days that somebody can picture; by the same rules that members get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from members.membership.periods import Duration, Period, Unit, first_span, next_span


@dataclass(frozen=True)
class Example:
    """Who joins on that day is a member until ``until``; renewed in time, until ``renewed``."""

    joined: date
    until: date
    renewed: date
    why: str


def worked_examples(terms: Duration, first: date, *, why: str = "") -> list[Example]:
    """One for the first day, or another (``why``); with a rollover the days before and on it as well."""
    days = [(first, why or _("the first day of these terms"))]
    rollover = next_rollover(terms, first)
    if rollover is not None:
        days += [
            (rollover - timedelta(days=1), _("the last day before the rollover")),
            (rollover, _("the day of the rollover")),
        ]
    examples = []
    for joined, why in sorted(set(days)):
        until = first_span(joined, terms).ends_on
        examples.append(Example(joined, until, next_span(until, terms).ends_on, why))
    return examples


def next_rollover(terms: Duration, after: date) -> date | None:
    """The first day after ``after`` on which whoever joins gets the next period as well."""
    if terms.period != Period.FIXED or terms.rollover_day is None:
        return None
    if terms.unit == Unit.YEAR and terms.rollover_month is None:
        return None
    # Days that do not exist (31 April) are the month's last: look where the end of the period jumps.
    before = first_span(after, terms).ends_on
    for ahead in range(1, 368):
        day = after + timedelta(days=ahead)
        ends_on = first_span(day, terms).ends_on
        if ends_on > before and _is_rollover(terms, day):
            return day
        before = ends_on
    return None


def _is_rollover(terms: Duration, day: date) -> bool:
    tomorrow = day + timedelta(days=1)
    is_last = tomorrow.month != day.month
    if terms.unit == Unit.YEAR and day.month != terms.rollover_month:
        return False
    wanted = terms.rollover_day or 1
    return day.day == wanted or (is_last and day.day < wanted)
