"""Asking, triage, whom to ask, and the visit, through the pages."""

from __future__ import annotations

import io
import uuid
from datetime import datetime, timedelta
from typing import Any

import pdfplumber
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.jobs import Job
from dcsn.messages.models import Message
from members.models import Person
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.volunteering import agreed_visit, help_request, offer, volunteer
from volunteers.actions.suggesting import KIND, look_for_volunteers
from volunteers.booking import LONDON
from volunteers.helping.clock import follow_up_help, let_offers_lapse
from volunteers.models import HelpRequest, Offer, Visit
from volunteers.states import HelpState, OfferState, Party

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "good-neighbour",
    "what": "The light bulb in the hall",
    "minutes": "60",
    "repeats": "once",
    "when_words": "mornings",
}


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


def typed(**more: str) -> dict[str, str]:
    return {
        **TYPED,
        "key": str(uuid.uuid4()),
        "given_name": "Ivy",
        "family_name": "Example",
        "contact_by": "phone",
        "phone": "01632 960 123",
        "address_1": "1 Example Terrace",
        "postcode": "DL3 7XX",
        "safe_contact_note": "Ring in the morning only",
        **more,
    }


# --- Asking -------------------------------------------------------------------------------------------


def test_a_neighbour_asks_on_the_website_once(ours: Any) -> None:
    client, data = Client(), typed()
    for _time in range(2):
        answer = client.post(reverse("volunteers:ask_help"), data)
        assert answer.url == reverse("volunteers:ask_help_sent")
    asked = HelpRequest.objects.get()
    assert (asked.channel, asked.organisation, asked.when_words) == ("web", ours, "mornings")
    assert Person.objects.get().safe_contact_note == "Ring in the morning only"
    said = client.get(answer.url).content.decode()
    assert asked.reference in said
    assert "Example" not in said


def test_nothing_typed_is_lost(ours: Any) -> None:
    page = (
        Client().post(reverse("volunteers:ask_help"), typed(phone="", day_day="1")).content.decode()
    )
    assert not HelpRequest.objects.exists()
    assert "Enter the number on which we can ring you" in page
    assert "The date must include a month" in page
    for kept in ("The light bulb in the hall", "Ivy", "1 Example Terrace", "mornings"):
        assert kept in page


def test_nobody_asks_for_an_hour_of_today_that_is_over(ours: Any) -> None:
    """Half past two in summer: 1.45pm is over by the clock on the wall, and still to come by UTC."""
    with time_machine.travel(datetime(2031, 7, 1, 14, 30, tzinfo=LONDON), tick=False):
        client = Client()
        data = typed(day_day="1", day_month="7", day_year="2031", time="1.45pm")
        page = client.post(reverse("volunteers:ask_help"), data).content.decode()
        assert "This time is over. Enter a later time, or leave it empty" in page
        assert 'href="#id_time"' in page
        for kept in ("The light bulb in the hall", "1.45pm", 'value="2031"', "1 Example Terrace"):
            assert kept in page
        assert not HelpRequest.objects.exists()
        client.post(reverse("volunteers:ask_help"), {**data, "time": "2.45pm"})
    assert f"{HelpRequest.objects.get().starts_at.astimezone(LONDON):%H:%M}" == "14:45"


def test_too_many_are_told_when_again(ours: Any) -> None:
    client = Client()
    client.get(reverse("volunteers:ask_help"))
    answers = [client.post(reverse("volunteers:ask_help"), {}).status_code for _n in range(7)]
    assert answers == [200] * 6 + [429]


def test_a_preference_is_asked_for_its_reason(ours: Any) -> None:
    client = Client()
    data = typed(gender_preference="female")
    assert "lawful only then" in client.post(reverse("volunteers:ask_help"), data).content.decode()
    client.post(reverse("volunteers:ask_help"), {**data, "preference_reason": "Lives in a refuge"})
    assert HelpRequest.objects.get().preference_reason == "Lives in a refuge"


def test_the_desk_writes_down_when_and_how_often(cast: Cast, ours: Any, client_as: Any) -> None:
    person = PersonFactory(organisation=ours)
    day = timezone.localdate() + timedelta(days=4)
    client = client_as(cast.access_point_staff)
    address = reverse("volunteers:ask_help_for", args=[person.pk])
    data = {
        **TYPED,
        "key": str(uuid.uuid4()),
        "channel": "phone",
        "repeats": "weekly",
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
    }
    assert "say from what time" in client.post(address, data).content.decode()
    client.post(address, {**data, "time": "2pm"})
    asked = HelpRequest.objects.get()
    start = timezone.localtime(asked.starts_at)
    assert (asked.taken_at, asked.repeats, start.date(), start.hour) == (ours, "weekly", day, 14)
    page = client.get(person.get_absolute_url()).content.decode()
    assert asked.reference in page
    assert address in page


# --- The board ----------------------------------------------------------------------------------------


def test_the_board_asks_the_database_no_more_for_more_rows(
    cast: Cast, ours: Any, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:help_board") + "?show=looking"
    for _n in range(3):
        help_request(organisation=ours)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _n in range(3):
        help_request(organisation=ours)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert len(many) == len(few)
    assert page.count('class="govuk-link govuk-!-font-weight-bold"') == 6


def test_a_manager_sees_only_their_own_and_the_look_is_written_down(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    row, other = help_request(organisation=ours, state="asked"), help_request(state="asked")
    page = client_as(cast.volunteer_manager).get(reverse("volunteers:help_board"))
    assert row.reference in page.content.decode()
    assert other.reference not in page.content.decode()
    event = Event.objects.filter(type="help:listed").get()
    assert event.details["help_requests"] == [str(row.pk)]
    stranger = client_as(cast.stranger("volunteer_manager"))
    for name in ("help_one", "help_told", "help_offer", "help_visit", "help_begin", "help_finish"):
        address = reverse(f"volunteers:{name}", args=[row.pk])
        assert stranger.post(address).status_code in (404, 405), name
    assert stranger.get(reverse("volunteers:help_one", args=[row.pk])).status_code == 404


def test_triage_and_passing_on_with_words_for_the_person(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    row = help_request(organisation=ours, state="asked")
    client.post(
        reverse("volunteers:help_triage", args=[row.pk]),
        {"minutes": 45, "minimum_age": 18, "version": row.version, "needs_driver": "on"},
    )
    row.refresh_from_db()
    assert (row.state, row.minutes, row.needs_driver) == (HelpState.TRIAGED, 45, True)
    # Somebody else's page is older.
    late = client.post(
        reverse("volunteers:help_pass_on", args=[row.pk]),
        {
            "passed_to": "adult-social-care",
            "reason_code": "personal-care",
            "note": "Rang the duty team",
            "version": 1,
        },
    )
    assert "Somebody else has changed this request" in late.content.decode()
    done = client.post(
        reverse("volunteers:help_pass_on", args=[row.pk]),
        {
            "passed_to": "adult-social-care",
            "reason_code": "personal-care",
            "note": "Rang the duty team",
            "version": row.version,
        },
        follow=True,
    ).content.decode()
    row.refresh_from_db()
    assert row.state == HelpState.NOT_SUITABLE
    assert "adult social care team" in done
    assert "Ring the person now" in done


# --- Whom to ask --------------------------------------------------------------------------------------


def test_suggestions_are_shown_by_rank_and_the_others_wait_in_that_order(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    row = help_request(organisation=ours)
    for _n in range(3):
        volunteer(organisation=ours)
    look_for_volunteers(organisation=ours, by=cast.volunteer_manager)
    ranked = list(row.offers.order_by("rank").select_related("volunteer__person"))
    assert len(ranked) == 3
    # The order of the table is another.
    Offer.objects.filter(pk=ranked[0].pk).update(suggested_at=timezone.now())
    page = client.get(reverse("volunteers:help_one", args=[row.pk])).content.decode()
    places = [page.index(f'value="{one.volunteer_id}"') for one in ranked]
    assert places == sorted(places)
    assert ranked[0].reasons[0] in page
    client.post(
        reverse("volunteers:help_offer", args=[row.pk]),
        {
            "first": ranked[1].volunteer_id,
            "next": [ranked[2].volunteer_id, ranked[0].volunteer_id],
        },
    )
    assert row.offers.get(state=OfferState.OFFERED) == ranked[1]
    assert list(Offer.objects.filter(help_request=row).queued()) == [ranked[0], ranked[2]]


def test_why_others_were_not_suggested(cast: Cast, ours: Any, client_as: Any) -> None:
    row = help_request(organisation=ours, needs_driver=True)
    volunteer(organisation=ours)
    page = client_as(cast.volunteer_manager).get(
        reverse("volunteers:help_one", args=[row.pk]) + "?why=1"
    )
    assert "Of 1 volunteers 0 are possible" in page.content.decode()


def test_looking_is_a_job_that_can_be_stopped(cast: Cast, ours: Any, client_as: Any) -> None:
    help_request(organisation=ours)
    client = client_as(cast.volunteer_manager)
    answer = client.post(reverse("volunteers:help_look", args=[ours.pk]))
    job = Job.objects.get(kind=KIND)
    assert answer.url == job.get_absolute_url()
    board = client.get(reverse("volunteers:help_board") + "?show=looking").content.decode()
    if job.is_live:
        assert job.get_absolute_url() in board
        assert reverse("jobs:cancel", args=[job.pk]) in client.get(answer.url).content.decode()
    other = access_point(cast.other_organisation_id)
    assert client.post(reverse("volunteers:help_look", args=[other.pk])).status_code == 404


def test_a_finished_search_leads_back_to_the_board(cast: Cast, ours: Any, client_as: Any) -> None:
    help_request(organisation=ours)
    client = client_as(cast.volunteer_manager)
    client.post(reverse("volunteers:help_look", args=[ours.pk]))
    job = Job.objects.get(kind=KIND)
    Job.objects.update(state=Job.State.DONE, ended_at=timezone.now())
    page = client.get(job.get_absolute_url()).content.decode()
    assert reverse("volunteers:help_board") + "?show=looking" in page
    assert "If there was a file" not in page


def test_the_home_page_has_a_door_to_help_from_a_volunteer(client: Any) -> None:
    assert reverse("volunteers:ask_help") in client.get("/").content.decode()


# --- By the clock -------------------------------------------------------------------------------------


def test_no_answer_goes_to_the_next(ours: Any) -> None:
    row = help_request(organisation=ours)
    first, second = volunteer(organisation=ours), volunteer(organisation=ours)
    asked = offer(row, first, second)
    Offer.objects.filter(pk=asked.pk).update(lapses_at=timezone.now() - timedelta(minutes=1))
    assert let_offers_lapse() == 1
    assert row.offers.get(state=OfferState.OFFERED).volunteer == second
    assert let_offers_lapse() == 0


def test_unfilled_after_the_promised_day_is_said_and_not_twice(ours: Any) -> None:
    person = PersonFactory(organisation=ours, email="ivy@example.org", contact_by="email")
    row = help_request(organisation=ours, person=person)
    day = row.follow_up_on + timedelta(days=1)
    assert follow_up_help(row.follow_up_on) == 0
    assert follow_up_help(day) == 1
    assert follow_up_help(day) == 0
    row.refresh_from_db()
    assert row.state == HelpState.UNFILLED
    message = Message.objects.get(to_address="ivy@example.org")
    assert row.reference in message.subject
    assert "light bulb" not in message.body


# --- The visit ----------------------------------------------------------------------------------------


def test_both_say_yes_on_the_phone_then_the_visit_its_sheet_and_the_end(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    row = help_request(organisation=ours)
    who = volunteer(organisation=ours)
    asked = offer(row, who)
    here = reverse("volunteers:help_one", args=[row.pk])
    said = reverse("volunteers:offer_said", args=[asked.pk])
    client.post(said, {"side": "volunteer", "answer": "yes"})
    asked.refresh_from_db()
    assert asked.released_at is None
    client.post(said, {"side": "person", "answer": "yes"})
    asked.refresh_from_db()
    assert asked.released_at is not None
    day = timezone.localdate() + timedelta(days=2)
    visit = {
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "time": "10am",
        "minutes": 60,
    }
    address = reverse("volunteers:help_visit", args=[row.pk])
    assert "Agree a password" in client.post(address, visit).content.decode()
    client.post(address, {**visit, "watchword": "Buttercup"})
    agreed = Visit.objects.get()
    for size in (14, 18, 24):
        pdf = client.get(
            reverse("volunteers:visit_sheet", args=[agreed.pk]) + f"?size={size}"
        ).content
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            text = " ".join(page.extract_text() for page in opened.pages)
        assert "Buttercup" in text
        assert "10am to 11am" in text
        for secret in (who.person.family_name, who.person.phone, who.reference):
            assert not secret or secret not in text
    agreed.refresh_from_db()
    assert agreed.printed_at is not None
    assert Event.objects.filter(type="visit:printed").count() == 3
    with time_machine.travel(agreed.ends_at, tick=False):
        client = client_as(cast.volunteer_manager)
        client.post(reverse("volunteers:help_begin", args=[row.pk]))
        client.post(reverse("volunteers:help_finish", args=[row.pk]))
        done = client.get(here)
    row.refresh_from_db()
    assert row.state == HelpState.DONE
    assert done.status_code == 200
    thank = reverse("volunteers:thank", args=[row.offers.get(state=OfferState.DONE).volunteer_id])
    assert thank in done.content.decode()
    assert client_as(cast.volunteer_manager).get(thank).status_code == 200


def test_a_sheet_of_another_organisation_does_not_exist(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    accepted = help_request(state="matched").offers.get()
    address = reverse("volunteers:visit_sheet", args=[agreed_visit(accepted).pk])
    assert client_as(cast.volunteer_manager).get(address).status_code == 404


def test_a_desk_answers_for_nobody_whom_it_does_not_coordinate(cast: Cast, client_as: Any) -> None:
    asked = offer(help_request(), volunteer())
    answer = client_as(cast.volunteer_manager).post(
        reverse("volunteers:offer_said", args=[asked.pk]),
        {"side": str(Party.VOLUNTEER), "answer": "yes"},
    )
    assert answer.status_code == 404
    asked.refresh_from_db()
    assert asked.state == OfferState.OFFERED
