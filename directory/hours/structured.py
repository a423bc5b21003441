"""Opening times for machines: schema.org ``OpeningHoursSpecification``.

schema.org can say "every Tuesday" but neither "every second Tuesday" nor "in school terms", so what
it cannot say is written out as dates, one by one, for the weeks ahead.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from directory.hours.clock import MIDNIGHT
from directory.hours.recurrence import days_between, occurs_on
from directory.hours.schedule import Calendars, Freq, Rule, Schedule, Session, Source
from directory.hours.sessions import sessions

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AHEAD = timedelta(days=60)
END_OF_DAY = time(23, 59)


def opening_hours(schedule: Schedule, calendars: Calendars, today: date) -> dict[str, Any]:
    """``openingHoursSpecification`` and ``specialOpeningHoursSpecification``, whichever have any.

    A special day replaces the regular ones altogether, so one is written wherever a day comes out
    differently from what the every-week rules would give, with all that is on that day. Rules
    without times, events and days in doubt are left out: a machine cannot be told "ask".
    """
    weekly = [rule for rule in dict.fromkeys(schedule.rules) if _every_week(rule, today)]
    special: list[dict[str, str]] = []
    by_day: dict[date, list[Session]] = {}
    for session in sessions(schedule, calendars, today, today + AHEAD):
        if session.source is not Source.EVENT and not session.cancelled:
            by_day.setdefault(session.day, []).append(session)
    for day in days_between(today, today + AHEAD):
        actual = by_day.get(day, [])
        if any(one.doubt or one.opens_at is None or one.closes_at is None for one in actual):
            continue
        regular = {(r.opens_at, r.closes_at) for r in weekly if occurs_on(r, day)}
        if regular != {(one.opens_at, one.closes_at) for one in actual}:
            special += [_dated(one) for one in actual] or [_closed(day)]
    found = {
        "openingHoursSpecification": [_weekly(rule) for rule in weekly],
        "specialOpeningHoursSpecification": special,
    }
    return {name: value for name, value in found.items() if value}


def _every_week(rule: Rule, today: date) -> bool:
    return (
        rule.freq == Freq.WEEKLY
        and rule.interval == 1
        and not rule.term_time_only
        and rule.opens_at is not None
        and rule.closes_at is not None
        and (rule.valid_to is None or today <= rule.valid_to)
    )


def _weekly(rule: Rule) -> dict[str, str]:
    assert rule.weekday is not None  # noqa: S101  (a weekly rule has one)
    entry = {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": f"https://schema.org/{DAYS[rule.weekday]}",
        **_times(rule.opens_at or MIDNIGHT, rule.closes_at or MIDNIGHT),
    }
    if rule.valid_from is not None:
        entry["validFrom"] = rule.valid_from.isoformat()
    if rule.valid_to is not None:
        entry["validThrough"] = rule.valid_to.isoformat()
    return entry


def _dated(session: Session) -> dict[str, str]:
    times = _times(session.opens_at or MIDNIGHT, session.closes_at or MIDNIGHT)
    return {"@type": "OpeningHoursSpecification", **times, **_on(session.day)}


def _closed(day: date) -> dict[str, str]:
    """Opening and closing at midnight is how schema.org says closed."""
    return {
        "@type": "OpeningHoursSpecification",
        "opens": "00:00",
        "closes": "00:00",
        **_on(day),
    }


def _on(day: date) -> dict[str, str]:
    return {"validFrom": day.isoformat(), "validThrough": day.isoformat()}


def _times(opens_at: time, closes_at: time) -> dict[str, str]:
    """Midnight to midnight would read as closed, so the last minute stands for the end."""
    if closes_at == MIDNIGHT:
        closes_at = END_OF_DAY
    return {"opens": f"{opens_at:%H:%M}", "closes": f"{closes_at:%H:%M}"}
