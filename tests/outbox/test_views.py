"""What staff see of messages that went wrong, and what they do about them."""

from __future__ import annotations

import io
import threading

import pdfplumber
import pytest
from django.db import IntegrityError, connections
from django.urls import reverse

from dcsn.audit.models import Event
from dcsn.messages.actions import settle_message
from dcsn.messages.models import Message
from dcsn.messages.refusals import SettledMeanwhile
from tests.factories.message import MessageFactory

pytestmark = pytest.mark.django_db
LIST = reverse("outbox:messages")


def test_a_hub_lead_sees_their_own_troubles_and_says_what_becomes_of_them(cast, client_as):
    # Given a message that failed at their access point, and one elsewhere
    ours = MessageFactory(failed=True, organisation_id=cast.organisation_id)
    MessageFactory(failed=True, organisation_id=cast.other_organisation_id, to_name="Stranger")
    client = client_as(cast.hub_lead)
    # When they look
    page = client.get(LIST)
    # Then they see theirs, and the trail says whose they saw
    assert "Winifred Example" in page.text
    assert "Stranger" not in page.text
    listed = Event.objects.get(type="message:listed")
    assert listed.details == {"messages": [str(ours.id)]}
    # And when they have it sent again
    answer = client.post(reverse("outbox:settle", args=[ours.id]), {"how": "retry"}, follow=True)
    assert "will be sent again" in answer.text
    ours.refresh_from_db()
    assert (ours.state, ours.attempts, ours.error) == ("queued", 0, "")
    assert Event.objects.get(type="message:settled").details["how"] == "retry"


def test_an_administrator_sees_that_something_failed_and_not_to_whom(cast, client_as):
    message = MessageFactory(failed=True)
    client = client_as(cast.administrator)
    page = client.get(LIST).text
    assert "There is no such address." in page
    assert "w…@example.org" in page
    assert "winifred@" not in page
    assert message.subject not in page
    assert client.get(reverse("outbox:message", args=[message.id])).status_code == 403


def test_a_stranger_settles_nothing(cast, client_as):
    message = MessageFactory(failed=True, organisation_id=cast.organisation_id)
    client = client_as(cast.stranger("hub_lead"))
    answer = client.post(reverse("outbox:settle", args=[message.id]), {"how": "sent"})
    assert answer.status_code == 404
    message.refresh_from_db()
    assert message.state == "failed"


@pytest.mark.parametrize(
    ("how", "state", "on_the_list"),
    [("sent", "sent", 0), ("dealt_with", "uncertain", 0), ("nonsense", "uncertain", 1)],
)
def test_what_becomes_of_an_uncertain_one(cast, client_as, how, state, on_the_list):
    message = MessageFactory(state="uncertain", organisation_id=cast.organisation_id)
    client = client_as(cast.hub_lead)
    client.post(reverse("outbox:settle", args=[message.id]), {"how": how})
    message.refresh_from_db()
    assert message.state == state
    assert Message.objects.troubled().count() == on_the_list


def test_a_letter_is_printed_large_with_its_address_and_ticked_off(cast, client_as):
    letter = MessageFactory(letter=True, organisation_id=cast.organisation_id)
    client = client_as(cast.hub_lead)
    assert letter.subject in client.get(LIST, {"show": "letters"}).text
    pdf = client.get(reverse("outbox:letter", args=[letter.id]))
    with pdfplumber.open(io.BytesIO(pdf.content)) as document:
        text = document.pages[0].extract_text()
    assert text.splitlines()[:2] == ["Winifred Example", "1 Example Terrace"]
    assert "They should be with you in two days." in text
    client.post(reverse("outbox:settle", args=[letter.id]), {"how": "sent"})
    assert not Message.objects.letters_to_print().exists()


def test_a_forgotten_letter_is_not_printed(cast, client_as):
    letter = MessageFactory(letter=True, organisation_id=cast.organisation_id)
    Message.objects.update(
        to_name="", to_address="", subject="", body="", redacted_at="2026-11-22T00:00Z"
    )
    client = client_as(cast.hub_lead)
    assert client.get(reverse("outbox:letter", args=[letter.id])).status_code == 404


def test_when_the_trail_cannot_be_written_nothing_is_settled(cast, monkeypatch):
    message = MessageFactory(failed=True)
    coordinator = cast.coordinator

    def fail(*args, **kwargs):
        raise IntegrityError("the audit table is full")

    monkeypatch.setattr(Event, "save", fail)
    with pytest.raises(IntegrityError):
        settle_message(message=message, how="sent", by=coordinator)
    message.refresh_from_db()
    assert message.state == "failed"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_once_one_is_told(cast):
    message, by = MessageFactory(failed=True), cast.coordinator
    barrier, outcomes = threading.Barrier(2), []

    def settle() -> None:
        try:
            barrier.wait()
            settle_message(message=message, how="sent", by=by)
            outcomes.append("settled")
        except SettledMeanwhile:
            outcomes.append("told so")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=settle) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["settled", "told so"]


def test_the_list_takes_the_same_number_of_queries_for_many(
    cast, client_as, django_assert_max_num_queries
):
    client = client_as(cast.coordinator)
    MessageFactory(failed=True)
    client.get(LIST)
    MessageFactory.create_batch(20, failed=True)
    with django_assert_max_num_queries(14):
        client.get(LIST)
