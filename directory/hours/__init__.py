"""Opening times: which sessions there are, when the next one is, and how people say it.

A page needs three lines::

    calendars = load_calendars()                                 # two queries for the whole page
    services = Service.objects.publishable().with_hours()        # nine more, however many
    hours = [hours_of(service, calendars, timezone.now()) for service in services]

and then asks each for ``say_next()`` ("Tuesday 24 November, 10am to noon"), ``open_now()``,
``say_open_now()`` and ``weeks()`` (the lines and notes of the week, and the days that differ soon).
``unbroken(text)`` ties times and dates together.

=================  =============================================================================
``schedule``       the values: Rule, Exception_, Event, calendars, Schedule, Session
``clock``          between the clock on the wall in London and UTC
``recurrence``     on which dates a rule falls; ``weekly_windows`` for "when I am free"
``sessions``       dated sessions, the next one, open now
``words``          times, dates, sessions and days that differ, as people say them
``week_in_words``  the rules as people say them
``structured``     schema.org
``records``        from the directory's rows, the only part that knows the database
=================  =============================================================================

Three things are kept apart throughout: open, closed and *not known*. No rule means not known.
"""

from __future__ import annotations

from directory.hours.recurrence import occurs_on, weekly_windows
from directory.hours.schedule import (
    NO_CALENDARS,
    Calendars,
    Doubt,
    Event,
    Exception_,
    Freq,
    HolidayCalendar,
    OnBankHolidays,
    Rule,
    Schedule,
    Session,
    TermCalendar,
)
from directory.hours.sessions import OpenNow, next_session, open_now, sessions
from directory.hours.structured import opening_hours
from directory.hours.week_in_words import week
from directory.hours.words import changes, say_session, say_time, say_times, unbroken

from directory.hours.records import (  # isort: skip  (last: it imports the models)
    PlaceHours,
    ServiceHours,
    all_rules_of,
    hours_of,
    load_calendars,
    rule_of,
    schedule_at,
    schedule_of,
)

__all__ = [
    "NO_CALENDARS",
    "Calendars",
    "Doubt",
    "Event",
    "Exception_",
    "Freq",
    "HolidayCalendar",
    "OnBankHolidays",
    "OpenNow",
    "PlaceHours",
    "Rule",
    "Schedule",
    "ServiceHours",
    "Session",
    "TermCalendar",
    "all_rules_of",
    "changes",
    "hours_of",
    "load_calendars",
    "next_session",
    "occurs_on",
    "open_now",
    "opening_hours",
    "rule_of",
    "say_session",
    "say_time",
    "say_times",
    "schedule_at",
    "schedule_of",
    "sessions",
    "unbroken",
    "week",
    "weekly_windows",
]
