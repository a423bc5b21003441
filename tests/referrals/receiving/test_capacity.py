"""Whether a service has room: who may say so, and how old it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from referrals.actions.receiving import set_capacity
from referrals.models import Capacity
from tests.factories.person import access_point
from tests.factories.service import ServiceFactory
from tests.factories.user import UserFactory
from tests.referrals.receiving.conftest import Scene

pytestmark = pytest.mark.django_db
LIST = reverse("referrals:capacities")


def page_of(service) -> str:
    return reverse("referrals:capacity", args=[service.id])


@pytest.fixture
def receiver(scene: Scene, client_as):
    user = UserFactory(
        role="referral_receiver", role__organisation_id=scene.receiver.id, second_factor=True
    )
    return client_as(user)


def test_a_receiver_says_it_of_their_own_services_only(receiver, scene: Scene):
    other = ServiceFactory(name="Elsewhere's service")
    assert "Elsewhere" not in receiver.get(LIST).text
    assert receiver.get(page_of(other)).status_code == 404
    assert receiver.post(page_of(other), {"state": "capacity"}).status_code == 404
    sent = {"state": "waitlist", "wait_weeks": "6", "note": "Mondays only"}
    assert receiver.post(page_of(scene.service), sent).status_code == 302
    room = Capacity.objects.get()
    assert (room.service, room.wait_weeks, room.note) == (scene.service, 6, "Mondays only")
    assert Event.objects.filter(type="capacity:set").count() == 1
    text = receiver.get(LIST).text
    assert "Has a waiting list" in text
    assert "about 6 weeks" in text
    assert "said today" in text


def test_staff_of_an_access_point_say_it_of_any(scene: Scene, client_as):
    user = UserFactory(
        role="access_point_staff", role__organisation_id=scene.hub.id, second_factor=True
    )
    assert client_as(user).post(page_of(scene.service), {"state": "no-capacity"}).status_code == 302
    assert Capacity.objects.get().by == user


def test_the_action_itself_refuses_a_stranger(scene: Scene):
    stranger = UserFactory(
        role="referral_receiver",
        role__organisation_id=access_point(name="Elsewhere").id,
        second_factor=True,
    )
    with pytest.raises(PermissionDenied):
        set_capacity(service=scene.service, state="capacity", by=stranger)
    assert not Capacity.objects.exists()


def test_what_was_said_long_ago_says_so(receiver, scene: Scene):
    receiver.post(page_of(scene.service), {"state": "capacity"})
    Capacity.objects.update(as_of=timezone.now() - timedelta(days=40))
    text = receiver.get(LIST).text
    assert "said 40 days ago" in text
    assert "may have changed" in text


@pytest.mark.parametrize(
    "facts",
    [
        {"state": ""},
        {"state": "plenty"},
        {"state": "waitlist", "wait_weeks": "0"},
        {"state": "waitlist", "wait_weeks": "261"},
        {"state": "waitlist", "wait_weeks": "ten"},
        {"state": "capacity", "note": "x" * 201},
    ],
)
def test_what_cannot_be_is_refused(receiver, scene: Scene, facts):
    page = receiver.post(page_of(scene.service), facts)
    assert page.status_code == 200
    assert "There is a problem" in page.text
    assert not Capacity.objects.exists()


def test_a_wait_belongs_to_a_waiting_list(receiver, scene: Scene):
    receiver.post(page_of(scene.service), {"state": "capacity", "wait_weeks": "6"})
    assert Capacity.objects.get().wait_weeks is None


def test_the_list_takes_as_many_queries_for_twenty_as_for_two(receiver, scene: Scene):
    def queries() -> int:
        receiver.get(LIST)
        with CaptureQueriesContext(connection) as caught:
            assert receiver.get(LIST).status_code == 200
        return len(caught)

    few = queries()
    for service in ServiceFactory.create_batch(20, organisation=scene.receiver):
        Capacity.objects.create(service=service, state="capacity")
    assert queries() == few


def test_a_percent_sign_in_the_search_finds_no_more(receiver):
    assert receiver.get(LIST, {"q": "%"}).status_code == 200
    assert "no such service" in receiver.get(LIST, {"q": "%"}).text
