"""Stretches of time that figures are given for. A day is London's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

LONDON = ZoneInfo("Europe/London")
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_CODE = re.compile(r"^(month|quarter|year)-(20\d\d)-(0[1-9]|1[0-2])$")
# The financial year of public bodies.
YEAR_BEGINS_IN = 4


class NoSuchPeriod(ValueError):
    """Not a period, or one that has not begun; the message says so to a reader."""


@dataclass(frozen=True, order=True)
class Period:
    """``first`` is the first day of a month; ``kind`` says how many months."""

    first: date
    kind: str

    @property
    def code(self) -> str:
        return f"{self.kind}-{self.first:%Y-%m}"

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it."""
        return months_on(self.first, MONTHS_IN[self.kind])

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first moment of it, and the first after it."""
        return _midnight(self.first), _midnight(self.after)

    def before(self) -> Period:
        return Period(months_on(self.first, -MONTHS_IN[self.kind]), self.kind)

    def is_over(self, today: date) -> bool:
        return self.after <= today

    def __str__(self) -> str:
        if self.kind == "month":
            return date_format(self.first, "F Y")
        return _("%(first)s to %(last)s") % {
            "first": date_format(self.first, "F Y" if self.first.year != self.last.year else "F"),
            "last": date_format(self.last, "F Y"),
        }


# Each period is worked out when it is first asked for, by anybody: not for a thousand years.
YEARS_BACK = 10


def period_of(code: str, today: date) -> Period:
    """The period of a code such as ``quarter-2026-07``.

    :raises NoSuchPeriod: for anything else, and for one that lies in the future.
    """
    found = _CODE.match(code)
    if found is None:
        raise NoSuchPeriod(_("Choose a period from the list."))
    kind, first = found[1], date(int(found[2]), int(found[3]), 1)
    if Period(_beginning(first, kind), kind).first != first:
        raise NoSuchPeriod(_("Choose a period from the list."))
    if first.year < today.year - YEARS_BACK:
        raise NoSuchPeriod(_("Choose a period from the list."))
    if first > today:
        raise NoSuchPeriod(_("This period has not begun yet. Choose an earlier one."))
    return Period(first, kind)


def current(kind: str, today: date) -> Period:
    """The month, quarter or year that ``today`` is in."""
    return Period(_beginning(today, kind), kind)


def last_full(kind: str, today: date) -> Period:
    return current(kind, today).before()


def choices(today: date, *, running: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the list of periods offers, newest first.

    :param running: also those that are not over yet.
    """
    groups = ((_("Months"), "month", 13), (_("Quarters"), "quarter", 9), (_("Years"), "year", 4))
    offered = []
    for heading, kind, count in groups:
        period, found = current(kind, today), []
        for _number in range(count):
            if period.is_over(today):
                found.append((period.code, str(period)))
            elif running:
                found.append((period.code, _("%(period)s (so far)") % {"period": period}))
            period = period.before()
        offered.append((heading, found))
    return offered


def _beginning(day: date, kind: str) -> date:
    month = day.replace(day=1)
    if kind == "month":
        return month
    since_april = (month.month - YEAR_BEGINS_IN) % 12
    return months_on(month, -(since_april % MONTHS_IN[kind]))


def months_on(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
