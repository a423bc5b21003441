"""Requests for paper: taken down once, ticked off once, forgotten in time."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.http import Http404
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from directory.models import PostcodePlace
from members.actions.paper import (
    PAPER_FORM,
    Envelope,
    Wanted,
    ask_for_paper,
    settle_paper,
    wipe_old_requests,
)
from members.models import PaperItem, PaperRequest
from members.refusals import NothingToPost, Refused, SettledAlready
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db
ENVELOPE = Envelope(
    name="Winifred Example",
    address_1="1 Example Terrace",
    address_2="",
    town="Exampleton",
    postcode="DL3 7XX",
    phone="",
    email="",
    size=24,
    easy_read=False,
    other_format="",
)


def ask(desk, service, key=None, **facts):
    facts = {
        "wanted": [Wanted(service, "Ask for Tuesday")],
        "topic": None,
        "envelope": ENVELOPE,
        "via": "online",
        "by": PAPER_FORM,
        **facts,
    }
    return ask_for_paper(key=key or uuid.uuid4(), organisation=desk, **facts)


def test_a_request_is_taken_down(desk, service):
    request = ask(desk, service)
    assert (request.state, request.size, request.area) == ("asked", 24, "not_sure")
    assert request.address_lines == ["1 Example Terrace", "Exampleton", "DL3 7XX"]
    (item,) = request.items.all()
    assert (item.service, item.note) == (service, "Ask for Tuesday")
    event = Event.objects.get(type="paper:asked")
    assert event.actor_job == "paper form"
    assert event.details == {"request": str(request.id), "via": "online"}


def test_the_same_form_sent_twice_is_one_envelope(desk, service):
    key = uuid.uuid4()
    assert ask(desk, service, key) == ask(desk, service, key)
    assert PaperRequest.objects.count() == PaperItem.objects.count() == 1


def test_going_back_to_correct_the_address_corrects_it(desk, service):
    key, other = uuid.uuid4(), ServiceFactory()
    ask(desk, service, key)
    ask(desk, other, key, envelope=replace(ENVELOPE, address_1="2 Example Terrace"))
    request = PaperRequest.objects.get()
    assert request.address_1 == "2 Example Terrace"
    assert [item.service for item in request.items.all()] == [other]


def test_correcting_what_is_in_the_post_is_refused_in_words(desk, service, cast):
    key = uuid.uuid4()
    request = ask(desk, service, key)
    settle_paper(request=request, seen="asked", becomes="posted", by=cast.access_point_staff)
    with pytest.raises(SettledAlready, match="in the post already"):
        ask(desk, service, key, envelope=replace(ENVELOPE, address_1="2 Example Terrace"))
    assert PaperRequest.objects.get().address_1 == "1 Example Terrace"


def test_somebody_elses_key_changes_nothing(desk, service, cast):
    key = uuid.uuid4()
    ask(desk, service, key, via="phone", by=cast.access_point_staff)
    with pytest.raises(SettledAlready):
        ask(desk, service, key, envelope=replace(ENVELOPE, name="Stranger"))
    assert PaperRequest.objects.get().name == "Winifred Example"


def test_nothing_chosen_is_nothing_to_post(desk, service):
    with pytest.raises(NothingToPost):
        ask(desk, service, wanted=[])
    assert not PaperRequest.objects.exists()


@pytest.mark.parametrize(("area_code", "area"), [("E06000005", "in"), ("E06000004", "out")])
def test_the_area_is_by_the_postcodes_authority(desk, service, settings, area_code, area):
    settings.NETWORK_AREA_CODES = ["E06000005"]
    PostcodePlace.objects.create(
        code="DL3 7XX", level="unit", latitude=54.5, longitude=-1.5, area_code=area_code
    )
    assert ask(desk, service).area == area


def test_staff_of_another_access_point_take_nothing_down_here(desk, service, cast):
    with pytest.raises(Http404):
        ask(desk, service, via="phone", by=cast.stranger("access_point_staff"))
    with pytest.raises(PermissionDenied):
        ask(desk, service, via="phone", by=cast.administrator)
    assert not PaperRequest.objects.exists()


def test_posting_forgets_the_notes_at_once_and_tells_whoever_asked_to_be_told(desk, service, cast):
    request = ask(desk, service, envelope=replace(ENVELOPE, email="winifred@example.org"))
    settle_paper(request=request, seen="asked", becomes="posted", by=cast.access_point_staff)
    request.refresh_from_db()
    assert (request.state, request.done_by) == ("posted", cast.access_point_staff)
    assert [item.note for item in request.items.all()] == [""]
    message = Message.objects.get()
    assert message.to_address == "winifred@example.org"
    assert request.reference in message.body
    assert service.name not in message.subject + message.body, "others may read it"


def test_without_an_email_address_nobody_is_written_to(desk, service, cast):
    settle_paper(
        request=ask(desk, service), seen="asked", becomes="posted", by=cast.access_point_staff
    )
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("path", "end"),
    [
        (["posted", "returned"], "returned"),
        (["not_sent"], "not_sent"),
        (["posted", "asked"], "asked"),
        (["not_sent", "asked", "posted"], "posted"),
    ],
    ids=str,
)
def test_what_may_become_of_it(desk, service, cast, path, end):
    request, seen = ask(desk, service), "asked"
    for becomes in path:
        settle_paper(request=request, seen=seen, becomes=becomes, by=cast.hub_lead)
        seen = becomes
    request.refresh_from_db()
    assert request.state == end
    assert (request.done_at is None) == (end == "asked")


@pytest.mark.parametrize("becomes", ["returned", "asked", "nonsense"])
def test_what_may_not(desk, service, cast, becomes):
    request = ask(desk, service)
    with pytest.raises(SettledAlready):
        settle_paper(request=request, seen="asked", becomes=becomes, by=cast.hub_lead)
    request.refresh_from_db()
    assert request.state == "asked"


def test_whoever_comes_second_is_told_who_was_first(desk, service, cast):
    request = ask(desk, service)
    settle_paper(request=request, seen="asked", becomes="posted", by=cast.hub_lead)
    with pytest.raises(SettledAlready, match="Hub lead marked this request as “posted”"):
        settle_paper(request=request, seen="asked", becomes="posted", by=cast.access_point_staff)


@pytest.mark.parametrize("what", ["ask", "settle", "wipe"])
def test_when_the_trail_cannot_be_written_nothing_changes(desk, service, cast, monkeypatch, what):
    request, lead = ask(desk, service), cast.hub_lead
    PaperRequest.objects.update(created_at=timezone.now() - timedelta(days=99))

    def fail(*args, **kwargs):
        raise IntegrityError("the audit table is full")

    monkeypatch.setattr(Event, "save", fail)
    attempts = {
        "ask": lambda: ask(desk, service),
        "settle": lambda: settle_paper(request=request, seen="asked", becomes="posted", by=lead),
        "wipe": wipe_old_requests,
    }
    with pytest.raises(IntegrityError):
        attempts[what]()
    found = PaperRequest.objects.get()
    assert (found.state, found.name) == ("asked", "Winifred Example")
    assert found.items.get().note == "Ask for Tuesday"


def test_two_weeks_after_posting_nobody_can_tell_whose_it_was(desk, service, cast):
    now = timezone.now()
    old, young, waiting, forgotten = (ask(desk, service) for _ in range(4))
    for request in (old, young):
        settle_paper(request=request, seen="asked", becomes="posted", by=cast.hub_lead)
    PaperRequest.objects.filter(pk=old.pk).update(done_at=now - timedelta(days=15))
    PaperRequest.objects.filter(pk=young.pk).update(done_at=now - timedelta(days=13))
    PaperRequest.objects.filter(pk=waiting.pk).update(created_at=now - timedelta(days=59))
    PaperRequest.objects.filter(pk=forgotten.pk).update(created_at=now - timedelta(days=61))
    assert wipe_old_requests() == 2
    for request in (old, young, waiting, forgotten):
        request.refresh_from_db()
    for request in (old, forgotten):
        assert [getattr(request, name) for name in PaperRequest.PERSONAL] == [""] * 9
        assert request.items.get().note == ""
        assert request.items.get().service == service, "what was posted is still counted"
    assert forgotten.state == "not_sent"
    assert young.name == waiting.name == "Winifred Example"
    assert wipe_old_requests() == 0
    assert Event.objects.filter(type="paper:wiped", actor_job="paper retention").count() == 2


def test_a_wiped_request_is_over(desk, service, cast):
    request = ask(desk, service)
    PaperRequest.objects.update(created_at=timezone.now() - timedelta(days=61))
    wipe_old_requests()
    with pytest.raises(SettledAlready):
        settle_paper(request=request, seen="not_sent", becomes="asked", by=cast.hub_lead)


@pytest.mark.parametrize(
    "columns",
    [
        {"name": ""},
        {"postcode": ""},
        {"wiped_at": datetime(2026, 3, 3, 12, 0, tzinfo=UTC)},
        {"state": "posted"},
        {"done_at": datetime(2026, 3, 3, 12, 0, tzinfo=UTC)},
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(columns):
    request = PaperRequestFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperRequest.objects.filter(pk=request.pk).update(**columns)


def test_staff_see_the_post_of_their_own_access_point(cast):
    ours = PaperRequestFactory(organisation=access_point(cast.organisation_id))
    theirs = PaperRequestFactory(organisation=access_point(cast.other_organisation_id))
    assert set(PaperRequest.objects.visible_to(cast.access_point_staff)) == {ours}
    assert set(PaperRequest.objects.visible_to(cast.coordinator)) == {ours, theirs}
    assert not PaperRequest.objects.visible_to(cast.administrator).exists()


def test_a_log_line_never_names_anybody():
    assert "Winifred" not in repr(PaperRequestFactory())


def test_a_person_who_is_erased_gets_nothing_posted(desk, cast):
    from dcsn.privacy import erase_person

    person = PersonFactory(organisation=desk)
    request = PaperRequestFactory(organisation=desk, person=person)
    erase_person(person.id, by=cast.coordinator, reason="asked")
    request.refresh_from_db()
    assert (request.state, request.name, request.person) == ("not_sent", "", None)


def together(*actions) -> None:
    """Run these at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(actions))

    def run(action) -> None:
        try:
            barrier.wait()
            action()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_who_tick_off_at_once_make_one_posting(cast):
    desk = access_point(cast.organisation_id)
    request = PaperRequestFactory(organisation=desk, email="winifred@example.org")
    staff, outcomes = [cast.access_point_staff, cast.hub_lead], []

    def tick(by) -> None:
        try:
            settle_paper(request=request, seen="asked", becomes="posted", by=by)
            outcomes.append("posted")
        except SettledAlready:
            outcomes.append("told so")

    together(*(lambda by=by: tick(by) for by in staff))
    assert sorted(outcomes) == ["posted", "told so"]
    assert Message.objects.count() == 1
    assert Event.objects.filter(type="paper:settled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_envelope(cast):
    desk, service, key = access_point(cast.organisation_id), ServiceFactory(), uuid.uuid4()
    together(*[lambda: ask(desk, service, key)] * 2)
    assert PaperRequest.objects.count() == 1
    assert PaperItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_slips_in_behind_an_erasure(cast):
    """Staff take a request down for somebody in the very moment in which they are erased."""
    from dcsn.privacy import erase_person

    desk, service = access_point(cast.organisation_id), ServiceFactory()
    person = PersonFactory(organisation=desk)
    coordinator, staff, outcomes = cast.coordinator, cast.access_point_staff, []

    def take_down() -> None:
        try:
            ask(desk, service, via="phone", by=staff, person=person)
            outcomes.append("taken down")
        except Refused:
            outcomes.append("refused")

    for _number in range(3):
        together(take_down, lambda: erase_person(person.id, by=coordinator, reason="asked"))
    assert len(outcomes) == 3
    assert not PaperRequest.objects.exclude(name="").exists()


def test_the_email_about_it_is_forgotten_with_it(desk, service, cast):
    request = ask(desk, service, envelope=replace(ENVELOPE, email="winifred@example.org"))
    other = ask(desk, service, envelope=replace(ENVELOPE, email="other@example.org"))
    for one in (request, other):
        settle_paper(request=one, seen="asked", becomes="posted", by=cast.hub_lead)
    PaperRequest.objects.filter(pk=request.pk).update(done_at=timezone.now() - timedelta(days=15))
    wipe_old_requests()
    assert not Message.objects.filter(to_address="winifred@example.org").exists()
    assert not Message.objects.filter(body__contains=request.reference).exists()
    assert Message.objects.filter(to_address="other@example.org").exists()
    assert Message.objects.count() == 2, "that it was sent is still counted"
