"""Two people at once, on real connections to the real database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from directory.models import PostcodePlace
from tests.conftest import sign_in
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    help_request,
    in_role,
    offer,
    volunteer,
)
from volunteers.actions.applications import apply, place_volunteer
from volunteers.actions.exchanges import accept_exchange, ask_exchange, decline_exchange
from volunteers.actions.feeds import make_feed
from volunteers.actions.help import ask_for_help
from volunteers.actions.offers import accept, lapse_offers
from volunteers.actions.rotas import cancel_shift, make_shifts
from volunteers.actions.shifts import (
    give_back_place,
    offer_swap,
    swap_place,
    take_shift_place,
)
from volunteers.actions.suggesting import keep, look_for_one
from volunteers.actions.visits import agree_visit, move_visit
from volunteers.actions.volunteers import move_volunteer
from volunteers.booking import Span
from volunteers.models import (
    Application,
    Availability,
    CalendarFeed,
    HelpRequest,
    Offer,
    Shift,
    ShiftExchange,
    ShiftPlace,
    Visit,
)
from volunteers.refusals import OfferOver, PlaceTaken, Refused
from volunteers.rotas.clock import remind_of_shifts
from volunteers.states import OfferState, OpportunityState, Party

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each gave back, or the refusal that it met; anything else that went wrong fails the test."""
    came: list[Any] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def one(number: int, call: Callable[[], Any]) -> None:
        ready.wait()
        try:
            came[number] = call()
        except Exception as problem:
            came[number] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong = [e for e in came if isinstance(e, Exception) and not isinstance(e, Refused)]
    assert wrong == []
    return came


def refusals(came: list[Any]) -> list[Refused]:
    return [one for one in came if isinstance(one, Refused)]


def test_two_coordinators_give_the_last_place_at_once() -> None:
    role = OpportunityFactory(places=1)
    applications = [
        apply(person=who.person, opportunity=role, by=TESTS)
        for who in (volunteer(organisation=role.organisation) for _number in range(2))
    ]
    came = at_once(
        *(lambda a=a: place_volunteer(application=a, by=TESTS) for a in applications)  # type: ignore[misc]
    )
    assert [type(one) for one in refusals(came)] == [PlaceTaken]
    assert Application.objects.filter(outcome="placed").count() == 1
    role.refresh_from_db()
    assert role.state == OpportunityState.FILLED


def test_two_volunteers_take_the_last_place_on_a_shift_at_once() -> None:
    shift = ShiftFactory(places=1)
    role = shift.opportunity
    both = [volunteer(organisation=role.organisation) for _number in range(2)]
    for who in both:
        place_volunteer(application=apply(person=who.person, opportunity=role, by=TESTS), by=TESTS)
    came = at_once(
        *(lambda w=w: take_shift_place(shift=shift, volunteer=w, by=TESTS) for w in both)  # type: ignore[misc]
    )
    assert [type(one) for one in refusals(came)] == [PlaceTaken]
    assert ShiftPlace.objects.filter(state="confirmed").count() == 1


def test_a_double_click_takes_one_place() -> None:
    shift = ShiftFactory(places=2)
    who = volunteer(organisation=shift.opportunity.organisation)
    place_volunteer(
        application=apply(person=who.person, opportunity=shift.opportunity, by=TESTS), by=TESTS
    )
    take = lambda: take_shift_place(shift=shift, volunteer=who, by=TESTS)  # noqa: E731
    assert refusals(at_once(take, take)) == []
    assert ShiftPlace.objects.count() == 1


def test_a_yes_that_is_pressed_twice_is_one_yes() -> None:
    asked = offer(help_request(), volunteer())
    yes = lambda: accept(offer=asked, by=TESTS, side=Party.VOLUNTEER)  # noqa: E731
    assert refusals(at_once(yes, yes)) == []
    assert asked.help_request.changes.filter(to_state="matched").count() == 1


def test_both_sides_say_yes_at_once_and_contact_is_released_once() -> None:
    asked = offer(help_request(), volunteer())
    came = at_once(
        lambda: accept(offer=asked, by=TESTS, side=Party.VOLUNTEER),
        lambda: accept(offer=asked, by=TESTS, side=Party.PERSON),
    )
    assert refusals(came) == []
    asked.refresh_from_db()
    assert asked.is_released


def test_one_volunteer_says_yes_to_two_that_overlap_at_once() -> None:
    who = volunteer()
    begins = timezone.now() + timedelta(days=2)
    asked = [
        offer(help_request(organisation=who.organisation, starts_at=begins), who)
        for _number in range(2)
    ]
    came = at_once(
        *(lambda o=o: accept(offer=o, by=TESTS, side=Party.VOLUNTEER) for o in asked)  # type: ignore[misc]
    )
    assert len(refusals(came)) == 1
    assert Offer.objects.filter(state=OfferState.ACCEPTED).count() == 1


def test_a_yes_and_the_end_of_the_time_at_once_end_one_way() -> None:
    asked = offer(help_request(), volunteer())
    after = asked.lapses_at
    came = at_once(
        lambda: accept(offer=asked, by=TESTS, side=Party.VOLUNTEER),
        lambda: lapse_offers(by=TESTS, now=after),
    )
    asked.refresh_from_db()
    if asked.state == OfferState.LAPSED:
        assert [type(one) for one in refusals(came)] == [OfferOver]
    else:
        assert (asked.state, came[1]) == (OfferState.ACCEPTED, 0)


def test_a_form_sent_twice_at_once_is_one_request() -> None:
    first = help_request(state="asked")

    def ask() -> HelpRequest:
        return ask_for_help(
            person=first.person,
            organisation=first.organisation,
            kind="lift",
            what="To the hospital",
            channel="web",
            by=TESTS,
            key=key,
        )

    key = uuid4()
    came = at_once(ask, ask)
    assert came[0] == came[1]
    assert HelpRequest.objects.count() == 2
    assert came[0].changes.count() == 1


def test_the_same_suggestion_at_once_is_one() -> None:
    PostcodePlace.objects.create(code="DL3 7XX", level="unit", latitude=54.524, longitude=-1.555)
    who = volunteer(person=PersonFactory(postcode="DL3 7XX"), transport=["drive"])
    for weekday in range(1, 8):
        Availability.objects.create(volunteer=who, weekday=weekday, starts=time(0), ends=time(0))
    row = help_request(organisation=who.organisation)
    found = look_for_one(help_request=row, by=TESTS)
    assert found is not None
    assert refusals(at_once(lambda: keep(found), lambda: keep(found))) == []
    assert [offer.volunteer for offer in Offer.objects.all()] == [who]


def test_two_visits_of_one_volunteer_are_not_moved_to_one_time() -> None:
    who = volunteer()
    now = timezone.now()
    visits = []
    for day in (2, 4):
        accepted = help_request(state="matched", who=who).offers.get()
        span = Span(now + timedelta(days=day), now + timedelta(days=day, hours=1))
        visits.append(agree_visit(offer=accepted, span=span, watchword="Fern", by=TESTS))
    wanted = Span(now + timedelta(days=6), now + timedelta(days=6, hours=1))
    came = at_once(
        *(lambda visit=visit: move_visit(visit=visit, span=wanted, by=TESTS) for visit in visits)
    )
    assert len(refusals(came)) == 1
    assert Visit.objects.filter(starts_at=wanted.starts_at).count() == 1


def test_two_coordinators_move_one_visit_and_one_is_told() -> None:
    accepted = help_request(state="matched").offers.get()
    now = timezone.now()
    span = Span(now + timedelta(days=2), now + timedelta(days=2, hours=1))
    visit = agree_visit(offer=accepted, span=span, watchword="Fern", by=TESTS)
    came = at_once(
        *(
            lambda day=day: move_visit(
                visit=visit,
                span=Span(now + timedelta(days=day), now + timedelta(days=day, hours=1)),
                seen=visit.starts_at,
                by=TESTS,
            )
            for day in (3, 5)
        )
    )
    assert len(refusals(came)) == 1


def test_two_coordinators_put_somebody_on_the_last_place_of_a_shift_at_once() -> None:
    shift = ShiftFactory(places=1)
    staff = [UserFactory(role="volunteer_coordinator") for _number in range(2)]
    both = [in_role(shift.opportunity) for _number in range(2)]
    came = at_once(
        *(
            lambda user=user, who=who: take_shift_place(shift=shift, volunteer=who, by=user)  # type: ignore[misc]
            for user, who in zip(staff, both, strict=True)
        )
    )
    (told,) = refusals(came)
    assert isinstance(told, PlaceTaken)
    assert str(told) == "The last place was taken a moment ago."
    assert ShiftPlace.objects.filter(state="confirmed").count() == 1


def test_two_coordinators_press_the_button_at_once_and_one_page_says_it() -> None:
    shift = ShiftFactory(places=1)
    address = reverse("volunteers:shift_put_on", args=[shift.pk])
    both = [in_role(shift.opportunity) for _number in range(2)]
    clients = [
        sign_in(Client(), UserFactory(role="volunteer_coordinator", second_factor=True))
        for _number in range(2)
    ]
    pages = at_once(
        *(
            lambda client=client, who=who: client.post(address, {"volunteer": str(who.pk)})  # type: ignore[misc]
            for client, who in zip(clients, both, strict=True)
        )
    )
    assert sorted(page.status_code for page in pages) == [302, 422]
    (told,) = (page.content.decode() for page in pages if page.status_code == 422)
    assert "The last place was taken a moment ago" in told
    assert ShiftPlace.objects.filter(state="confirmed").count() == 1


def test_a_place_comes_free_and_somebody_takes_it_at_once_and_nobody_is_passed_over() -> None:
    shift = ShiftFactory(places=1)
    first, waits, quick = (in_role(shift.opportunity) for _number in range(3))
    place = take_shift_place(shift=shift, volunteer=first, by=TESTS)
    take_shift_place(shift=shift, volunteer=waits, by=TESTS, or_wait=True)
    came = at_once(
        lambda: give_back_place(place=place, by=TESTS),
        lambda: take_shift_place(shift=shift, volunteer=quick, by=TESTS),
    )
    assert [type(one) for one in refusals(came)] == [PlaceTaken]
    assert ShiftPlace.objects.get(state="confirmed").volunteer == waits


def test_two_shifts_are_given_back_crosswise_at_once() -> None:
    """Each waits for the other's: with locks in two orders, one would be thrown out by the database."""
    role = OpportunityFactory()
    when = timezone.now() + timedelta(days=3)
    shifts = [
        ShiftFactory(opportunity=role, starts_at=when + timedelta(days=day)) for day in range(2)
    ]
    both = [in_role(role) for _number in range(2)]
    places = [
        take_shift_place(shift=shift, volunteer=who, by=TESTS)
        for shift, who in zip(shifts, both, strict=True)
    ]
    for shift, who in zip(shifts, reversed(both), strict=True):
        take_shift_place(shift=shift, volunteer=who, by=TESTS, or_wait=True)
    came = at_once(*(lambda p=p: give_back_place(place=p, by=TESTS) for p in places))  # type: ignore[misc]
    assert refusals(came) == []
    now = {(p.shift_id, p.volunteer_id) for p in ShiftPlace.objects.filter(state="confirmed")}
    assert now == {(shifts[0].pk, both[1].pk), (shifts[1].pk, both[0].pk)}


def test_an_offered_place_is_taken_over_once() -> None:
    shift = ShiftFactory(places=1)
    place = take_shift_place(shift=shift, volunteer=in_role(shift.opportunity), by=TESTS)
    offer_swap(place=place, by=TESTS)
    both = [in_role(shift.opportunity) for _number in range(2)]
    came = at_once(
        *(lambda w=w: swap_place(place=place, volunteer=w, by=TESTS) for w in both)  # type: ignore[misc]
    )
    assert [type(one) for one in refusals(came)] == [PlaceTaken]
    assert ShiftPlace.objects.filter(state="confirmed").count() == 1


def _two_places(role: Any) -> list[ShiftPlace]:
    now = timezone.now()
    return [
        take_shift_place(
            shift=ShiftFactory(opportunity=role, starts_at=now + timedelta(days=day)),
            volunteer=in_role(role),
            by=TESTS,
        )
        for day in (3, 4)
    ]


def _whose_now() -> dict[Any, Any]:
    return {p.shift_id: p.volunteer_id for p in ShiftPlace.objects.filter(state="confirmed")}


def test_a_yes_to_an_exchange_that_is_pressed_twice_is_one_exchange() -> None:
    mine, theirs = _two_places(OpportunityFactory())
    ask = lambda: ask_exchange(place=mine, wanted=theirs, by=TESTS)  # noqa: E731
    first, again = at_once(ask, ask)
    assert first == again
    yes = lambda: accept_exchange(exchange=first, by=TESTS)  # noqa: E731
    assert refusals(at_once(yes, yes)) == []
    assert _whose_now() == {
        mine.shift_id: theirs.volunteer_id,
        theirs.shift_id: mine.volunteer_id,
    }
    assert ShiftPlace.objects.count() == 4


def test_each_asks_the_other_and_both_say_yes_at_once() -> None:
    """Crosswise: held in two orders, one would be thrown out by the database; done twice, nothing changed."""
    mine, theirs = _two_places(OpportunityFactory())
    asked = [
        ask_exchange(place=mine, wanted=theirs, by=TESTS),
        ask_exchange(place=theirs, wanted=mine, by=TESTS),
    ]
    came = at_once(*(lambda e=e: accept_exchange(exchange=e, by=TESTS) for e in asked))  # type: ignore[misc]
    assert len(refusals(came)) == 1
    assert _whose_now() == {
        mine.shift_id: theirs.volunteer_id,
        theirs.shift_id: mine.volunteer_id,
    }
    assert sorted(ShiftExchange.objects.values_list("state", flat=True)) == ["done", "over"]


def test_one_place_is_exchanged_with_one_of_two_who_say_yes_at_once() -> None:
    role = OpportunityFactory()
    mine, theirs = _two_places(role)
    third = take_shift_place(
        shift=ShiftFactory(opportunity=role, starts_at=timezone.now() + timedelta(days=6)),
        volunteer=in_role(role),
        by=TESTS,
    )
    asked = [ask_exchange(place=mine, wanted=one, by=TESTS) for one in (theirs, third)]
    came = at_once(*(lambda e=e: accept_exchange(exchange=e, by=TESTS) for e in asked))  # type: ignore[misc]
    assert len(refusals(came)) == 1
    assert ShiftPlace.objects.filter(state="confirmed").count() == 3
    assert len(_whose_now()) == 3


@pytest.mark.parametrize("other", ["give back", "call off", "leave", "no"])
def test_a_yes_and_its_opposite_at_once_end_one_way(other: str) -> None:
    mine, theirs = _two_places(OpportunityFactory())
    asked = ask_exchange(place=mine, wanted=theirs, by=TESTS)
    against: dict[str, Callable[[], Any]] = {
        "give back": lambda: give_back_place(place=mine, by=TESTS),
        "call off": lambda: cancel_shift(shift=theirs.shift, by=TESTS),
        "leave": lambda: move_volunteer(
            volunteer=mine.volunteer, to="left", by=TESTS, reason_code="moved"
        ),
        "no": lambda: decline_exchange(exchange=asked, by=TESTS),
    }
    at_once(lambda: accept_exchange(exchange=asked, by=TESTS), against[other])
    asked.refresh_from_db()
    exchanged = asked.state == "done"
    assert asked.state in ("done", "over", "declined")
    # Both changed or neither did; never one of the two.
    assert ShiftPlace.objects.filter(instead_of__isnull=False).count() == (2 if exchanged else 0)
    theirs.refresh_from_db()
    assert (theirs.state == "given-back") == exchanged


def test_a_rota_that_is_sent_twice_at_once_is_made_once() -> None:
    role, key = OpportunityFactory(), uuid4()
    begins = timezone.now() + timedelta(days=2)
    spans = [Span(begins, begins + timedelta(hours=1))]
    make = lambda: make_shifts(opportunity=role, spans=spans, series=key, by=TESTS)  # noqa: E731
    assert refusals(at_once(make, make)) == []
    assert Shift.objects.count() == 1


def test_two_reminders_at_once_are_one() -> None:
    shift = ShiftFactory(starts_at=timezone.now() + timedelta(days=1))
    who = in_role(shift.opportunity)
    who.person.email, who.person.contact_by = "volunteer@example.org", "email"
    who.person.save()
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    assert sum(at_once(remind_of_shifts, remind_of_shifts)) == 1
    assert Message.objects.count() == 1


def test_two_new_addresses_of_a_calendar_at_once_are_one() -> None:
    user = UserFactory()
    who = volunteer(user=user)
    old = make_feed(volunteer=who, by=user)
    new = lambda: make_feed(volunteer=who, by=user, instead_of=old)  # noqa: E731
    came = at_once(new, new)
    assert came[0] == came[1] != old
    assert CalendarFeed.objects.get() == came[0]
