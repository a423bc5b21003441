"""The person's own page, signed in and by their link; and the desk that wrote it down for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from dcsn.messages.sealed import opened
from members.models import Person
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.volunteering import TESTS, agreed_visit, help_request, offer, volunteer
from volunteers.access import released_contact
from volunteers.actions.help import finish_help
from volunteers.actions.offers import accept
from volunteers.helping.clock import ask_for_whom_it_is_time, follow_up_help
from volunteers.helping.request_links import token_of_request
from volunteers.models import HelpRequest
from volunteers.states import HelpState, OfferState, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


def link(row: HelpRequest) -> str:
    return reverse("volunteers:asked_link", args=[token_of_request(row.pk)])


def said_yes(row: HelpRequest, who: Any) -> Any:
    return accept(offer=offer(row, who), by=TESTS, side=Party.VOLUNTEER)


# --- The person ---------------------------------------------------------------------------------------


def test_by_their_link_they_say_yes_and_read_who_comes_and_the_word() -> None:
    row, who = help_request(), volunteer()
    Person.objects.filter(pk=who.person_id).update(phone="01632 960 777")
    asked = said_yes(row, who)
    client = Client()
    before = client.get(link(row))
    page = before.content.decode()
    assert before["Referrer-Policy"] == "same-origin"
    assert "A volunteer would like to help you" in page
    assert who.person.family_name not in page
    assert "01632 960 777" not in page
    # Looking says nothing for them.
    asked.refresh_from_db()
    assert asked.person_accepted_at is None
    client.post(link(row), {"do": "yes", "offer": asked.pk})
    asked.refresh_from_db()
    agreed_visit(asked, watchword="Buttercup")
    after = client.get(link(row)).content.decode()
    for known in (who.person.name, "01632 960 777", "Buttercup"):
        assert known in after
    assert who.reference not in after


def test_a_yes_to_one_volunteer_is_no_yes_to_the_next() -> None:
    row = help_request()
    first = said_yes(row, volunteer())
    client = Client()
    client.post(link(row), {"do": "no", "offer": first.pk})
    row.refresh_from_db()
    second = said_yes(row, volunteer())
    late = client.post(link(row), {"do": "yes", "offer": first.pk})
    assert late.status_code == 409
    second.refresh_from_db()
    assert (second.state, second.person_accepted_at) == (OfferState.ACCEPTED, None)


def test_they_cancel_and_a_second_time_changes_nothing() -> None:
    row = help_request(state="offered")
    for _time in range(2):
        Client().post(link(row), {"do": "cancel", "reason": "somebody-else"})
    row.refresh_from_db()
    assert (row.state, row.state_reason) == (HelpState.CANCELLED, "somebody-else")
    assert row.changes.get(to_state="cancelled").party == Party.PERSON
    assert row.offers.get().state == OfferState.CANCELLED


def test_an_altered_link_or_an_old_one_opens_nothing() -> None:
    row = help_request(state="cancelled")
    assert Client().get(link(row)).status_code == 200
    assert Client().get(link(row)[:-2] + "x/").status_code == 404
    HelpRequest.objects.filter(pk=row.pk).update(ended_at=timezone.now() - timedelta(days=61))
    assert Client().get(link(row)).status_code == 404


def test_signed_in_they_see_their_own_and_nobody_elses(cast: Cast, client_as: Any) -> None:
    mine, other = help_request(), help_request()
    Person.objects.filter(pk=mine.person_id).update(user=cast.nobody)
    client = client_as(cast.nobody)
    listed = client.get(reverse("volunteers:my_help")).content.decode()
    assert mine.reference in listed
    assert other.reference not in listed
    assert client.get(reverse("volunteers:my_help_one", args=[mine.pk])).status_code == 200
    assert client.get(reverse("volunteers:my_help_one", args=[other.pk])).status_code == 404
    client.post(reverse("volunteers:my_help_one", args=[mine.pk]), {"do": "cancel"})
    mine.refresh_from_db()
    assert mine.state == HelpState.CANCELLED


def test_the_list_asks_no_more_for_more_rows(cast: Cast, client_as: Any) -> None:
    person = PersonFactory(user=cast.nobody)
    client = client_as(cast.nobody)
    counts = []
    for _time in range(2):
        for _n in range(3):
            help_request(person=person)
        client.get(reverse("volunteers:my_help"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("volunteers:my_help"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_volunteer_reads_no_address_and_no_word_before_both_said_yes() -> None:
    row, who = help_request(), volunteer()
    asked = offer(row, who)
    assert released_contact(asked, Party.VOLUNTEER) is None
    asked = accept(offer=asked, by=TESTS, side=Party.VOLUNTEER)
    assert released_contact(asked, Party.VOLUNTEER) is None
    asked = accept(offer=asked, by=TESTS, side=Party.PERSON)
    contact = released_contact(asked, Party.VOLUNTEER)
    assert contact is not None
    assert "1 Example Terrace" in contact.address_lines


# --- Did it help? -------------------------------------------------------------------------------------


def done(**facts: Any) -> HelpRequest:
    return help_request(state="done", **facts)


def test_they_are_asked_once_some_days_later_and_answer_by_the_link(ours: Any) -> None:
    person = PersonFactory(organisation=ours, email="ivy@example.org", contact_by="email")
    row = done(organisation=ours, person=person)
    Message.objects.all().delete()
    assert ask_for_whom_it_is_time() == 0
    assert ask_for_whom_it_is_time(row.ask_on) == 1
    assert ask_for_whom_it_is_time(row.ask_on) == 0
    message = Message.objects.get()
    assert link(row) in opened(message.body)
    assert "light bulb" not in message.body
    page = Client().get(link(row)).content.decode()
    assert "Did you get the help?" in page
    assert "Choose an answer" in Client().post(link(row), {"do": "how"}).content.decode()
    Client().post(link(row), {"do": "how", "how": "no", "how_words": "Nobody came back"})
    row.refresh_from_db()
    assert (row.answer, row.answer_words) == ("no", "Nobody came back")
    assert row.follow_up_on is not None, "somebody gets in touch"
    again = Client().post(link(row), {"do": "how", "how": "yes"})
    assert again.status_code == 409


def test_who_gets_no_messages_is_asked_by_the_desk_and_a_no_is_looked_for_anew(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    row = done(organisation=ours)
    HelpRequest.objects.filter(pk=row.pk).update(
        ask_on=timezone.localdate(), checks_needed=["references"], needs_driver=True
    )
    assert ask_for_whom_it_is_time() == 0
    client = client_as(cast.volunteer_manager)
    board = reverse("volunteers:help_board")
    assert row.reference in client.get(board + "?show=how").content.decode()
    client.post(reverse("volunteers:help_how", args=[row.pk]), {"how": "some"})
    assert row.reference not in client.get(board + "?show=how").content.decode()
    assert row.reference in client.get(board + "?show=tell").content.decode()
    address = reverse("volunteers:help_not_helped", args=[row.pk])
    for _time in range(2):
        client.post(address, {"anew": "yes"})
    assert row.reference not in client.get(board + "?show=tell").content.decode()
    new = HelpRequest.objects.exclude(pk=row.pk).get()
    assert (new.state, new.what, new.person) == (HelpState.ASKED, row.what, row.person)
    assert (new.checks_needed, new.needs_driver) == (["references"], True), "what it takes is kept"


# --- Never silence ------------------------------------------------------------------------------------


def test_unfilled_has_a_day_the_person_is_told_and_it_comes_back_to_the_board(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    rung = help_request(organisation=ours)
    person = PersonFactory(organisation=ours, email="ivy@example.org", contact_by="email")
    written = help_request(organisation=ours, person=person)
    day = rung.follow_up_on + timedelta(days=1)
    assert follow_up_help(day) == 2
    assert Message.objects.filter(to_address="ivy@example.org").count() == 1
    for row in (rung, written):
        row.refresh_from_db()
        assert row.state == HelpState.UNFILLED
        assert row.follow_up_on is not None
    # On the promised day they are on the list of those who must hear, until somebody told them.
    HelpRequest.objects.filter(pk=rung.pk).update(follow_up_on=timezone.localdate())
    client = client_as(cast.volunteer_manager)
    tell = reverse("volunteers:help_board") + "?show=tell"
    assert rung.reference in client.get(tell).content.decode()
    later = timezone.localdate() + timedelta(days=4)
    client.post(
        reverse("volunteers:help_told", args=[rung.pk]),
        {
            "follow_up_on_day": later.day,
            "follow_up_on_month": later.month,
            "follow_up_on_year": later.year,
        },
    )
    assert rung.reference not in client.get(tell).content.decode()


# --- The desk that wrote it down ----------------------------------------------------------------------


def test_a_desk_sees_what_became_and_says_yes_for_the_person(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    row, who = help_request(taken_at=ours), volunteer()
    other = help_request()
    asked = said_yes(row, who)
    client = client_as(cast.access_point_staff)
    page = client.get(reverse("volunteers:help_taken")).content.decode()
    assert reverse("members:people") in page.split("Somebody asks for a hand?")[1]
    assert row.reference in page
    assert other.reference not in page
    assert "The person must say yes" in page
    assert Event.objects.get(type="help:listed").details["help_requests"] == [str(row.pk)]
    here = reverse("volunteers:help_taken_one", args=[row.pk])
    assert who.person.family_name not in client.get(here).content.decode()
    assert client.get(reverse("volunteers:help_one", args=[row.pk])).status_code in (403, 404)
    client.post(here, {"do": "yes", "offer": asked.pk})
    asked.refresh_from_db()
    assert asked.is_released
    assert who.person.name in client.get(here).content.decode()
    assert client.get(reverse("volunteers:help_taken_one", args=[other.pk])).status_code == 404
    finish_help(help_request=row, by=TESTS)
    client.post(here, {"do": "how", "how": "not-reached"})
    row.refresh_from_db()
    assert row.answer == "not-reached"


def test_a_desk_cancels_with_a_reason(cast: Cast, ours: Any, client_as: Any) -> None:
    row = help_request(taken_at=ours)
    here = reverse("volunteers:help_taken_one", args=[row.pk])
    client = client_as(cast.access_point_staff)
    assert "Choose a reason" in client.post(here, {"do": "cancel"}).content.decode()
    client.post(here, {"do": "cancel", "reason_code": "somebody-else"})
    row.refresh_from_db()
    assert row.state == HelpState.CANCELLED


def test_the_desks_list_asks_no_more_for_more_rows(cast: Cast, ours: Any, client_as: Any) -> None:
    client = client_as(cast.access_point_staff)
    address = reverse("volunteers:help_taken")
    counts = []
    for _time in range(2):
        for _n in range(3):
            help_request(taken_at=ours)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_under_way_stands_above_what_is_over(cast: Cast, client_as: Any) -> None:
    person = PersonFactory(user=cast.nobody)
    rows = [help_request(person=person, state=state) for state in ("cancelled", "triaged", "asked")]
    now = timezone.now()
    for row, days in zip(rows, (1, 5, 3), strict=True):
        HelpRequest.objects.filter(pk=row.pk).update(asked_at=now - timedelta(days=days))
    page = client_as(cast.nobody).get(reverse("volunteers:my_help")).context["page"]
    over, older, newer = rows
    assert list(page) == [newer, older, over]
