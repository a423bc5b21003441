"""What is known about when help is given, as plain frozen values with no database behind them.

The names follow the tables in :mod:`directory.models.hours`; :mod:`directory.hours.records` makes
these values from rows. Being values, two places that are open at the same times compare equal, and
everything else in this package is a pure function of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum, StrEnum


class Freq(StrEnum):
    """How a rule repeats (HSDS ``freq``)."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class OnBankHolidays(StrEnum):
    """What a service does on a bank holiday. Not knowing is a state of its own."""

    CLOSED = "closed"
    OPEN = "open"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Rule:
    """One session that repeats. Exactly one of three shapes, as the table's constraints say.

    * weekly: ``weekday`` (0 is Monday); every ``interval`` weeks counted from ``anchor``
    * monthly by weekday: ``weekday`` and ``nth`` (1 to 5, -1 for the last)
    * monthly by day: ``monthday`` (31 skips shorter months, -1 is the last day)

    ``closes_at`` at or before ``opens_at`` is the next day. Both empty: that day, times not known.
    """

    freq: Freq = Freq.WEEKLY
    interval: int = 1
    weekday: int | None = None
    nth: int | None = None
    monthday: int | None = None
    anchor: date | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    term_time_only: bool = False
    by_appointment: bool = False
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether ``day`` lies within the rule's dates."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True)
class Exception_:  # the underscore keeps Python's own word free
    """Days that differ: closed, or other hours. Wins over every rule and every calendar."""

    starts_on: date
    ends_on: date
    closed: bool = True
    opens_at: time | None = None
    closes_at: time | None = None
    reason: str = ""

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def length(self) -> int:
        """How many days; "open on the 12th" is more exact than "closed in August"."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Event:
    """One dated session. Moments are aware, as they are stored (UTC)."""

    starts_at: datetime
    ends_at: datetime | None = None
    title: str = ""
    note: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class _Calendar:
    """Dated spans, and how far they are known."""

    spans: tuple[tuple[date, date], ...] = ()
    covers_until: date | None = None

    @property
    def known_until(self) -> date | None:
        """The last day it can answer for; ``None`` when it answers for none."""
        if self.covers_until is not None:
            return self.covers_until
        return max((end for _, end in self.spans), default=None)

    def _holds(self, day: date) -> bool | None:
        if any(start <= day <= end for start, end in self.spans):
            return True
        known_until = self.known_until
        if known_until is None or day > known_until:
            return None
        return False


@dataclass(frozen=True)
class HolidayCalendar(_Calendar):
    """Bank holidays."""

    def is_holiday(self, day: date) -> bool | None:
        """``None``: the calendar does not reach so far."""
        return self._holds(day)


@dataclass(frozen=True)
class TermCalendar(_Calendar):
    """School terms, each from its first to its last day."""

    def in_term(self, day: date) -> bool | None:
        """``None``: the calendar does not reach so far."""
        return self._holds(day)


@dataclass(frozen=True)
class Calendars:
    """The dates that rules follow. ``None`` means that nobody has entered them."""

    holidays: HolidayCalendar | None = None
    terms: TermCalendar | None = None


NO_CALENDARS = Calendars()


@dataclass(frozen=True)
class Schedule:
    """Everything known about when one service is open at one place."""

    rules: tuple[Rule, ...] = ()
    exceptions: tuple[Exception_, ...] = ()
    events: tuple[Event, ...] = ()
    bank_holidays: OnBankHolidays = OnBankHolidays.NOT_KNOWN
    note: str = ""
    # Closed for now: no session before this date. ``date.max`` when nobody knows until when.
    closed_before: date | None = None

    @classmethod
    def of(
        cls,
        rules: Iterable[Rule] = (),
        exceptions: Iterable[Exception_] = (),
        events: Iterable[Event] = (),
        bank_holidays: OnBankHolidays = OnBankHolidays.NOT_KNOWN,
    ) -> Schedule:
        """From any iterables, for callers that hold lists."""
        return cls(tuple(rules), tuple(exceptions), tuple(events), bank_holidays)

    @property
    def is_known(self) -> bool:
        """Whether anything at all is said. Not known is neither closed nor open round the clock."""
        return bool(self.rules or self.exceptions or self.events)

    def exceptions_on(self, day: date) -> tuple[Exception_, ...]:
        """Those that decide ``day``: the ones with the shortest span, so that "open on the 12th"
        beats "closed in August". Where two of one length disagree, closed: nobody should travel in
        vain."""
        covering = [item for item in self.exceptions if item.covers(day)]
        if not covering:
            return ()
        shortest = min(item.length for item in covering)
        exact = [item for item in covering if item.length == shortest]
        closed = tuple(item for item in exact if item.closed)
        return closed or tuple(exact)


class Doubt(StrEnum):
    """Why a session is not sure to take place."""

    BANK_HOLIDAY = "bank_holiday"  # it is one, and nobody knows what the service does
    HOLIDAYS_NOT_KNOWN = "holidays_not_known"  # later than the bank holidays that are known
    TERM_NOT_KNOWN = "term_not_known"  # in school terms only, and the terms are not known


class Source(Enum):
    """What a session came from."""

    RULE = "rule"
    EXCEPTION = "exception"
    EVENT = "event"


@dataclass(frozen=True)
class Session:
    """One time that help is given. Moments are UTC; ``day`` is the London date it begins on.

    No ``starts_at`` means that day, times not known. No ``ends_at``: until when is not known.
    ``opens_at`` and ``closes_at`` are what a notice on the door would say.
    """

    day: date
    starts_at: datetime | None
    ends_at: datetime | None
    opens_at: time | None = None
    closes_at: time | None = None
    source: Source = Source.RULE
    title: str = ""
    note: str = ""
    by_appointment: bool = False
    cancelled: bool = False
    doubt: Doubt | None = None
    rule: Rule | None = field(default=None, compare=False)
