"""The calendar: whose it is, what stands in it, and what never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    agreed_visit,
    help_request,
    in_role,
)
from volunteers.actions.feeds import end_feed, make_feed
from volunteers.actions.rotas import cancel_shift, change_shift, make_shifts
from volunteers.actions.shifts import give_back_place, take_shift_place
from volunteers.actions.visits import move_visit
from volunteers.actions.volunteers import move_volunteer
from volunteers.booking import Span
from volunteers.models import CalendarFeed, Shift
from volunteers.rotas.feed import address_of, calendar_of, token_of
from volunteers.states import VolunteerReason

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.django_db


@pytest.fixture
def role() -> Any:
    return OpportunityFactory(name="Café helper; Tuesdays, and more")


@pytest.fixture
def who(role: Any) -> Any:
    return in_role(role, user=UserFactory())


def path_of(feed: CalendarFeed) -> str:
    return reverse("volunteers:calendar_feed", args=[token_of(feed)])


def events(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_the_address_opens_without_signing_in_and_is_kept_by_nobody(role: Any, who: Any) -> None:
    take_shift_place(shift=ShiftFactory(opportunity=role), volunteer=who, by=TESTS)
    feed = make_feed(volunteer=who, by=who.person.user)
    assert make_feed(volunteer=who, by=who.person.user) == feed
    response = Client().get(path_of(feed))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    assert "noindex" in response["X-Robots-Tag"]
    assert response.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert str(events(response.content)[0]["summary"]) == role.name
    # The row alone does not open it, and the address is written nowhere.
    bare = reverse("volunteers:calendar_feed", args=[feed.pk.hex])
    assert Client().get(bare).status_code == 404


def test_an_old_altered_or_ended_address_is_404(who: Any, django_assert_num_queries: Any) -> None:
    feed = make_feed(volunteer=who, by=who.person.user)
    old = path_of(feed)
    new = make_feed(volunteer=who, by=who.person.user, instead_of=feed)
    # The page of a moment ago, sent twice: one new address.
    assert make_feed(volunteer=who, by=who.person.user, instead_of=feed) == new
    assert Client().get(old).status_code == 404
    assert Client().get(path_of(new)).status_code == 200
    token = token_of(new)
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    address = reverse("volunteers:calendar_feed", args=[altered])
    with django_assert_num_queries(0):
        assert Client().get(address).status_code == 404
    end_feed(volunteer=who, by=who.person.user)
    assert Client().get(path_of(new)).status_code == 404


def test_who_has_left_has_no_calendar_with_us(who: Any) -> None:
    feed = make_feed(volunteer=who, by=who.person.user)
    move_volunteer(volunteer=who, to="left", by=TESTS, reason_code=VolunteerReason.OTHER)
    assert Client().get(path_of(feed)).status_code == 404


def test_nobody_makes_an_address_for_somebody_else(who: Any) -> None:
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        make_feed(volunteer=who, by=UserFactory())
    assert not CalendarFeed.objects.exists()


def test_shifts_are_right_before_during_and_after_the_clocks_change(role: Any, who: Any) -> None:
    with time_machine.travel("2027-10-01 09:00:00+00:00", tick=False):
        spans = [
            Span(datetime(2027, 10, day, 22, tzinfo=LONDON), until)
            for day, until in (
                (23, datetime(2027, 10, 24, 6, tzinfo=LONDON)),
                (30, datetime(2027, 10, 31, 6, tzinfo=LONDON)),
            )
        ]
        spans.append(
            Span(datetime(2027, 11, 6, 22, tzinfo=LONDON), datetime(2027, 11, 7, 6, tzinfo=LONDON))
        )
        for shift in make_shifts(opportunity=role, spans=spans, by=TESTS):
            take_shift_place(shift=shift, volunteer=who, by=TESTS)
        found = events(calendar_of(who))
    walls = [
        f"{one.decoded('dtstart').astimezone(LONDON):%d %H:%M}-"
        f"{one.decoded('dtend').astimezone(LONDON):%d %H:%M}"
        for one in found
    ]
    assert walls == ["23 22:00-24 06:00", "30 22:00-31 06:00", "06 22:00-07 06:00"]
    lengths = [one.decoded("dtend") - one.decoded("dtstart") for one in found]
    assert lengths == [timedelta(hours=hours) for hours in (8, 9, 8)]
    assert found[1].decoded("dtstart") == datetime(2027, 10, 30, 21, tzinfo=UTC)


def test_what_changes_keeps_its_name_and_grows_its_number(role: Any, who: Any) -> None:
    begins = datetime(2027, 3, 9, 10, tzinfo=LONDON)
    with time_machine.travel("2027-03-01 09:00:00+00:00", tick=False) as clock:

        def one() -> Any:
            (event,) = events(calendar_of(who))
            return event

        shift = ShiftFactory(opportunity=role, starts_at=begins)
        place = take_shift_place(shift=shift, volunteer=who, by=TESTS)
        seen = [one()]
        assert calendar_of(who) == calendar_of(who)
        clock.shift(60)
        change_shift(
            shift=shift,
            span=Span(begins + timedelta(hours=1), begins + timedelta(hours=3)),
            places=1,
            note="The side door",
            by=TESTS,
        )
        seen.append(one())
        clock.shift(60)
        give_back_place(place=place, by=TESTS)
        seen.append(one())
        clock.shift(60)
        take_shift_place(shift=shift, volunteer=who, by=TESTS)
        seen.append(one())
        clock.shift(60)
        cancel_shift(shift=shift, by=TESTS)
        seen.append(one())
    assert len({str(event["uid"]) for event in seen}) == 1
    assert [str(event["status"]) for event in seen] == [
        "CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    numbers = [int(event["sequence"]) for event in seen]
    assert numbers == sorted(set(numbers))
    assert seen[1].decoded("dtstart") == begins + timedelta(hours=1)
    assert "The side door" in str(seen[1]["description"])


def test_the_waiting_list_is_tentative(role: Any, who: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    take_shift_place(shift=shift, volunteer=in_role(role), by=TESTS)
    take_shift_place(shift=shift, volunteer=who, by=TESTS, or_wait=True)
    (event,) = events(calendar_of(who))
    assert str(event["status"]) == "TENTATIVE"


def test_nothing_about_anybody_else_stands_in_it(role: Any, who: Any) -> None:
    in_a_week = datetime.now(UTC) + timedelta(days=7)
    shift = ShiftFactory(opportunity=role, places=2, starts_at=in_a_week)
    other = in_role(role)
    for one in (who, other):
        take_shift_place(shift=shift, volunteer=one, by=TESTS)
    asked = help_request(state="matched", who=who)
    visit = agreed_visit(asked.offers.get(), watchword="Buttercup")
    data = calendar_of(who)
    text = data.replace(b"\r\n ", b"").decode()
    person, elsewhere = asked.person, other.person
    for hidden in (
        person.name, person.address_1, person.postcode, person.phone, elsewhere.name,
        elsewhere.email or "nobody@example.org", "Buttercup", who.person.name, asked.what,
    ):  # fmt: skip
        assert hidden not in text
    assert len(events(data)) == 2
    assert asked.reference in text
    before = max(int(event["sequence"]) for event in events(data))
    later = Span(visit.starts_at + timedelta(days=1), visit.ends_at + timedelta(days=1))
    with time_machine.travel(visit.created_at + timedelta(minutes=1)):
        move_visit(visit=visit, span=later, by=TESTS)
    assert max(int(event["sequence"]) for event in events(calendar_of(who))) > before
    type(visit).objects.filter(pk=visit.pk).update(cancelled_at=visit.created_at)
    assert "STATUS:CANCELLED" in calendar_of(who).decode()


def test_a_long_history_takes_as_many_queries(role: Any, who: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def number() -> int:
        with CaptureQueriesContext(connection) as seen:
            calendar_of(who)
        return len(seen)

    first = datetime.now(UTC) + timedelta(days=1)

    def grow(begin: int, end: int) -> None:
        for n in range(begin, end):
            shift = ShiftFactory(opportunity=role, starts_at=first + timedelta(days=n))
            take_shift_place(shift=shift, volunteer=who, by=TESTS)

    grow(0, 3)
    few = number()
    grow(3, 6)
    assert number() == few
    assert Shift.objects.count() == 6


def test_the_page_shows_the_address_to_its_volunteer_alone(who: Any, client_as: Any) -> None:
    client = client_as(who.person.user)
    page = reverse("volunteers:my_calendar")
    client.post(page, {"what": "make"})
    feed = CalendarFeed.objects.get()
    shown = client.get(reverse("volunteers:my_shifts")).content.decode()
    assert address_of(feed) in shown
    client.post(page, {"what": "renew", "instead_of": str(feed.pk)})
    client.post(page, {"what": "renew", "instead_of": str(feed.pk)})
    new = CalendarFeed.objects.get()
    assert new.pk != feed.pk
    client.post(page, {"what": "end"})
    assert not CalendarFeed.objects.exists()
    assert client_as(UserFactory()).post(page, {"what": "make"}).status_code == 404
