"""Two shifts for each other: asked, answered, both places or neither; by page and by telephone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    in_role,
    passed_check,
)
from volunteers.actions.applications import apply, place_volunteer
from volunteers.actions.exchanges import (
    MOST_ASKED,
    accept_exchange,
    ask_exchange,
    ask_for_shift,
    decline_exchange,
    withdraw_exchange,
)
from volunteers.actions.rotas import cancel_shift, change_shift
from volunteers.actions.shifts import give_back_place, take_shift_place
from volunteers.booking import Span
from volunteers.models import Check, Shift, ShiftExchange, ShiftPlace, Volunteer
from volunteers.refusals import NoHoursLeft, NotPossible, Refused
from volunteers.rotas.feed import calendar_of

pytestmark = pytest.mark.django_db
MINE = "volunteers:my_shifts"


def reached(role: Any, **facts: Any) -> Any:
    who = in_role(role, user=UserFactory(), **facts)
    who.person.email, who.person.contact_by = f"{who.reference}@example.org", "email"
    who.person.save()
    return who


def place_of(who: Any, role: Any, days: float = 3, **facts: Any) -> ShiftPlace:
    shift = ShiftFactory(opportunity=role, starts_at=timezone.now() + timedelta(days=days), **facts)
    return take_shift_place(shift=shift, volunteer=who, by=TESTS)


@pytest.fixture
def role(cast: Cast) -> Any:
    return OpportunityFactory(organisation=access_point(cast.organisation_id), name="Café helper")


@pytest.fixture
def asks(role: Any) -> Any:
    return reached(role)


@pytest.fixture
def asked(role: Any) -> Any:
    return reached(role)


@pytest.fixture
def mine(asks: Any, role: Any) -> ShiftPlace:
    return place_of(asks, role, 3)


@pytest.fixture
def theirs(asked: Any, role: Any) -> ShiftPlace:
    return place_of(asked, role, 5)


def holders() -> dict[Any, Any]:
    return {one.shift_id: one.volunteer for one in ShiftPlace.objects.filter(state="confirmed")}


def subjects(who: Any) -> list[str]:
    rows = Message.objects.filter(about=who.person_id).order_by("id")
    return list(rows.values_list("subject", flat=True))


def test_both_places_change_and_each_hears_it(
    asks: Any, asked: Any, mine: Any, theirs: Any, role: Any
) -> None:
    for _time in range(2):
        exchange = ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    assert subjects(asked) == ["Would you exchange a shift?"]
    assert holders() == {mine.shift_id: asks, theirs.shift_id: asked}
    for _time in range(2):
        accept_exchange(exchange=exchange, by=asked.person.user)
    assert holders() == {mine.shift_id: asked, theirs.shift_id: asks}
    assert ShiftPlace.objects.count() == 4
    # Whoever says yes knows it; whoever asked hears it, and nobody hears "you need not come" besides.
    assert subjects(asks) == ["Your shift is exchanged"]
    assert subjects(asked) == ["Would you exchange a shift?"]
    words = " ".join(Message.objects.values_list("body", flat=True))
    for hidden in (asks.person.name, asked.person.name, asks.reference, role.name):
        assert hidden not in words


def test_a_no_costs_nothing_and_is_not_asked_again(
    asks: Any, asked: Any, mine: Any, theirs: Any
) -> None:
    exchange = ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    for _time in range(2):
        decline_exchange(exchange=exchange, by=asked.person.user)
    assert holders() == {mine.shift_id: asks, theirs.shift_id: asked}
    assert subjects(asks) == ["You keep your shift"]
    with pytest.raises(NotPossible, match="nobody is asked twice"):
        ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    with pytest.raises(NotPossible, match="The answer was no"):
        accept_exchange(exchange=exchange, by=asked.person.user)


def test_only_whoever_was_asked_says_yes(asks: Any, asked: Any, mine: Any, theirs: Any) -> None:
    with pytest.raises(PermissionDenied):
        ask_exchange(place=mine, wanted=theirs, by=asked.person.user)
    exchange = ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    for answer in (accept_exchange, decline_exchange):
        with pytest.raises(PermissionDenied):
            answer(exchange=exchange, by=asks.person.user)
    with pytest.raises(PermissionDenied):
        withdraw_exchange(exchange=exchange, by=asked.person.user)
    assert holders() == {mine.shift_id: asks, theirs.shift_id: asked}


def test_the_rules_are_looked_at_without_the_place_that_is_given(role: Any) -> None:
    """An exchange within one hour of the week they can give, and of a time that overlaps with their own."""
    asks, asked = in_role(role, minutes_a_week=120), in_role(role, minutes_a_week=120)
    when = timezone.now() + timedelta(days=3)
    mine = place_of(asks, role, 3)
    other = ShiftFactory(opportunity=role, starts_at=when + timedelta(minutes=30))
    theirs = take_shift_place(shift=other, volunteer=asked, by=TESTS)
    accept_exchange(exchange=ask_exchange(place=mine, wanted=theirs, by=TESTS), by=TESTS)
    assert holders() == {mine.shift_id: asked, theirs.shift_id: asks}


def test_longer_than_the_hours_they_give_is_refused(role: Any) -> None:
    asks, asked = in_role(role, minutes_a_week=120), in_role(role)
    mine = place_of(asks, role, 3)
    long = ShiftFactory(
        opportunity=role,
        starts_at=mine.shift.starts_at,
        ends_at=mine.shift.starts_at + timedelta(hours=4),
    )
    theirs = take_shift_place(shift=long, volunteer=asked, by=TESTS)
    with pytest.raises(NoHoursLeft):
        ask_exchange(place=mine, wanted=theirs, by=TESTS)
    # The other way round it is the other one's: whoever asks does not hear why.
    asked.person.user = UserFactory()
    asked.person.save()
    with pytest.raises(Refused, match="The other volunteer cannot do it") as told:
        ask_exchange(place=theirs, wanted=mine, by=asked.person.user)
    assert "hours" not in str(told.value)


def test_everything_is_looked_at_again_when_the_answer_comes(
    role: Any, asks: Any, asked: Any, cast: Cast
) -> None:
    role.checks_needed, role.dbs_level = ["dbs"], "basic"
    role.save()
    for who in (asks, asked):
        passed_check(who, level="basic", organisation=role.organisation)
    mine, theirs = place_of(asks, role, 3), place_of(asked, role, 5)
    exchange = ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    Check.objects.filter(volunteer=asks).delete()
    with pytest.raises(Refused, match="Both shifts stay as they are") as told:
        accept_exchange(exchange=exchange, by=asked.person.user)
    assert "out of date" not in str(told.value)
    # Staff who look after them hear what is missing.
    with pytest.raises(Refused, match="out of date"):
        accept_exchange(exchange=exchange, by=cast.volunteer_manager)
    assert holders() == {mine.shift_id: asks, theirs.shift_id: asked}
    exchange.refresh_from_db()
    assert exchange.state == "asked"


def test_of_two_roles_only_who_has_a_place_in_both(role: Any, asks: Any, mine: Any) -> None:
    other = OpportunityFactory(organisation=role.organisation)
    stranger = in_role(other)
    theirs = place_of(stranger, other, 5)
    with pytest.raises(NotPossible, match="no place in this role"):
        ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    for who, missing in ((asks, other), (stranger, role)):
        place_volunteer(
            application=apply(person=who.person, opportunity=missing, by=TESTS), by=TESTS
        )
    accept_exchange(exchange=ask_exchange(place=mine, wanted=theirs, by=TESTS), by=TESTS)
    assert holders() == {mine.shift_id: stranger, theirs.shift_id: asks}


@pytest.mark.parametrize("what", ["time", "called off", "given back", "begun"])
def test_what_changed_meanwhile_comes_to_nothing(
    what: str, asks: Any, asked: Any, mine: Any, theirs: Any
) -> None:
    exchange = ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    shift = theirs.shift
    if what == "time":
        span = Span(shift.starts_at + timedelta(hours=3), shift.ends_at + timedelta(hours=3))
        change_shift(shift=shift, span=span, places=1, note="", by=TESTS)
    elif what == "called off":
        cancel_shift(shift=shift, by=TESTS)
    elif what == "given back":
        give_back_place(place=theirs, by=asked.person.user)
    else:
        Shift.objects.filter(pk=shift.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotPossible):
        accept_exchange(exchange=exchange, by=asked.person.user)
    assert holders()[mine.shift_id] == asks
    if what != "begun":
        assert subjects(asks) == ["You keep your shift"]


def test_a_shift_that_two_do_asks_both_and_the_first_yes_counts(
    role: Any, asks: Any, asked: Any, mine: Any
) -> None:
    second, cannot = reached(role), reached(role, minutes_a_week=1)
    shift = ShiftFactory(opportunity=role, starts_at=timezone.now() + timedelta(days=5), places=3)
    places = [take_shift_place(shift=shift, volunteer=who, by=TESTS) for who in (asked, second)]
    ShiftPlace.objects.create(shift=shift, volunteer=cannot, state="confirmed")
    made = ask_for_shift(place=mine, shift=shift, by=asks.person.user)
    assert {one.wanted for one in made} == set(places)
    assert subjects(cannot) == []
    decline_exchange(exchange=made[0], by=made[0].wanted.volunteer.person.user)
    # Another may still say yes: nothing is settled yet.
    assert subjects(asks) == []
    accept_exchange(exchange=made[1], by=made[1].wanted.volunteer.person.user)
    assert holders()[mine.shift_id] == made[1].wanted.volunteer
    assert subjects(asks) == ["Your shift is exchanged"]


def test_nobody_who_could_is_said_and_not_too_many_are_asked(
    role: Any, asks: Any, mine: Any
) -> None:
    full = ShiftFactory(opportunity=role, starts_at=timezone.now() + timedelta(days=5))
    cannot = in_role(role, minutes_a_week=1)
    ShiftPlace.objects.create(shift=full, volunteer=cannot, state="confirmed")
    with pytest.raises(NotPossible, match="Nobody who is on that shift could do yours"):
        ask_for_shift(place=mine, shift=full, by=asks.person.user)
    for day in range(MOST_ASKED):
        ask_exchange(place=mine, wanted=place_of(in_role(role), role, 6 + day), by=asks.person.user)
    one_more = place_of(in_role(role), role, 20)
    with pytest.raises(NotPossible, match="Wait for an answer"):
        ask_exchange(place=mine, wanted=one_more, by=asks.person.user)


def test_the_calendars_follow(asks: Any, asked: Any, mine: Any, theirs: Any) -> None:
    accept_exchange(exchange=ask_exchange(place=mine, wanted=theirs, by=TESTS), by=TESTS)
    for who, has, had in ((asks, theirs, mine), (asked, mine, theirs)):
        entries = calendar_of(who).decode().split("BEGIN:VEVENT")[1:]
        status = {
            place.pk: next(e for e in entries if f"shift-{place.shift_id}" in e)
            for place in (has, had)
        }
        assert "STATUS:CONFIRMED" in status[has.pk]
        assert "STATUS:CANCELLED" in status[had.pk]


def test_by_page_without_javascript(
    role: Any, asks: Any, asked: Any, mine: Any, theirs: Any, client_as: Any
) -> None:
    client, other = client_as(asks.person.user), client_as(asked.person.user)
    ask = reverse("volunteers:my_shift_exchange", args=[mine.pk])
    assert ask in client.get(reverse(MINE)).content.decode()
    page = client.get(ask).content.decode()
    assert role.name in page
    assert asked.person.name not in page
    wrong = client.post(ask, {})
    assert wrong.status_code == 422
    assert "Choose a shift" in wrong.content.decode()
    for _time in range(2):
        page = client.post(ask, {"instead": str(theirs.shift_id)}, follow=True).content.decode()
        assert "You asked to have the shift of" in page
    exchange = ShiftExchange.objects.get()
    answer = reverse("volunteers:my_exchange_said", args=[exchange.pk])
    # Whoever asked cannot say yes for the other; a stranger finds nothing.
    assert client.post(answer, {"what": "yes"}).status_code == 404
    assert client_as(UserFactory()).post(answer, {"what": "yes"}).status_code == 404
    assert client_as(reached(role).person.user).post(answer, {"what": "no"}).status_code == 404
    page = other.get(reverse(MINE)).content.decode()
    assert "Would you exchange a shift?" in page
    assert asks.person.name not in page
    for _time in range(2):
        page = other.post(answer, {"what": "yes"}, follow=True).content.decode()
        assert "The shifts are exchanged" in page
    assert holders() == {mine.shift_id: asked, theirs.shift_id: asks}
    assert other.post(answer, {"what": "nonsense"}).status_code == 404


def test_no_and_not_any_more_by_page(
    role: Any, asks: Any, asked: Any, mine: Any, theirs: Any, client_as: Any
) -> None:
    client, other = client_as(asks.person.user), client_as(asked.person.user)
    first = ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    said = reverse("volunteers:my_exchange_said", args=[first.pk])
    assert "Nobody is asked any more" in client.post(
        said, {"what": "withdraw"}, follow=True
    ).content.decode()  # fmt: skip
    page = other.post(said, {"what": "yes"}, follow=True).content.decode()
    assert "do not want to exchange any more" in page
    again = ask_exchange(place=mine, wanted=theirs, by=TESTS)
    said = reverse("volunteers:my_exchange_said", args=[again.pk])
    assert "A no is fine" in other.post(said, {"what": "no"}, follow=True).content.decode()
    assert holders() == {mine.shift_id: asks, theirs.shift_id: asked}
    # Another one's place is nobody's to exchange.
    ask = reverse("volunteers:my_shift_exchange", args=[theirs.pk])
    assert client.get(ask).status_code == 404


def test_by_telephone_through_the_desk(
    role: Any, asks: Any, asked: Any, mine: Any, theirs: Any, cast: Cast, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:shift_exchange", args=[mine.pk])
    shift_page = reverse("volunteers:shift", args=[theirs.shift_id])
    page = client.get(address).content.decode()
    assert asked.person.name in page
    client.post(address, {"instead": str(theirs.pk)})
    assert subjects(asked) == ["Would you exchange a shift?"]
    page = client.get(shift_page).content.decode()
    assert f"{asked.person.name} says yes" in page
    said = reverse("volunteers:shift_exchange_said", args=[ShiftExchange.objects.get().pk])
    # Of another organisation: nothing is there.
    assert client_as(cast.stranger("volunteer_manager")).post(
        said, {"what": "yes"}
    ).status_code in (403, 404)
    client.post(said, {"what": "yes"})
    assert holders() == {mine.shift_id: asked, theirs.shift_id: asks}
    assert subjects(asks) == ["Your shift is exchanged"]
    assert "Your shift is exchanged" in subjects(asked)
    # It stands in the history of both shifts.
    for one in (mine, theirs):
        page = client.get(reverse("volunteers:shift", args=[one.shift_id])).content.decode()
        assert f"{asks.person.name} (" in page
        assert "Exchanged" in page


def test_both_agreed_on_the_telephone(
    asks: Any, asked: Any, mine: Any, theirs: Any, cast: Cast, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:shift_exchange", args=[mine.pk])
    client.post(address, {"instead": str(theirs.pk), "both_agree": "on"})
    assert holders() == {mine.shift_id: asked, theirs.shift_id: asks}
    # The page of a moment ago: the place is not theirs any more.
    assert client.post(address, {"instead": str(theirs.pk)}).status_code == 404


def test_refused_at_the_desk_nothing_is_left_behind(
    role: Any, asks: Any, mine: Any, cast: Cast, client_as: Any
) -> None:
    busy = in_role(role)
    place_of(busy, role, 3)
    theirs = place_of(busy, role, 5)
    response = client_as(cast.volunteer_manager).post(
        reverse("volunteers:shift_exchange", args=[mine.pk]),
        {"instead": str(theirs.pk), "both_agree": "on"},
    )
    assert response.status_code == 422
    assert "They are somewhere else at that time" in response.content.decode()
    assert not ShiftExchange.objects.exists()


def test_twice_as_many_take_as_many_queries(
    role: Any, asks: Any, mine: Any, cast: Cast, client_as: Any
) -> None:
    client, staff = client_as(asks.person.user), client_as(cast.volunteer_manager)

    def grow(begin: int, end: int) -> None:
        for number in range(begin, end):
            theirs = place_of(in_role(role), role, 5 + number)
            other = place_of(asks, role, 5 + number + 0.5)
            ask_exchange(place=theirs, wanted=mine, by=TESTS)
            ask_exchange(place=other, wanted=theirs, by=TESTS)
            if number < MOST_ASKED:
                ask_exchange(place=mine, wanted=theirs, by=TESTS)

    def queries() -> list[int]:
        found = []
        for who, address in (
            (client, reverse(MINE)),
            (client, reverse("volunteers:my_shift_exchange", args=[mine.pk])),
            (staff, reverse("volunteers:shift_exchange", args=[mine.pk])),
            (staff, reverse("volunteers:shift", args=[mine.shift_id])),
        ):
            with CaptureQueriesContext(connection) as seen:
                assert who.get(address).status_code == 200
            found.append(len(seen))
        return found

    grow(0, 2)
    queries()
    few = queries()
    grow(2, 4)
    assert queries() == few


def test_who_leaves_keeps_nobody_waiting_for_an_answer(
    asks: Any, asked: Any, mine: Any, theirs: Any
) -> None:
    from volunteers.actions.volunteers import move_volunteer

    exchange = ask_exchange(place=mine, wanted=theirs, by=asks.person.user)
    move_volunteer(volunteer=asked, to="paused", by=TESTS)
    exchange.refresh_from_db()
    assert exchange.state == "over"
    assert subjects(asks) == ["You keep your shift"]
    assert Volunteer.objects.get(pk=asks.pk).shift_places.get().state == "confirmed"


def test_what_can_no_longer_be_answered_does_not_count_as_asked(
    asks: Any, asked: Any, role: Any
) -> None:
    """Nobody can take it back either: it does not stand on their page any more."""
    far = place_of(asks, role, 20)
    for number in range(MOST_ASKED):
        near = place_of(asked, role, 2 + number / 4)
        ask_exchange(place=far, wanted=near, by=asks.person.user)
    later = place_of(asked, role, 12)
    with pytest.raises(NotPossible, match="asked for 5 shifts already"):
        ask_exchange(place=far, wanted=later, by=asks.person.user)
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        ask_exchange(place=far, wanted=later, by=asks.person.user)
    assert ShiftExchange.objects.filter(wanted=later, state="asked").exists()


def test_asking_and_taking_back_over_and_over_sends_one_message(
    asks: Any, asked: Any, mine: Any, theirs: Any
) -> None:
    """Whoever is asked does not know by whom, and could not even tell them to stop."""
    own = asks.person.user
    withdraw_exchange(exchange=ask_exchange(place=mine, wanted=theirs, by=own), by=own)
    for _time in range(3):
        with pytest.raises(NotPossible, match="ask again tomorrow"):
            ask_for_shift(place=mine, shift=theirs.shift, by=own)
    assert subjects(asked) == ["Would you exchange a shift?"]
    # Staff have somebody on the telephone, and know whom they ask for.
    ask_exchange(place=mine, wanted=theirs, by=TESTS)
    withdraw_exchange(exchange=ShiftExchange.objects.get(state="asked"), by=own)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert ask_exchange(place=mine, wanted=theirs, by=own).state == "asked"
