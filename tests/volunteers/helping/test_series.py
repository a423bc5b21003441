"""Help that comes again, changed as one: what is to come moves, what is over or today stays."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    agreed_visit,
    help_request,
    offer,
    volunteer,
)
from tests.volunteers.test_races import at_once, refusals
from volunteers.actions.series import NewTimes, VolunteerCannot, change_series, stamp_of
from volunteers.actions.shifts import take_shift_place
from volunteers.actions.visits import agree_visits, move_visit, record_visit
from volunteers.booking import Span
from volunteers.models import HelpRequest, Offer, Visit
from volunteers.refusals import ChangedMeanwhile, NotPossible
from volunteers.rotas.feed import calendar_of

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.django_db
THURSDAY = NewTimes(4, time(14), 90, "Tea and a talk")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def hour(text: str) -> Span:
    return Span(at(text), at(text) + timedelta(hours=1))


@pytest.fixture(autouse=True)
def _on_a_tuesday_in_spring() -> Any:
    with time_machine.travel(at("2027-03-09 08:00"), tick=True):
        yield


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


def series(ours: Any, repeats: str = "weekly", **facts: Any) -> HelpRequest:
    """Every Tuesday at 10, from today: agreed for three weeks."""
    who = volunteer(organisation=ours, user=UserFactory(), **facts)
    who.person.email, who.person.contact_by = "helper@example.org", "email"
    who.person.save()
    person = PersonFactory(
        organisation=ours, email="helped@example.org", contact_by="email",
        address_1="1 Example Terrace", postcode="DL3 7XX",
    )  # fmt: skip
    row = help_request(
        state="matched", organisation=ours, person=person, who=who, repeats=repeats,
        starts_at=at("2027-03-09 10:00"),
    )  # fmt: skip
    weeks = (9, 16, 23) if repeats == "weekly" else (9, 23)
    spans = [hour(f"2027-03-{day:02d} 10:00") for day in weeks]
    agree_visits(offer=row.offers.get(), spans=spans, watchword="Fern", by=TESTS)
    Message.objects.all().delete()
    return row


def times(row: HelpRequest) -> list[str]:
    visits = Visit.objects.standing().filter(offer__help_request=row)
    return [f"{one.starts_at.astimezone(LONDON):%a %d %b %H:%M}" for one in visits]


def to_whom() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("to_address", "subject"))


def test_what_is_to_come_moves_and_today_stays(ours: Any) -> None:
    row = series(ours)
    Visit.objects.update(printed_at=timezone.now())
    done = change_series(help_request=row, new=THURSDAY, by=TESTS)
    assert times(row) == ["Tue 09 Mar 10:00", "Thu 18 Mar 14:00", "Thu 25 Mar 14:00"]
    # The sheets of those that moved say the wrong time now; today's does not.
    assert [one.printed_at is None for one in Visit.objects.order_by("starts_at")] == [
        False, True, True,
    ]  # fmt: skip
    assert {Span(v.starts_at, v.ends_at).minutes for v in done.moved} == {90}
    row.refresh_from_db()
    # What was promised beyond the visits follows, from the first week that is still to come.
    promise = row.offers.get()
    assert (row.starts_at, row.minutes, row.what) == (at("2027-03-11 14:00"), 90, "Tea and a talk")
    assert (promise.starts_at, promise.state) == (row.starts_at, "accepted")
    entries = calendar_of(promise.volunteer).decode()
    assert "20270318T140000" in entries
    # Done twice, nothing more happens.
    version = row.version
    again = change_series(help_request=row, new=THURSDAY, by=TESTS, seen="of before")
    assert not again.changed
    row.refresh_from_db()
    assert row.version == version


def test_every_two_weeks_keeps_its_weeks_and_the_clock_on_the_wall(ours: Any) -> None:
    row = series(ours, repeats="fortnightly")
    agree_visits(
        offer=row.offers.get(), spans=[hour("2027-04-06 10:00")], watchword="Fern", by=TESTS
    )
    change_series(help_request=row, new=THURSDAY, by=TESTS)
    # British Summer Time begins on 28 March 2027.
    assert times(row) == ["Tue 09 Mar 10:00", "Thu 25 Mar 14:00", "Thu 08 Apr 14:00"]


def test_where_the_new_day_of_a_week_is_over_the_visit_stays(ours: Any) -> None:
    row = series(ours)
    agree_visits(
        offer=row.offers.get(), spans=[hour("2027-03-12 10:00")], watchword="Fern", by=TESTS
    )
    done = change_series(help_request=row, new=NewTimes(1, time(9), 60, "Tea"), by=TESTS)
    # Monday of this week is over.
    assert [one.starts_at for one in done.stayed] == [at("2027-03-12 10:00")]
    assert times(row) == [
        "Tue 09 Mar 10:00", "Fri 12 Mar 10:00", "Mon 15 Mar 09:00", "Mon 22 Mar 09:00",
    ]  # fmt: skip


def test_both_are_told_by_their_channel_and_who_is_not_reached_is_rung(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    row = series(ours)
    address = reverse("volunteers:help_series", args=[row.pk])
    client = client_as(cast.volunteer_manager)
    assert address in client.get(reverse("volunteers:help_one", args=[row.pk])).content.decode()
    page = client.get(address).content.decode()
    assert "Tuesday 16 March" in page
    assert "Tuesday 9 March, 10am</li>" not in page
    data = {
        "weekday": "4", "time": "2pm", "minutes": "90", "what": "Tea and a talk",
        "seen": stamp_of(row),
    }  # fmt: skip
    for _press in range(2):
        answer = client.post(address, data, follow=True)
        assert answer.redirect_chain
    assert to_whom() == [
        ("helped@example.org", f"Another time: {row.reference}"),
        ("helper@example.org", f"Another time: {row.reference}"),
    ]
    assert times(row)[1:] == ["Thu 18 Mar 14:00", "Thu 25 Mar 14:00"]
    wrong = client.post(address, {**data, "time": "soon", "minutes": "2"})
    assert wrong.status_code == 409
    assert "Tea and a talk" in wrong.content.decode()
    type(row.person).objects.filter(pk=row.person_id).update(
        contact_by="phone", email="", phone="01632 960 321"
    )
    fresh = HelpRequest.objects.get(pk=row.pk)
    said = client.post(
        address, {**data, "weekday": "5", "seen": stamp_of(fresh)}, follow=True
    ).content.decode()
    assert "01632 960 321" in said


def test_when_the_volunteer_cannot_it_is_said_first_and_then_they_are_let_go(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    row = series(ours)
    # Today's is over.
    with time_machine.travel(at("2027-03-09 12:00")):
        record_visit(
            visit=Visit.objects.earliest("starts_at"), outcome=Visit.Outcome.TOOK_PLACE, by=TESTS
        )
        who = row.offers.get().volunteer
        role = OpportunityFactory(organisation=ours)
        from volunteers.actions.applications import apply, place_volunteer

        place_volunteer(application=apply(person=who.person, opportunity=role, by=TESTS), by=TESTS)
        shift = ShiftFactory(opportunity=role, starts_at=at("2027-03-18 14:00"))
        take_shift_place(shift=shift, volunteer=who, by=TESTS)
        client = client_as(cast.volunteer_manager)
        address = reverse("volunteers:help_series", args=[row.pk])
        data = {
            "weekday": "4", "time": "2pm", "minutes": "90", "what": "Tea",
            "seen": stamp_of(HelpRequest.objects.get(pk=row.pk)),
        }  # fmt: skip
        assert "let_go" not in client.get(address).content.decode()
        page = client.post(address, data)
        assert page.status_code == 409
        text = page.content.decode()
        assert "somewhere else at that time: on Thursday 18 March" in text
        assert "Nothing is changed yet" in text
        assert times(row)[1:] == ["Tue 16 Mar 10:00", "Tue 23 Mar 10:00"]
        assert not Message.objects.exists()
        for _press in range(2):
            client.post(address, {**data, "let_go": "on"})
        row.refresh_from_db()
        assert (row.state, row.starts_at) == ("triaged", at("2027-03-11 14:00"))
        assert row.follow_up_on is not None
        assert Offer.objects.get(pk=row.offers.get().pk).state == "cancelled"
        assert times(row) == ["Tue 09 Mar 10:00"]
        assert [whom for whom, _subject in to_whom()] == [
            "helped@example.org",
            "helper@example.org",
        ]
        body = Message.objects.get(to_address="helper@example.org").body
        assert "need not come any more" in body
        assert row.person.family_name not in body


def test_with_a_visit_today_nobody_is_let_go(ours: Any) -> None:
    row = series(ours, minutes_a_week=60)
    with pytest.raises(VolunteerCannot, match="more than the hours"):
        change_series(help_request=row, new=THURSDAY, by=TESTS)
    with pytest.raises(NotPossible, match="There is a visit today"):
        change_series(help_request=row, new=THURSDAY, by=TESTS, let_go=True)
    row.refresh_from_db()
    assert (row.state, times(row)[1]) == ("matched", "Tue 16 Mar 10:00")


def test_who_was_asked_for_the_old_time_is_asked_no_longer(ours: Any) -> None:
    row = help_request(organisation=ours, repeats="weekly", starts_at=at("2027-03-10 10:00"))
    asked = offer(row, volunteer(organisation=ours), volunteer(organisation=ours))
    done = change_series(help_request=row, new=THURSDAY, by=TESTS)
    assert done.let_go == asked
    row.refresh_from_db()
    assert row.state == "triaged"
    assert not row.offers.live().exists()


def test_not_for_one_time_not_over_and_not_by_anybody(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    once = help_request(organisation=ours)
    with pytest.raises(NotPossible, match="one time"):
        change_series(help_request=once, new=THURSDAY, by=TESTS)
    over = help_request(organisation=ours, repeats="weekly", state="cancelled")
    with pytest.raises(NotPossible, match="has ended"):
        change_series(help_request=over, new=THURSDAY, by=TESTS)
    row = series(ours)
    for nobody in (row.person, row.offers.get().volunteer.person):
        user = nobody.user or UserFactory()
        with pytest.raises(PermissionDenied):
            change_series(help_request=row, new=THURSDAY, by=user)
    client = client_as(cast.volunteer_manager)
    for gone in (once, over):
        assert client.get(reverse("volunteers:help_series", args=[gone.pk])).status_code == 404


def test_a_visit_moved_meanwhile_is_seen(ours: Any, cast: Cast, client_as: Any) -> None:
    row = series(ours)
    seen = stamp_of(row)
    move_visit(visit=Visit.objects.latest("starts_at"), span=hour("2027-03-24 10:00"), by=TESTS)
    with pytest.raises(ChangedMeanwhile):
        change_series(help_request=row, new=THURSDAY, by=TESTS, seen=seen)
    client = client_as(cast.volunteer_manager)
    data = {"weekday": "4", "time": "2pm", "minutes": "60", "what": "Tea", "seen": seen}
    page = client.post(reverse("volunteers:help_series", args=[row.pk]), data)
    assert "Somebody else has changed" in page.content.decode()
    # What was typed stays, held against how it is now.
    assert stamp_of(HelpRequest.objects.get(pk=row.pk)) in page.content.decode()
    assert times(row)[1:] == ["Tue 16 Mar 10:00", "Wed 24 Mar 10:00"]


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_and_one_is_told(cast: Cast) -> None:
    row = series(access_point(cast.organisation_id))
    seen = stamp_of(row)
    came = at_once(
        *(
            lambda day=day: change_series(  # type: ignore[misc]
                help_request=row, new=NewTimes(day, time(15), 60, "Tea"), by=TESTS, seen=seen
            )
            for day in (4, 5)
        )
    )
    assert [type(one) for one in refusals(came)] == [ChangedMeanwhile]
    assert len({one.split()[0] for one in times(row)[1:]}) == 1
    # The same from both, a double click: one change.
    seen = stamp_of(HelpRequest.objects.get(pk=row.pk))
    again = lambda: change_series(help_request=row, new=THURSDAY, by=TESTS, seen=seen)  # noqa: E731
    assert refusals(at_once(again, again)) == []


@pytest.mark.django_db(transaction=True)
def test_a_visit_is_agreed_and_the_series_changed_at_once(cast: Cast) -> None:
    row = series(access_point(cast.organisation_id))
    accepted = row.offers.get()
    at_once(
        lambda: agreed_visit(accepted, starts_at=at("2027-03-30 10:00")),
        lambda: change_series(help_request=row, new=THURSDAY, by=TESTS),
    )
    assert times(row)[1:3] == ["Thu 18 Mar 14:00", "Thu 25 Mar 14:00"]
    assert times(row)[3] in ("Tue 30 Mar 10:00", "Thu 01 Apr 14:00")
