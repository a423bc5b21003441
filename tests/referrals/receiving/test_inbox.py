"""The receiver's own desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from members.models import Consent
from referrals.models import Capacity, StateChange
from referrals.states import State, Via
from tests.factories.person import access_point
from tests.factories.referral import referral
from tests.factories.user import UserFactory
from tests.referrals.receiving.conftest import Scene, names_nobody

pytestmark = pytest.mark.django_db
INBOX = reverse("referrals:received")


@pytest.fixture
def receiver(scene: Scene, client_as):
    user = UserFactory(
        role="referral_receiver", role__organisation_id=scene.receiver.id, second_factor=True
    )
    client = client_as(user)
    client.user = user
    return client


def page_of(row) -> str:
    return reverse("referrals:received_one", args=[row.id])


def test_the_list_names_nobody_and_is_audited_with_whose_they_are(receiver, scene: Scene):
    row = scene.send()
    page = receiver.get(INBOX)
    assert row.reference in page.text
    assert "Riverside Access Point" in page.text
    for secret in ("Zebedee", "Quillfeather", "960 777", "catheter"):
        assert secret not in page.text
    event = Event.objects.get(type="referral:listed")
    assert event.details["referrals"] == [str(row.id)]
    assert event.details["people"] == [str(scene.person.id)]


def test_the_oldest_waits_first_and_says_for_how_long(receiver, scene: Scene):
    import time_machine

    newer = scene.send()
    with time_machine.travel(timezone.now() - timedelta(days=30)):
        older = scene.send()
    text = receiver.get(INBOX).text
    assert text.index(older.reference) < text.index(newer.reference)
    assert "Late" in text
    assert "0 working days" in text
    accepted = scene.send(state="accepted")
    under_way = receiver.get(INBOX, {"show": "under-way"}).text
    assert accepted.reference in under_way
    assert older.reference not in under_way


def test_its_page_shows_what_was_agreed_and_is_audited(receiver, scene: Scene):
    row = scene.send()
    page = receiver.get(page_of(row))
    for shown in ("Zebedee Quillfeather", "01632 960 777", "catheter"):
        assert shown in page.text
    for kept in ("Marzipan", "DL3 7XX"):
        assert kept not in page.text
    event = Event.objects.get(type="referral:viewed")
    assert (event.subject, event.organisation) == (scene.person.id, scene.receiver.id)
    assert event.fields == ["contact", "name", "needs"]


def test_after_a_withdrawal_and_after_the_end_no_details_are_shown(receiver, scene: Scene):
    row = scene.send(state="completed")
    ended = receiver.get(page_of(row)).text
    assert "has ended" in ended
    for secret in ("Zebedee", "960 777", "catheter"):
        assert secret not in ended
    open_one = scene.send()
    given = Consent.objects.filter(organisation=scene.receiver, purpose="share").latest("at")
    Consent.objects.create(
        person=scene.person,
        organisation=scene.receiver,
        purpose="share",
        how="spoken",
        wording=given.wording,
        withdraws=given,
        recorded_by=given.recorded_by,
    )
    text = receiver.get(page_of(open_one)).text
    assert "no longer agrees" in text
    for secret in ("Zebedee", "960 777", "catheter"):
        assert secret not in text


def test_strangers_get_404_for_every_address(scene: Scene, client_as):
    row = scene.send()
    stranger = client_as(
        UserFactory(
            role="referral_receiver",
            role__organisation_id=access_point(name="Elsewhere").id,
            second_factor=True,
        )
    )
    assert row.reference not in stranger.get(INBOX).text
    for address in (
        page_of(row),
        reverse("referrals:received_answer", args=[row.id, "accept"]),
    ):
        assert stranger.get(address).status_code == 404
    answer = reverse("referrals:received_answer", args=[row.id, "seen"])
    assert stranger.post(answer, {"version": row.version}).status_code == 404
    row.refresh_from_db()
    assert row.state == State.REQUESTED


@pytest.mark.parametrize("state", ["draft", "entered-in-error"])
def test_a_draft_and_a_mistake_do_not_exist_for_the_receiver(receiver, scene: Scene, state):
    row = scene.send(state=state)
    assert receiver.get(page_of(row)).status_code == 404
    assert row.reference not in receiver.get(INBOX).text


def test_answering_is_recorded_with_who_was_signed_in(receiver, scene: Scene):
    row = scene.send()
    day = timezone.localdate() + timedelta(days=9)
    answer = receiver.post(
        reverse("referrals:received_answer", args=[row.id, "wait"]),
        {
            "version": row.version,
            "reason_code": "no-capacity",
            "day_day": day.day,
            "day_month": day.month,
            "day_year": day.year,
            "room": "waitlist",
        },
        follow=True,
    )
    row.refresh_from_db()
    assert row.state == State.ON_HOLD
    assert "on a waiting list" in answer.text
    last = StateChange.objects.filter(referral=row).latest("number")
    assert (last.by_user, last.via, last.expected_on) == (receiver.user, Via.SIGNED_IN, day)
    assert Capacity.objects.get(service=row.service).by == receiver.user


def test_two_at_once_the_second_sees_that_something_was_said(receiver, scene: Scene):
    row = scene.send()
    old = {"version": row.version}
    seen = reverse("referrals:received_answer", args=[row.id, "seen"])
    assert receiver.post(seen, old).status_code == 302
    reject = reverse("referrals:received_answer", args=[row.id, "reject"])
    answer = receiver.post(reject, old | {"reason_code": "no-capacity"}, follow=True)
    assert "your answer was not" in answer.text
    row.refresh_from_db()
    assert row.state == State.RECEIVED


def test_an_answer_there_is_not_is_404_and_one_that_came_late_says_so(receiver, scene: Scene):
    row = scene.send(state="completed")
    one = reverse("referrals:received_answer", args=[row.id, "nonsense"])
    assert receiver.get(one).status_code == 404
    late = reverse("referrals:received_answer", args=[row.id, "accept"])
    assert "something else came first" in receiver.get(late, follow=True).text


def test_the_inbox_takes_as_many_queries_for_twenty_as_for_two(receiver, scene: Scene):
    def queries() -> int:
        receiver.get(INBOX)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert receiver.get(INBOX).status_code == 200
        return len(caught)

    for _number in range(2):
        scene.send()
    few = queries()
    for _number in range(18):
        scene.send()
    assert queries() == few
    assert few <= 12


def test_names_nobody_helper_would_notice():
    with pytest.raises(AssertionError):
        names_nobody("Dear Zebedee")


def test_a_referral_to_another_organisation_is_not_counted(receiver, scene: Scene):
    referral(state="requested")
    assert "Waiting for your answer (0)" in receiver.get(INBOX).text
