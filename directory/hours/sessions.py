"""From rules, days that differ, calendars and events to dated sessions.

Order of authority for one day: closed for now, then days that differ, then calendars over rules.
Events stand beside all of that, except that a cancelled event takes the session of the same start
with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from directory.hours.clock import ONE_DAY, london_date, london_time, moment, span
from directory.hours.recurrence import days_between, occurs_on
from directory.hours.schedule import (
    NO_CALENDARS,
    Calendars,
    Doubt,
    Event,
    OnBankHolidays,
    Rule,
    Schedule,
    Session,
    Source,
)

# How far ahead the next session is looked for, in steps, because most are within three weeks. The
# last is a little over four years: long enough for 29 February.
HORIZONS = (timedelta(days=21), timedelta(days=120), timedelta(days=400), timedelta(days=1500))


class OpenNow(StrEnum):
    """Whether help is given at a moment. Not known is neither of the other two."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


def sessions(schedule: Schedule, calendars: Calendars, first: date, last: date) -> list[Session]:
    """Those that begin on the London dates ``first`` to ``last``, in order, cancelled ones too."""
    found: list[Session] = []
    by_day = _events_by_day(schedule, first, last)
    for day in days_between(first, last):
        events = by_day.get(day, [])
        started = {event.starts_at for event in events if event.starts_at}
        found += [one for one in _regular(schedule, calendars, day) if one.starts_at not in started]
        found += events
    return sorted(found, key=_order)


def next_session(
    schedule: Schedule, calendars: Calendars, after: datetime, *, within: timedelta | None = None
) -> Session | None:
    """The first that is not over at ``after`` and not cancelled; one under way counts.

    ``None``: none within four years (or ``within``), or nothing is known.
    """
    if not schedule.is_known or schedule.closed_before == date.max:
        return None
    # One that began yesterday evening may still be going on.
    start = london_date(after) - ONE_DAY
    for horizon in HORIZONS if within is None else (within,):
        end = london_date(after) + horizon
        for session in sessions(schedule, calendars, start, end):
            if not session.cancelled and not is_over(session, after):
                return session
        if _nothing_later(schedule, end):
            return None
        start = end + ONE_DAY
    return None


def is_over(session: Session, at: datetime) -> bool:
    """Whether nobody need go any more. Without an end: once it has begun; without times: that
    day's midnight."""
    if session.ends_at is not None:
        return session.ends_at <= at
    if session.starts_at is not None:
        return session.starts_at < at
    return session.day < london_date(at)


def under_way(session: Session, at: datetime) -> bool:
    """Whether it is going on at ``at``, as far as its times are known."""
    return (
        session.starts_at is not None
        and session.ends_at is not None
        and session.starts_at <= at < session.ends_at
    )


def open_now(schedule: Schedule, calendars: Calendars, at: datetime) -> OpenNow:
    """Open, closed, or not known: no rule in force is neither closed nor open."""
    today = london_date(at)
    if schedule.closed_before is not None and today < schedule.closed_before:
        return OpenNow.NO
    lately = [
        one for one in sessions(schedule, calendars, today - ONE_DAY, today) if not one.cancelled
    ]
    if any(under_way(one, at) and one.doubt is None for one in lately):
        return OpenNow.YES
    if any(under_way(one, at) or _may_be_under_way(one, at) for one in lately):
        return OpenNow.NOT_KNOWN
    if schedule.exceptions_on(today) or any(rule.in_force(today) for rule in schedule.rules):
        return OpenNow.NO
    return OpenNow.NOT_KNOWN


def _may_be_under_way(session: Session, at: datetime) -> bool:
    if session.day != london_date(at) or (session.starts_at and session.ends_at):
        return False
    if session.starts_at is not None:
        return session.starts_at <= at
    return session.ends_at is None or at < session.ends_at


def _regular(schedule: Schedule, calendars: Calendars, day: date) -> Iterator[Session]:
    """The sessions of rules and of days that differ that begin on ``day``."""
    if schedule.closed_before is not None and day < schedule.closed_before:
        return
    if differing := schedule.exceptions_on(day):
        for item in differing:
            if not item.closed and (times := span(day, item.opens_at, item.closes_at)):
                yield Session(
                    day,
                    *times,
                    opens_at=item.opens_at,
                    closes_at=item.closes_at,
                    source=Source.EXCEPTION,
                    note=item.reason,
                )
        return
    for rule in dict.fromkeys(schedule.rules):
        if not occurs_on(rule, day):
            continue
        takes_place, doubt = _by_calendars(schedule, rule, calendars, day)
        if takes_place and (times := span(day, rule.opens_at, rule.closes_at)):
            yield Session(
                day,
                *times,
                opens_at=rule.opens_at,
                closes_at=rule.closes_at,
                note=rule.note,
                by_appointment=rule.by_appointment,
                doubt=doubt,
                rule=rule,
            )


def _by_calendars(
    schedule: Schedule, rule: Rule, calendars: Calendars, day: date
) -> tuple[bool, Doubt | None]:
    """Whether the calendars let ``rule`` take place on ``day``, and what is in doubt."""
    doubt: Doubt | None = None
    if rule.term_time_only:
        in_term = calendars.terms.in_term(day) if calendars.terms else None
        if in_term is False:
            return False, None
        if in_term is None:
            doubt = Doubt.TERM_NOT_KNOWN
    # With no calendar entered at all every day would be in doubt, which tells a reader nothing:
    # the week in words says what is known about bank holidays.
    if calendars.holidays is not None and schedule.bank_holidays != OnBankHolidays.OPEN:
        holiday = calendars.holidays.is_holiday(day)
        if holiday and schedule.bank_holidays == OnBankHolidays.CLOSED:
            return False, None
        if holiday:
            doubt = Doubt.BANK_HOLIDAY
        elif holiday is None:
            doubt = doubt or Doubt.HOLIDAYS_NOT_KNOWN
    return True, doubt


def _events_by_day(schedule: Schedule, first: date, last: date) -> dict[date, list[Session]]:
    by_day: dict[date, list[Session]] = {}
    for event in schedule.events:
        session = _of_event(event)
        if first <= session.day <= last:
            if schedule.closed_before is not None and session.day < schedule.closed_before:
                session = replace(session, cancelled=True)
            by_day.setdefault(session.day, []).append(session)
    return by_day


def _of_event(event: Event) -> Session:
    return Session(
        london_date(event.starts_at),
        event.starts_at.astimezone(UTC),
        event.ends_at.astimezone(UTC) if event.ends_at else None,
        opens_at=london_time(event.starts_at),
        closes_at=london_time(event.ends_at) if event.ends_at else None,
        source=Source.EVENT,
        title=event.title,
        note=event.note,
        cancelled=event.cancelled,
    )


def _order(session: Session) -> tuple[date, datetime, datetime]:
    starts_at = session.starts_at or moment(session.day, session.opens_at or datetime.min.time())
    return session.day, starts_at, session.ends_at or datetime.max.replace(tzinfo=UTC)


def _nothing_later(schedule: Schedule, day: date) -> bool:
    """Whether everything in ``schedule`` is over after ``day``: spares looking for years."""
    return (
        all(rule.valid_to is not None and rule.valid_to <= day for rule in schedule.rules)
        and all(item.closed or item.ends_on <= day for item in schedule.exceptions)
        and all(london_date(event.starts_at) <= day for event in schedule.events)
    )


__all__ = [
    "NO_CALENDARS",
    "OpenNow",
    "is_over",
    "next_session",
    "open_now",
    "sessions",
    "under_way",
]
