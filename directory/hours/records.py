"""Schedules from the directory's rows: the only module of this package that knows the database.

``Service.objects.with_hours()`` fetches what is read here, in the same number of queries for one
service as for a thousand; :func:`load_calendars` costs two queries a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from directory.hours.clock import london_date
from directory.hours.schedule import (
    Calendars,
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
from directory.hours.sessions import OpenNow, next_session, open_now
from directory.hours.week_in_words import Week, week
from directory.hours.words import changes, say_session
from directory.models import (
    Calendar,
    Location,
    OpeningRule,
    ScheduleException,
    Service,
    ServiceAtLocation,
)
from directory.models import Event as EventRow

LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class PlaceHours:
    """When one service is open at places that keep the same hours; no places: for all of it."""

    locations: tuple[Location, ...]
    schedule: Schedule


@dataclass(frozen=True)
class ServiceHours:
    """What a page, a sheet or a result says about when, as of one moment."""

    places: tuple[PlaceHours, ...]
    calendars: Calendars
    now: datetime

    @property
    def is_known(self) -> bool:
        return any(place.schedule.is_known for place in self.places)

    def next_session(self) -> Session | None:
        """The soonest at any of its places."""
        found = [
            session
            for place in self.places
            if (session := next_session(place.schedule, self.calendars, self.now))
        ]
        return min(found, key=lambda one: (one.day, one.starts_at or LATEST), default=None)

    def say_next(self) -> str:
        """``Tuesday 24 November, 10am to noon``, or nothing."""
        session = self.next_session()
        return say_session(session, self.now) if session else ""

    def open_now(self) -> OpenNow:
        """Yes when any place is open, no only when every place is closed."""
        answers = {open_now(place.schedule, self.calendars, self.now) for place in self.places}
        if OpenNow.YES in answers:
            return OpenNow.YES
        return OpenNow.NO if answers == {OpenNow.NO} else OpenNow.NOT_KNOWN

    def say_open_now(self) -> str:
        """``Open now``, ``Closed now`` or nothing: not known is not said as either."""
        return {OpenNow.YES: _("Open now"), OpenNow.NO: _("Closed now")}.get(self.open_now(), "")

    def weeks(self) -> list[tuple[PlaceHours, Week, tuple[str, ...]]]:
        """For each group of places: its week in words, and the days that differ soon."""
        today = london_date(self.now)
        return [
            (place, week(place.schedule, self.calendars, today), changes(place.schedule, today))
            for place in self.places
        ]


def hours_of(service: Service, calendars: Calendars, now: datetime) -> ServiceHours:
    """When ``service`` is open; needs ``Service.objects.with_hours()``."""
    alike: dict[Schedule, list[Location]] = {}
    links = list(service.service_at_locations.all())
    for link in links:
        alike.setdefault(schedule_at(service, link), []).append(link.location)
    if not links:
        alike[schedule_of(service)] = []
    places = tuple(PlaceHours(tuple(places), schedule) for schedule, places in alike.items())
    return ServiceHours(places, calendars, now)


def schedule_of(service: Service) -> Schedule:
    """The service's own schedule, as for one with no place."""
    return _schedule(
        service,
        rules=service.openingrules.all(),
        exceptions=service.scheduleexceptions.all(),
        events=service.upcoming_events,  # type: ignore[attr-defined]
    )


def schedule_at(service: Service, link: ServiceAtLocation) -> Schedule:
    """The schedule of ``service`` at one of its places.

    The rules of the service at this place, where it has any; else the service's own; else those of
    the building, because they are better than nothing, and some sources keep their times only
    there. A building's times never replace a service's: the library is open all week, its toenail
    clinic on Tuesdays. A building that is closed closes everything in it; a building's *other*
    hours count only for services that go by the building's times.
    """
    location = link.location
    own_exceptions = [*service.scheduleexceptions.all(), *link.scheduleexceptions.all()]
    building = list(location.scheduleexceptions.all())
    if rules := link.openingrules.all() or service.openingrules.all():
        building = [item for item in building if item.closed]
    else:
        rules = location.openingrules.all()
    return _schedule(
        service,
        rules=rules,
        exceptions=[*own_exceptions, *building],
        events=[e for e in service.upcoming_events if e.location_id in (None, location.id)],  # type: ignore[attr-defined]
    )


def all_rules_of(service: Service) -> list[Rule]:
    """Every rule that counts at any of its places, for facets; needs ``with_hours()``."""
    links = list(service.service_at_locations.all())
    schedules = [schedule_at(service, link) for link in links] or [schedule_of(service)]
    return list(dict.fromkeys(rule for schedule in schedules for rule in schedule.rules))


def load_calendars() -> Calendars:
    """The bank holidays and school terms: two queries, for a whole page."""
    spans: dict[str, list[tuple[date, date]]] = {}
    until: dict[str, list[date]] = {}
    for calendar in Calendar.objects.prefetch_related("days"):
        days = [(day.starts_on, day.ends_on) for day in calendar.days.all()]
        spans.setdefault(calendar.kind, []).extend(days)
        known_until = calendar.covers_until or max((end for _start, end in days), default=None)
        if known_until is not None:
            until.setdefault(calendar.kind, []).append(known_until)

    def joined(kind: str) -> tuple[tuple[tuple[date, date], ...], date] | None:
        # Several calendars of one kind are read together, as far as all of them are known.
        return (tuple(sorted(spans[kind])), min(until[kind])) if spans.get(kind) else None

    holidays, terms = joined(Calendar.Kind.BANK_HOLIDAYS), joined(Calendar.Kind.TERMS)
    return Calendars(
        holidays=HolidayCalendar(*holidays) if holidays else None,
        terms=TermCalendar(*terms) if terms else None,
    )


def _schedule(
    service: Service,
    *,
    rules: Iterable[OpeningRule],
    exceptions: Iterable[ScheduleException],
    events: Iterable[EventRow],
) -> Schedule:
    closed_before = None
    if service.is_closed_for_now:
        closed_before = service.closed_until or date.max
    return Schedule(
        rules=tuple(rule_of(row) for row in rules),
        exceptions=tuple(_exception_of(row) for row in exceptions),
        events=tuple(_event_of(row) for row in events),
        bank_holidays=OnBankHolidays(service.bank_holidays),
        note=service.hours_note,
        closed_before=closed_before,
    )


def rule_of(row: OpeningRule) -> Rule:
    """The value of one row."""
    return Rule(
        freq=Freq(row.freq),
        interval=row.interval,
        weekday=row.weekday,
        nth=row.nth,
        monthday=row.monthday,
        anchor=row.anchor,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        term_time_only=row.term_time_only,
        by_appointment=row.by_appointment,
        note=row.note,
    )


def _exception_of(row: ScheduleException) -> Exception_:
    return Exception_(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        closed=row.closed,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        reason=row.reason,
    )


def _event_of(row: EventRow) -> Event:
    return Event(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=row.title,
        note=row.note,
        cancelled=row.cancelled,
    )
