"""On which dates a rule falls. Only dates: no clock, no calendar, no exception."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from directory.hours.schedule import Freq, Rule

MINUTES_A_DAY = 24 * 60


def occurs_on(rule: Rule, day: date) -> bool:
    """Whether ``rule`` falls on ``day``, by its shape and its own dates."""
    if not rule.in_force(day):
        return False
    if rule.freq == Freq.WEEKLY:
        return day.weekday() == rule.weekday and _week_counts(rule, day)
    if not _month_counts(rule, day):
        return False
    days_in_month = monthrange(day.year, day.month)[1]
    if rule.monthday is not None:
        return day.day == (days_in_month if rule.monthday == -1 else rule.monthday)
    if day.weekday() != rule.weekday:
        return False
    if rule.nth == -1:
        return day.day + 7 > days_in_month
    return (day.day - 1) // 7 + 1 == rule.nth


def _week_counts(rule: Rule, day: date) -> bool:
    """Every n weeks is counted in whole weeks from Monday, so that the anchor of "every second
    Tuesday and Thursday" may be either of them, and a new year changes nothing."""
    if rule.interval == 1 or rule.anchor is None:
        return True
    weeks = (_monday(day) - _monday(rule.anchor)).days // 7
    return weeks % rule.interval == 0


def _month_counts(rule: Rule, day: date) -> bool:
    if rule.interval == 1 or rule.anchor is None:
        return True
    months = (day.year - rule.anchor.year) * 12 + day.month - rule.anchor.month
    return months % rule.interval == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_between(first: date, last: date) -> Iterator[date]:
    """Every date from ``first`` to ``last``, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def weekly_windows(rules: Iterable[Rule], on: date | None = None) -> list[tuple[int, int, int]]:
    """``(weekday, from minute, to minute)`` that some week may hold: what "when I am free" matches.

    Minutes count from midnight, 0 to 1440. A session past midnight becomes two windows. A rule for
    every second week, or for the first Tuesday, counts as its weekday. Times not known make the
    whole day, because leaving it out would hide help that may fit; so do rules by the day of the
    month count for nothing, because any weekday would be a guess. Rules over by ``on`` are left
    out.
    """
    windows: set[tuple[int, int, int]] = set()
    for rule in rules:
        if rule.weekday is None or (on is not None and rule.valid_to and rule.valid_to < on):
            continue
        opens = _minute(rule.opens_at.hour, rule.opens_at.minute) if rule.opens_at else 0
        closes = (
            _minute(rule.closes_at.hour, rule.closes_at.minute) if rule.closes_at else MINUTES_A_DAY
        )
        if closes > opens:
            windows.add((rule.weekday, opens, closes))
            continue
        windows.add((rule.weekday, opens, MINUTES_A_DAY))
        if closes > 0:
            windows.add(((rule.weekday + 1) % 7, 0, closes))
    return sorted(windows)


def _minute(hour: int, minute: int) -> int:
    return hour * 60 + minute
