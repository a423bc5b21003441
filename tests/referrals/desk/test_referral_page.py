"""A referral as its sender sees it, and what the sender may say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dcsn.audit.models import Event
from members.models import Person
from referrals.history import state_in_words
from referrals.models import Referral
from referrals.states import Party, Reason, State
from tests.conftest import Cast
from tests.factories.referral import referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(desk: Any, person: Person) -> Referral:
    return referral(state="requested", requester=desk, person=person)


def change(client: Client, one: Referral, do: str, **typed: Any) -> Any:
    return client.post(
        reverse("referrals:referral_change", args=[one.id]),
        {"do": do, "version": one.version, **typed},
    )


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page_in_plain_words(
    staff: Client, desk: Any, person: Person, state: State
) -> None:
    one = referral(state=state, requester=desk, person=person)
    text = staff.get(one.get_absolute_url()).content.decode()
    assert state_in_words(one).replace("'", "&#x27;") in text
    assert one.reference in text
    event = Event.objects.get(type="referral:viewed")
    assert event.subject == person.id


def test_cancelled_with_a_reason(staff: Client, sent: Referral) -> None:
    assert change(staff, sent, "cancel").status_code == 422
    assert change(staff, sent, "cancel", reason="other").status_code == 422
    change(staff, sent, "cancel", reason="no-longer-needed", words="Her son does it")
    sent.refresh_from_db()
    assert (sent.state, sent.ended_by) == (State.CANCELLED, Party.REQUESTER)
    last = sent.changes.get(to_state=State.CANCELLED)
    assert (last.reason_code, last.reason_text) == ("no-longer-needed", "Her son does it")
    text = staff.get(sent.get_absolute_url()).content.decode()
    assert "Her son does it" in text


def test_moved_on_meanwhile(staff: Client, sent: Referral) -> None:
    Referral.objects.filter(pk=sent.pk).update(version=sent.version + 1)
    change(staff, sent, "cancel", reason="no-longer-needed")
    sent.refresh_from_db()
    assert sent.state == State.REQUESTED


def test_entered_by_mistake(staff: Client, sent: Referral) -> None:
    change(staff, sent, "mistake")
    sent.refresh_from_db()
    assert sent.state == State.ENTERED_IN_ERROR


def test_they_no_longer_agree(staff: Client, sent: Referral) -> None:
    change(staff, sent, "withdraw")
    sent.refresh_from_db()
    assert (sent.state, sent.status_reason) == (State.CANCELLED, Reason.CONSENT_WITHDRAWN)
    # Twice is no error.
    assert change(staff, sent, "withdraw").status_code == 302


def test_not_begun_again_while_it_is_open(staff: Client, sent: Referral) -> None:
    change(staff, sent, "again")
    assert not Referral.objects.filter(replaces=sent).exists()


def test_begun_again_twice_is_one_draft(staff: Client, desk: Any, person: Person) -> None:
    old = referral(state="failed", requester=desk, person=person)
    for _click in range(2):
        assert change(staff, old, "again").status_code == 302
    assert Referral.objects.get(replaces=old).state == State.DRAFT
    text = staff.get(old.get_absolute_url()).content.decode()
    assert "Begun again as" in text


def test_a_named_contact_sees_it_and_sends_nothing(
    cast: Cast, client_as: Callable[..., Client], sent: Referral
) -> None:
    Person.objects.filter(pk=sent.person_id).update(coordinator=cast.coordinator)
    coordinator = client_as(cast.coordinator)
    assert coordinator.get(sent.get_absolute_url()).status_code == 200
    assert change(coordinator, sent, "cancel", reason="duplicate").status_code == 403


@pytest.mark.parametrize("do", ["cancel", "mistake", "withdraw", "again"])
def test_a_stranger_changes_nothing(
    cast: Cast, client_as: Callable[..., Client], sent: Referral, do: str
) -> None:
    stranger = client_as(cast.stranger("hub_lead"))
    assert stranger.get(sent.get_absolute_url()).status_code == 404
    assert change(stranger, sent, do, reason="duplicate").status_code == 404
    sent.refresh_from_db()
    assert sent.state == State.REQUESTED


def test_the_page_takes_the_same_queries_for_a_longer_history(
    staff: Client, desk: Any, person: Person
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    rows = [
        referral(state=state, requester=desk, person=person) for state in ("accepted", "on-hold")
    ]
    staff.get(rows[0].get_absolute_url())
    for one in rows:
        with CaptureQueriesContext(connection) as queries:
            staff.get(one.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]
