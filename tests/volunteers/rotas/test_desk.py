"""Rotas at the desk: a week, making shifts, who comes, the sheet for the wall."""

from __future__ import annotations

import io
import uuid
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pdfplumber
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.volunteering import TESTS, OpportunityFactory, ShiftFactory, in_role
from volunteers.actions.rotas import make_shifts
from volunteers.actions.shifts import take_shift_place
from volunteers.booking import Span
from volunteers.models import Hours, Shift, ShiftPlace
from volunteers.rotas.week import Week, shift_on

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.django_db


@pytest.fixture
def role(cast: Cast) -> Any:
    return OpportunityFactory(organisation=access_point(cast.organisation_id), name="Café helper")


@pytest.fixture
def client(cast: Cast, client_as: Any) -> Any:
    return client_as(cast.volunteer_manager)


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "day_day": "23",
        "day_month": "3",
        "day_year": "2027",
        "starts": "10am",
        "ends": "noon",
        "repeats": "once",
        "places": "2",
        "key": str(uuid.uuid4()),
        **changes,
    }


UNTIL = {"repeats": "weekly", "until_day": "6", "until_month": "April", "until_year": "2027"}


def on_the_wall() -> list[str]:
    return [
        f"{shift.starts_at.astimezone(LONDON):%d %B %H:%M}"
        for shift in Shift.objects.order_by("starts_at")
    ]


def test_every_week_by_the_clock_on_the_wall(role: Any, cast: Cast, client_as: Any) -> None:
    with time_machine.travel("2027-03-01 09:00:00+00:00", tick=False):
        client = client_as(cast.volunteer_manager)
        data = typed(**UNTIL)
        for _time in range(2):
            response = client.post(reverse("volunteers:rota_make", args=[role.pk]), data)
            assert response.url.endswith("?week=2027-03-22")
    # British Summer Time begins on 28 March 2027.
    assert on_the_wall() == ["23 March 10:00", "30 March 10:00", "06 April 10:00"]


def test_what_is_wrong_is_said_by_the_field_and_nothing_is_lost(
    role: Any, cast: Cast, client_as: Any
) -> None:
    address = reverse("volunteers:rota_make", args=[role.pk])
    with time_machine.travel("2027-03-01 09:00:00+00:00", tick=False):
        client = client_as(cast.volunteer_manager)
        for changes, field, says in (
            ({"places": "0"}, "places", "at least one"),
            ({"starts": "soon"}, "starts", "Enter a time"),
            ({"day_year": "2026"}, "day", "This time is over"),
            ({"repeats": "weekly"}, "until", "Enter the last day"),
            ({**UNTIL, "until_month": "2"}, "until", "not be before"),
            ({**UNTIL, "until_year": "2029"}, "until", "within a year"),
        ):
            response = client.post(address, typed(note="The side door", **changes))
            assert response.status_code == 422
            assert says in " ".join(response.context["form"].errors[field]), field
            assert "The side door" in response.content.decode()
    assert not Shift.objects.exists()


def test_an_hour_that_the_clock_skips_is_refused_with_its_night(
    role: Any, cast: Cast, client_as: Any
) -> None:
    address = reverse("volunteers:rota_make", args=[role.pk])
    night = {"day_day": "21", "starts": "1:30am", "ends": "5am"}
    with time_machine.travel("2027-03-01 09:00:00+00:00", tick=False):
        client = client_as(cast.volunteer_manager)
        response = client.post(address, typed(**UNTIL, **night))
        assert "28 March 2027 the clocks change" in " ".join(
            response.context["form"].errors["starts"]
        )
        response = client.post(address, typed(**{**night, "day_day": "28"}))
        assert "there is no such time" in " ".join(response.context["form"].errors["starts"])
    assert not Shift.objects.exists()


def test_until_a_time_that_is_not_later_is_the_next_day() -> None:
    span = shift_on(date(2027, 3, 27), datetime.min.time().replace(hour=22), datetime.min.time())
    assert span is not None
    assert span.minutes == 2 * 60


@pytest.mark.parametrize(
    ("text", "monday"),
    [("2027-03-28", date(2027, 3, 22)), ("", None), ("nonsense", None), ("9999-12-31", None)],
)
def test_a_week_is_read_from_any_of_its_days(text: str, monday: date | None) -> None:
    today = date(2026, 11, 22)
    assert Week.read(text, today).monday == (monday or date(2026, 11, 16))


def test_the_week_shows_who_comes_and_what_is_missing_and_is_a_read(role: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role, places=3, note="The side door")
    who = in_role(role)
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    day = timezone.localtime(shift.starts_at).date()
    page = client.get(f"{reverse('volunteers:rota', args=[role.pk])}?week={day.isoformat()}")
    text = page.content.decode()
    for words in (who.person.name, "1 of 3", "2 free", "The side door"):
        assert words in text
    read = Event.objects.filter(type="volunteer:listed").latest("id")
    assert read.details["people"] == [str(who.person_id)]
    assert "2 places free" in client.get(reverse("volunteers:rotas")).content.decode()


# --- Which week it opens on ---------------------------------------------------------------------------


def on(day: str, clock: str = "10:00", hours: int = 2) -> Span:
    begins = datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=LONDON)
    return Span(begins, begins + timedelta(hours=hours))


def opened(role: Any, client_as: Any, cast: Cast, now: str) -> tuple[date, str]:
    """The Monday of the week that the rota shows at ``now`` in London, and the page."""
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=LONDON), tick=False):
        client = client_as(cast.volunteer_manager)
        response = client.get(reverse("volunteers:rota", args=[role.pk]))
    return response.context["week"].monday, response.content.decode()


# The clocks go forward on Sunday 28 March 2027.
THIS, NEXT = date(2027, 3, 22), date(2027, 3, 29)


@pytest.mark.parametrize("clock", ["00:30", "09:00", "23:30"])
@pytest.mark.parametrize("day", [f"2027-03-{day}" for day in range(22, 30)])
def test_a_rota_opens_on_the_week_in_which_there_is_something_to_do(
    day: str, clock: str, role: Any, cast: Cast, client_as: Any
) -> None:
    """Monday to Friday at ten: on Friday evening it is written down who came, at the weekend they look
    at the week that comes."""
    spans = [
        on((monday + timedelta(days=number)).isoformat())
        for monday in (date(2027, 3, 15), THIS, NEXT)
        for number in range(5)
    ]
    make_shifts(opportunity=role, spans=spans, by=TESTS)
    monday, page = opened(role, client_as, cast, f"{day} {clock}")
    weekend = day in ("2027-03-27", "2027-03-28")
    assert monday == (NEXT if weekend or day == "2027-03-29" else THIS)
    assert ("This is the week of the next shift, from 29 March" in page) == weekend
    # The week that ends is one press away, and stays itself when it is asked for.
    if weekend:
        assert 'href="?week=2027-03-22"' in page


@pytest.mark.parametrize(
    ("now", "spans", "monday"),
    [
        # Of today, and over: who came is written down.
        ("2027-03-28 20:00", [on("2027-03-28"), on("2027-03-30")], THIS),
        ("2027-03-24 12:00", [on("2027-03-23"), on("2027-04-13")], date(2027, 4, 12)),
        # Nothing left, and nothing at all.
        ("2027-03-28 12:00", [on("2027-03-23")], THIS),
        ("2027-03-28 12:00", [], THIS),
        # A night shift stands on the day on which it began, as long as somebody is on it.
        ("2027-03-29 03:00", [on("2027-03-28", "22:00", 8), on("2027-04-05")], THIS),
        ("2027-03-29 09:00", [on("2027-03-28", "22:00", 8), on("2027-04-05")], date(2027, 4, 5)),
    ],
)
def test_the_week_it_opens_on_at_the_edges(
    now: str, spans: list[Span], monday: date, role: Any, cast: Cast, client_as: Any
) -> None:
    make_shifts(opportunity=role, spans=spans, by=TESTS)
    assert opened(role, client_as, cast, now)[0] == monday


def test_what_is_called_off_and_what_others_do_opens_no_week(
    role: Any, cast: Cast, client_as: Any
) -> None:
    make_shifts(opportunity=role, spans=[on("2027-03-30"), on("2027-04-08")], by=TESTS)
    make_shifts(opportunity=OpportunityFactory(), spans=[on("2027-03-31")], by=TESTS)
    Shift.objects.filter(starts_at__lt=on("2027-03-31").starts_at).update(
        cancelled_at=timezone.now()
    )
    assert opened(role, client_as, cast, "2027-03-28 12:00")[0] == date(2027, 4, 5)


def test_a_volunteer_whom_the_manager_does_not_look_after_has_no_name(
    role: Any, client: Any
) -> None:
    shift = ShiftFactory(opportunity=role)
    who = in_role(role)
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    who.standings.update(ended_at=timezone.now())
    text = client.get(reverse("volunteers:shift", args=[shift.pk])).content.decode()
    assert who.person.name not in text
    assert who.reference in text


def test_somebody_is_put_on_waits_and_is_taken_off(role: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    first, second = in_role(role), in_role(role)
    address = reverse("volunteers:shift_put_on", args=[shift.pk])
    client.post(address, {"volunteer": str(first.pk)})
    full = client.post(address, {"volunteer": str(second.pk)})
    assert full.status_code == 422
    assert "The last place was taken" in full.content.decode()
    client.post(address, {"volunteer": str(second.pk), "or_wait": "on"})
    place = ShiftPlace.objects.get(volunteer=first)
    off = reverse("volunteers:shift_place", args=[place.pk])
    for _time in range(2):
        client.post(off, {"what": "off"})
    assert ShiftPlace.objects.get(volunteer=second).state == "confirmed"
    assert client.post(off, {"what": "nonsense"}).status_code == 404


def test_every_rule_that_forbids_it_is_said_and_only_an_overlap_is_decided_otherwise(
    role: Any, client: Any
) -> None:
    shift = ShiftFactory(opportunity=role)
    who = in_role(role)
    other = ShiftFactory(opportunity=role, starts_at=shift.starts_at)
    take_shift_place(shift=other, volunteer=who, by=TESTS)
    address = reverse("volunteers:shift_put_on", args=[shift.pk])
    refused = client.post(address, {"volunteer": str(who.pk)})
    assert "somewhere else at that time" in " ".join(
        refused.context["form"].errors["override_reason"]
    )
    role.checks_needed = ["references"]
    role.save()
    both = client.post(address, {"volunteer": str(who.pk), "override_reason": "The same room"})
    assert set(both.context["form"].errors) == {"volunteer", "override_reason"}
    assert "The same room" in both.content.decode()
    role.checks_needed = []
    role.save()
    client.post(address, {"volunteer": str(who.pk), "override_reason": "The same room"})
    place = ShiftPlace.objects.get(shift=shift)
    assert (place.state, place.override_reason) == ("confirmed", "The same room")
    assert place.override_by is not None


def test_was_there_is_written_down(role: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    place = take_shift_place(shift=shift, volunteer=in_role(role), by=TESTS)
    Shift.objects.filter(pk=shift.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    address = reverse("volunteers:shift_place", args=[place.pk])
    for what, state in (("not", "no-show"), ("came", "done"), ("off", "done")):
        client.post(address, {"what": what})
        place.refresh_from_db()
        assert place.state == state


def test_the_hours_of_who_was_there_are_written_down_once_and_the_volunteer_agrees(
    role: Any, client: Any
) -> None:
    shift = ShiftFactory(opportunity=role)
    place = take_shift_place(shift=shift, volunteer=in_role(role), by=TESTS)
    begins = timezone.now() - timedelta(days=1)
    Shift.objects.filter(pk=shift.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=2))
    address, page = (
        reverse("volunteers:shift_place", args=[place.pk]),
        reverse("volunteers:shift", args=[shift.pk]),
    )
    client.post(address, {"what": "hours"})
    assert not Hours.objects.exists(), "not before it is said that they were there"
    client.post(address, {"what": "came"})
    assert "Write the hours down" in client.get(page).content.decode()
    for _time in range(2):
        client.post(address, {"what": "hours"})
    hours = Hours.objects.get()
    assert (hours.minutes, hours.shift_place) == (120, place)
    assert (hours.state, hours.logged_side) == (Hours.State.LOGGED, "organisation")
    assert "Write the hours down" not in client.get(page).content.decode()


def test_a_weekly_series_is_called_off_as_one_and_what_was_before_stays(
    role: Any, client: Any
) -> None:
    begins = timezone.now() + timedelta(days=3)
    spans = [
        Span(begins + timedelta(weeks=week), begins + timedelta(weeks=week, hours=2))
        for week in range(3)
    ]
    first, second, third = make_shifts(opportunity=role, spans=spans, by=TESTS)
    other = ShiftFactory(opportunity=role, starts_at=spans[2].starts_at + timedelta(hours=5))
    address = reverse("volunteers:shift_call_off", args=[second.pk])
    assert "Also the 1 later shift" in client.get(address).content.decode()
    client.post(address, {"words": "The café is closed.", "later_too": "on"})
    off = set(Shift.objects.exclude(cancelled_at=None))
    assert off == {second, third}
    assert not off & {first, other}
    alone = client.get(reverse("volunteers:shift_call_off", args=[first.pk])).content.decode()
    assert "Also the" not in alone


def test_a_change_is_held_against_the_page_of_a_moment_ago(role: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    day = timezone.localtime(shift.starts_at).date()
    address = reverse("volunteers:shift_change", args=[shift.pk])
    assert 'value="1"' in client.get(address).content.decode()
    data = typed(day_day=day.day, day_month=day.month, day_year=day.year, version="1")
    assert client.post(address, data).status_code == 302
    late = client.post(address, {**data, "places": "7"})
    assert late.status_code == 422
    assert "Somebody else has changed this shift" in late.content.decode()
    shift.refresh_from_db()
    assert (shift.places, shift.version) == (2, 2)


def test_called_off_shows_whom_to_ring(role: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    who = in_role(role)
    who.person.contact_by, who.person.phone = "phone", "01632 960 400"
    who.person.save()
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    address = reverse("volunteers:shift_call_off", args=[shift.pk])
    for _time in range(2):
        page = client.post(address, {"words": ""}, follow=True).content.decode()
    assert "please ring them" in page
    assert "01632 960 400" in page


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_sheet_for_the_wall_has_given_names_only(role: Any, client: Any, size: int) -> None:
    shift = ShiftFactory(opportunity=role, places=2)
    who = in_role(role)
    who.person.given_name, who.person.family_name = "Edna", "Fernbeck"
    who.person.save()
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    day = timezone.localtime(shift.starts_at).date().isoformat()
    address = reverse("volunteers:rota_sheet", args=[role.pk])
    response = client.get(f"{address}?week={day}&size={size}")
    assert response["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(response.content)) as pdf:
        text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Café helper" in text
    assert "Edna F." in text.replace("\xa0", " ")
    assert "Fernbeck" not in text
    printed = Event.objects.get(type="rota:printed")
    assert printed.details["people"] == [str(who.person_id)]


def test_twice_as_many_take_as_many_queries(role: Any, client: Any) -> None:
    first = timezone.now() + timedelta(days=3)
    shift = ShiftFactory(opportunity=role, starts_at=first, places=50)
    day = timezone.localtime(first).date().isoformat()
    addresses = [
        reverse("volunteers:rotas"),
        f"{reverse('volunteers:rota', args=[role.pk])}?week={day}",
        reverse("volunteers:shift", args=[shift.pk]),
    ]

    def grow() -> None:
        other = OpportunityFactory(organisation=role.organisation)
        for opportunity in (role, other):
            extra = ShiftFactory(opportunity=opportunity, starts_at=first)
            take_shift_place(shift=extra, volunteer=in_role(opportunity), by=TESTS)
        take_shift_place(shift=shift, volunteer=in_role(role), by=TESTS)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        print(
            address,
            *[q["sql"][:200] + ".." + q["sql"][-150:] for q in seen.captured_queries],
            sep="\n",
        )
        return len(seen)

    grow()
    queries(addresses[0])  # the first visit of a session writes itself down
    few = [queries(address) for address in addresses]
    grow()
    grow()
    assert [queries(address) for address in addresses] == few


def test_a_manager_elsewhere_finds_nothing(role: Any, cast: Cast, client_as: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    place = take_shift_place(shift=shift, volunteer=in_role(role), by=TESTS)
    stranger = client_as(cast.stranger("volunteer_manager"))
    for address, data in (
        (reverse("volunteers:shift_put_on", args=[shift.pk]), {}),
        (reverse("volunteers:shift_place", args=[place.pk]), {"what": "off"}),
        (reverse("volunteers:shift_call_off", args=[shift.pk]), {}),
        (reverse("volunteers:rota_make", args=[role.pk]), typed()),
    ):
        assert stranger.post(address, data).status_code == 404
    place.refresh_from_db()
    assert place.state == "confirmed"
