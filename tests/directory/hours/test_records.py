"""From rows to schedules: whose rules count, and how many queries that takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.hours import OpenNow, ServiceHours, all_rules_of, hours_of, load_calendars
from directory.models import Calendar, CalendarDay, Event, ScheduleException, Service
from tests.factories.opening import BankHolidaysFactory, OpeningRuleFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday
TUESDAY = date(2026, 11, 24)


def hours(service: Service, now: datetime = NOW) -> ServiceHours:
    fetched = Service.objects.with_hours().get(pk=service.pk)
    return hours_of(fetched, load_calendars(), now)


def lines(service: Service) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {
        tuple(sorted(location.name for location in place.locations)): week.lines
        for place, week, _changes in hours(service).weeks()
    }


def test_nothing_known() -> None:
    found = hours(ServiceFactory())
    assert not found.is_known
    assert found.say_next() == ""
    assert found.say_open_now() == ""
    assert found.open_now() == OpenNow.NOT_KNOWN


def test_a_service_with_no_place() -> None:
    service = ServiceFactory()
    OpeningRuleFactory(service=service)
    assert hours(service).say_next() == "Tuesday 24 November, 10am to noon"
    assert hours(service).say_open_now() == "Closed now"
    assert hours(service, NOW + timedelta(days=2, hours=2)).say_open_now() == "Open now"
    assert lines(service) == {(): ("Tuesday, 10am to noon",)}


def test_rules_at_the_place_then_of_the_service_then_of_the_building() -> None:
    hall, library, office = (LocationFactory(name=n) for n in ("Hall", "Library", "Office"))
    service = ServiceFactory(places=[hall, library, office])
    at_hall = service.service_at_locations.get(location=hall)
    OpeningRuleFactory(service_at_location=at_hall, weekday=0)
    OpeningRuleFactory(location=library, weekday=5)
    assert lines(service) == {
        ("Hall",): ("Monday, 10am to noon",),
        ("Library",): ("Saturday, 10am to noon",),
        ("Office",): (),
    }
    OpeningRuleFactory(service=service, weekday=1)
    assert lines(service) == {
        ("Hall",): ("Monday, 10am to noon",),
        # Places that keep the same hours are said together.
        ("Library", "Office"): ("Tuesday, 10am to noon",),
    }
    assert hours(service).say_next() == "Tomorrow, Monday 23 November, 10am to noon"
    assert {rule.weekday for rule in all_rules_of(Service.objects.with_hours().get())} == {0, 1}


def test_a_closed_building_closes_the_service_and_its_other_hours_do_not_open_it() -> None:
    library = LocationFactory(name="Library")
    service = ServiceFactory(places=[library])
    OpeningRuleFactory(service=service)
    ScheduleException.objects.create(location=library, starts_on=TUESDAY, ends_on=TUESDAY)
    saturday = date(2026, 11, 28)
    ScheduleException.objects.create(
        location=library,
        starts_on=saturday,
        ends_on=saturday,
        closed=False,
        opens_at=time(9),
        closes_at=time(17),
    )
    assert hours(service).say_next() == "Tuesday 1 December, 10am to noon"
    # A service that goes by the building's times is open when the building is.
    service.openingrules.all().delete()
    OpeningRuleFactory(location=library)
    assert hours(service).say_next() == "Saturday 28 November, 9am to 5pm"


def test_closed_for_now() -> None:
    service = ServiceFactory(
        status=Service.Status.TEMPORARILY_CLOSED, closed_until=date(2026, 12, 2)
    )
    OpeningRuleFactory(service=service)
    assert hours(service).say_next() == "Tuesday 8 December, 10am to noon"
    Service.objects.update(closed_until=None)
    assert hours(service).say_next() == ""
    assert hours(service, NOW + timedelta(days=2, hours=2)).open_now() == OpenNow.NO


def test_bank_holidays_come_from_the_calendar() -> None:
    service = ServiceFactory(bank_holidays=Service.BankHolidays.CLOSED)
    OpeningRuleFactory(service=service)
    BankHolidaysFactory(on=[TUESDAY])
    assert hours(service).say_next() == "Tuesday 1 December, 10am to noon"
    Service.objects.update(bank_holidays=Service.BankHolidays.NOT_KNOWN)
    assert hours(service).say_next().endswith("(a bank holiday: ask if it is on)")


def test_school_terms_come_from_the_calendar() -> None:
    service = ServiceFactory()
    OpeningRuleFactory(service=service, term_time_only=True)
    terms = Calendar.objects.create(slug="terms", name="School terms", kind=Calendar.Kind.TERMS)
    for starts_on, ends_on in [
        (date(2026, 12, 1), date(2026, 12, 18)),
        (date(2026, 9, 1), date(2026, 10, 23)),
    ]:
        CalendarDay.objects.create(calendar=terms, starts_on=starts_on, ends_on=ends_on)
    assert hours(service).say_next() == "Tuesday 1 December, 10am to noon"


def test_events_of_the_service_and_of_the_place_but_not_of_another() -> None:
    hall, church = LocationFactory(name="Hall"), LocationFactory(name="Church")
    service = ServiceFactory(places=[hall, church])
    soon = datetime.now(UTC) + timedelta(days=2)
    Event.objects.create(service=service, location=church, starts_at=soon, title="Fair")
    by_place = {
        place.locations[0].name: [event.title for event in place.schedule.events]
        for place in hours(service).places
    }
    assert by_place == {"Hall": [], "Church": ["Fair"]}


def test_events_that_are_over_are_not_fetched() -> None:
    service = ServiceFactory()
    long_ago = datetime.now(UTC) - timedelta(days=30)
    Event.objects.create(service=service, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    Event.objects.create(service=service, starts_at=datetime.now(UTC) + timedelta(days=1))
    assert len(Service.objects.with_hours().get().upcoming_events) == 1


@pytest.mark.parametrize("number", [1, 30])
def test_the_same_number_of_queries_for_one_service_and_for_thirty(number: int) -> None:
    BankHolidaysFactory(on=[TUESDAY])
    for n in range(number):
        location = LocationFactory(name=f"Place {n}")
        service = ServiceFactory(places=[location])
        link = service.service_at_locations.get()
        OpeningRuleFactory(service=service)
        OpeningRuleFactory(location=location, weekday=2)
        OpeningRuleFactory(service_at_location=link, weekday=3)
    with CaptureQueriesContext(connection) as queries:
        calendars = load_calendars()
        said = [
            hours_of(service, calendars, NOW).say_next() for service in Service.objects.with_hours()
        ]
    assert said == ["Thursday 26 November, 10am to noon"] * number
    assert len(queries) == 12  # the services, nine for their hours, two for the calendars
