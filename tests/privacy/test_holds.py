"""A legal hold stops every way of forgetting somebody, and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.actions import sweep_messages
from dcsn.messages.models import Message
from dcsn.privacy import erase_person, export_person, merge_people
from dcsn.privacy.holds import HoldChanged, OnHold, lift_hold, place_hold
from dcsn.privacy.models import LegalHold
from dcsn.privacy.retention import count_due, run_retention
from members.actions.paper import wipe_old_requests
from members.models import PaperRequest, Person
from tests.conftest import Cast
from tests.factories.hold import LegalHoldFactory
from tests.factories.message import MessageFactory
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.reason import ReasonFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=5000)


def hold(person: Person, cast: Cast, reason: str = "claim") -> LegalHold:
    return place_hold(
        person.id,
        reason=reason,
        note="Claim 12",
        review_on=timezone.localdate() + timedelta(days=30),
        by=cast.data_protection_lead,
    )


def old_person() -> Person:
    person = PersonFactory()
    Person.objects.filter(pk=person.pk).update(created_at=LONG_AGO, changed_at=LONG_AGO)
    return person


def test_nobody_can_be_erased_while_it_stands(cast: Cast, settings: object) -> None:
    person = PersonFactory(given_name="Winifred")
    placed = hold(person, cast)
    with pytest.raises(OnHold, match="legal hold"):
        erase_person(person.id, by=cast.coordinator, reason="asked")
    person.refresh_from_db()
    assert (person.given_name, person.erased_at) == ("Winifred", None)
    assert not settings.ERASURE_LOG.exists()  # type: ignore[attr-defined]

    lift_hold(placed, why="Settled", by=cast.data_protection_lead)
    erase_person(person.id, by=cast.coordinator, reason="asked")
    person.refresh_from_db()
    assert person.erased_at is not None
    assert not LegalHold.objects.exists(), "what it was about goes with them"


def test_the_page_says_so_and_not_why(cast: Cast, client_as: Callable[..., Client]) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    hold(person, cast)
    ReasonFactory(person=person, user=cast.coordinator)
    response = client_as(cast.coordinator).post(
        reverse("members:person_erase", args=[person.pk]), {"reason": "asked", "sure": "on"}
    )
    text = response.content.decode()
    assert "a legal hold stands since" in text
    assert "Claim" not in text


def test_it_follows_a_person_through_a_merge(cast: Cast) -> None:
    old, current = PersonFactory(), PersonFactory()
    hold(old, cast)
    merge_people(old=old.id, current=current.id, by=cast.coordinator)
    with pytest.raises(OnHold):
        erase_person(current.id, by=cast.coordinator, reason="asked")


def test_it_stops_every_retention_and_only_theirs(cast: Cast) -> None:
    held, other = old_person(), old_person()
    hold(held, cast)
    requests = [PaperRequestFactory(person=person, name="A name") for person in (held, other)]
    PaperRequest.objects.update(created_at=LONG_AGO)
    messages = [
        MessageFactory(about=person.id, state="sent", sent_at=LONG_AGO) for person in (held, other)
    ]
    Message.objects.update(queued_at=LONG_AGO)

    counts = {count.retention_class.name: count for count in count_due()}
    assert (counts["members.people_informed"].due, counts["members.people_informed"].held) == (1, 1)
    run = run_retention()
    wipe_old_requests()
    sweep_messages()

    assert run.counts["members.people_informed"] == {"done": 1, "held": 1, "failed": 0}
    assert Person.objects.get(pk=held.pk).erased_at is None
    assert Person.objects.get(pk=other.pk).erased_at is not None
    assert PaperRequest.objects.get(pk=requests[0].pk).name == "A name"
    assert PaperRequest.objects.get(pk=requests[1].pk).name == ""
    assert Message.objects.get(pk=messages[0].pk).redacted_at is None
    assert Message.objects.get(pk=messages[1].pk).redacted_at is not None


def test_the_same_reason_twice_is_one_hold_another_reason_is_another(cast: Cast) -> None:
    person = PersonFactory()
    assert hold(person, cast) == hold(person, cast)
    police = hold(person, cast, reason="police")
    lift_hold(police, why="Done", by=cast.data_protection_lead)
    with pytest.raises(OnHold):
        erase_person(person.id, by=cast.coordinator, reason="asked")
    with pytest.raises(HoldChanged):
        lift_hold(police, why="Again", by=cast.data_protection_lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHoldFactory(subject=person.pk, reason="claim")


@pytest.mark.parametrize("role", ["coordinator", "hub_lead", "administrator"])
def test_only_the_data_protection_lead_places_and_lifts(role: str, cast: Cast) -> None:
    person = PersonFactory()
    with pytest.raises(PermissionDenied):
        place_hold(
            person.id,
            reason="claim",
            note="",
            review_on=timezone.localdate(),
            by=cast.with_role(role),
        )
    placed = hold(person, cast)
    with pytest.raises(PermissionDenied):
        lift_hold(placed, why="x", by=cast.with_role(role))


def test_a_copy_does_not_tell_of_it(cast: Cast) -> None:
    person = PersonFactory()
    hold(person, cast, reason="police")
    text = export_person(person.id, by=cast.data_protection_lead).as_json()
    assert "legal" not in text.lower()
    assert "hold:" not in text
    assert "police" not in text
    assert Event.objects.filter(type="hold:placed", subject=person.id).exists()


def test_placing_reviewing_and_lifting_on_the_pages(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client, person = client_as(cast.data_protection_lead), PersonFactory()
    ReasonFactory(person=person, user=cast.data_protection_lead)
    day = timezone.localdate() + timedelta(days=40)
    when = {"review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}

    refused = client.post(
        reverse("members:hold_new", args=[person.pk]), {"reason": "other", "note": "", **when}
    )
    assert "Say what it is about" in refused.content.decode()
    client.post(
        reverse("members:hold_new", args=[person.pk]), {"reason": "claim", "note": "12", **when}
    )
    placed = LegalHold.objects.get()
    assert person.name in client.get(reverse("members:holds")).content.decode()
    assert Event.objects.filter(type="hold:listed", subject=person.id).count() == 1

    page = reverse("members:hold", args=[placed.pk])
    assert (
        "coming year"
        in client.post(page, {"do": "review", **when, "review_on_year": "2099"}).content.decode()
    )
    later = timezone.localdate() + timedelta(days=200)
    client.post(
        page,
        {
            "do": "review",
            "review_on_day": later.day,
            "review_on_month": later.month,
            "review_on_year": later.year,
        },
    )
    placed.refresh_from_db()
    assert placed.review_on == later
    assert "Enter why" in client.post(page, {"do": "lift", "lifted_why": ""}).content.decode()
    client.post(page, {"do": "lift", "lifted_why": "Settled"})
    placed.refresh_from_db()
    assert placed.lifted_by == cast.data_protection_lead.pk


def test_a_guessed_hold_is_not_there(cast: Cast, client_as: Callable[..., Client]) -> None:
    client = client_as(cast.data_protection_lead)
    assert client.get(reverse("members:hold", args=[uuid.uuid4()])).status_code == 404
