"""Times as people say them: "Tuesday 24 November, 10am to noon".

Sentences are plain text. :func:`unbroken` puts no-break spaces inside a time and a date, so that no
line ends in the middle of "10am to / noon" (templates: ``times_together``; paper has its own rule).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _

from directory.hours.clock import MIDNIGHT, ONE_DAY, london_date, london_time
from directory.hours.schedule import (
    Doubt,
    Exception_,
    OnBankHolidays,
    Schedule,
    Session,
)
from directory.hours.sessions import under_way

NO_BREAK = "\u00a0"
# Beyond this a date without its year would leave a reader guessing.
YEAR_GOES_WITHOUT_SAYING = timedelta(days=183)
NOON = time(12)


# --- Single times and dates -------------------------------------------------------------------------


def say_time(at: time) -> str:
    """``10am``, ``10:30am``, ``noon``, ``midnight``, as GOV.UK writes them."""
    if (at.hour, at.minute) == (12, 0):
        return _("noon")
    if (at.hour, at.minute) == (0, 0):
        return _("midnight")
    hour = at.hour % 12 or 12
    clock = f"{hour}:{at.minute:02}" if at.minute else str(hour)
    return _("%(time)sam") % {"time": clock} if at.hour < 12 else _("%(time)spm") % {"time": clock}


def say_times(opens_at: time | None, closes_at: time | None) -> str:
    """``10am to noon``; past midnight it says so; what is not known is said."""
    if opens_at is None and closes_at is None:
        return _("times not known")
    if closes_at is None:
        assert opens_at is not None  # noqa: S101  (the case above; for the type checker)
        return _("from %(time)s") % {"time": say_time(opens_at)}
    if opens_at is None:
        return _("until %(time)s") % {"time": say_time(closes_at)}
    if opens_at == closes_at == MIDNIGHT:
        return _("all day and all night")
    words = {"from": say_time(opens_at), "to": say_time(closes_at)}
    if closes_at > opens_at or closes_at == MIDNIGHT:
        return _("%(from)s to %(to)s") % words
    if closes_at <= NOON:
        return _("%(from)s to %(to)s the next morning") % words
    return _("%(from)s to %(to)s the next day") % words


def say_date(day: date, today: date | None = None) -> str:
    """``Tuesday 24 November``; with the year when far from ``today`` or when that is not given."""
    words = f"{WEEKDAYS[day.weekday()]} {say_day(day)}"
    if today is None or abs(day - today) > YEAR_GOES_WITHOUT_SAYING:
        words += f" {day.year}"
    return words


def say_day(day: date) -> str:
    """``24 November``."""
    return f"{day.day} {MONTHS[day.month]}"


def say_full_date(day: date) -> str:
    """``24 November 2026``."""
    return f"{say_day(day)} {day.year}"


def days_and_times(days: str, times: str) -> str:
    """``Tuesday, 10am to noon``."""
    return _("%(days)s, %(times)s") % {"days": days, "times": times}


def say_bank_holidays(policy: OnBankHolidays) -> str:
    """What it does on a bank holiday; not knowing is said."""
    match policy:
        case OnBankHolidays.CLOSED:
            return _("Closed on bank holidays")
        case OnBankHolidays.OPEN:
            return _("Open on bank holidays")
        case OnBankHolidays.NOT_KNOWN:
            return _("Bank holidays: not known, ask")


# --- One session ------------------------------------------------------------------------------------


def say_session(session: Session, now: datetime) -> str:
    """``Tuesday 24 November, 10am to noon``, with "Today" or "Tomorrow" before it when it is, and
    what is in doubt after it."""
    today = london_date(now)
    times = say_times(session.opens_at, session.closes_at)
    if session.day < today and under_way(session, now) and session.ends_at is not None:
        # It began yesterday evening: only its end still matters.
        words = _("Now, until %(time)s") % {"time": say_time(london_time(session.ends_at))}
    else:
        words = _("%(date)s, %(times)s") % {"date": say_date(session.day, today), "times": times}
        if session.day == today:
            words = _("Today, %(when)s") % {"when": words}
        elif session.day == today + ONE_DAY:
            words = _("Tomorrow, %(when)s") % {"when": words}
    if session.by_appointment:
        words = _("%(when)s, ring first") % {"when": words}
    if session.doubt is not None:
        words = f"{words} ({say_doubt(session.doubt)})"
    if session.cancelled:
        words = _("Cancelled: %(when)s") % {"when": words}
    return words


def say_doubt(doubt: Doubt) -> str:
    """Why to ask before going."""
    match doubt:
        case Doubt.BANK_HOLIDAY:
            return _("a bank holiday: ask if it is on")
        case Doubt.TERM_NOT_KNOWN:
            return _("in school terms only: ask if it is on")
        case Doubt.HOLIDAYS_NOT_KNOWN:
            return _("could be a bank holiday: ask")


# --- Days that differ -------------------------------------------------------------------------------


def say_exception(item: Exception_, today: date) -> str:
    """``Closed Thursday 24 December to Friday 1 January: Christmas``."""
    days = say_date(item.starts_on, today)
    if item.ends_on != item.starts_on:
        words = {"from": days, "to": say_date(item.ends_on, today)}
        days = _("%(from)s to %(to)s") % words
    if item.closed:
        line = _("Closed %(days)s") % {"days": days}
    else:
        line = days_and_times(days, say_times(item.opens_at, item.closes_at))
    return (
        _("%(line)s: %(reason)s") % {"line": line, "reason": item.reason} if item.reason else line
    )


def changes(
    schedule: Schedule, today: date, within: timedelta = timedelta(days=60)
) -> tuple[str, ...]:
    """The days that differ and are not over, up to ``within`` ahead, the soonest first."""
    coming = [
        e for e in schedule.exceptions if today <= e.ends_on and e.starts_on <= today + within
    ]
    coming.sort(key=lambda item: (item.starts_on, item.ends_on, item.opens_at or MIDNIGHT))
    return tuple(dict.fromkeys(say_exception(item, today) for item in coming))


# --- Pieces -----------------------------------------------------------------------------------------


def and_list(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


_TIME = r"(?:\d{1,2}(?::\d\d)?[ap]m|noon|midnight)"
_WHOLE_TIMES = re.compile(rf"\b{_TIME} to {_TIME}\b")


def unbroken(text: str) -> str:
    """``text`` with no-break spaces inside its times ("10am to noon") and dates ("24 November")."""
    tied = _WHOLE_TIMES.sub(lambda found: found[0].replace(" ", NO_BREAK), text)
    return re.sub(rf"\b(\d{{1,2}}) (?={_months()}\b)", rf"\1{NO_BREAK}", tied)


def _months() -> str:
    return "(?:" + "|".join(re.escape(str(name)) for name in MONTHS.values()) + ")"
