"""Queueing and sending: once, and what is known after each kind of failure."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models.functions import Now

from dcsn.audit import NotInTransactionError, SystemJob
from dcsn.audit.models import Event
from dcsn.messages import ChannelNotOffered, Message, Recipient, queue_message
from dcsn.messages.actions import send_message, sweep_messages
from dcsn.messages.bounces import read_bounce
from tests.factories.message import MessageFactory

pytestmark = pytest.mark.django_db
JOB = SystemJob("tests")


def queue(address="winifred@example.org", key="k", channel="email", **facts) -> Message:
    return queue_message(
        channel=channel,
        key=key,
        to=Recipient("Winifred Example", address),
        subject=facts.pop("subject", "Your sheets are in the post"),
        body="They should be with you in two days.",
        by=JOB,
        **facts,
    )


def test_an_email_goes_out_once(mail):
    message = send_message(queue().pk)
    assert (message.state, message.attempts, message.error) == ("sent", 1, "")
    assert message.sent_at is not None
    assert send_message(message.pk) is None
    (text,) = mail.received
    assert "To: winifred@example.org" in text
    assert "Subject: Your sheets are in the post" in text
    assert f"Message-ID: <{message.id}@" in text
    assert "They should be with you" in text


def test_the_same_thing_is_told_once(mail):
    first = queue()
    assert queue() == first
    assert Message.objects.count() == 1
    assert Event.objects.filter(type="message:queued").count() == 1
    assert queue(key="other") != first


def test_a_message_belongs_to_the_transaction_of_what_it_tells(transactional_db):
    with pytest.raises(NotInTransactionError):
        queue()
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)  # the change failed
    assert not Message.objects.exists()


def test_when_the_trail_cannot_be_written_nothing_is_queued(monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError("the audit table is full")

    monkeypatch.setattr(Event, "save", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        queue()
    assert not Message.objects.exists()


def test_an_address_that_does_not_exist_is_not_tried_again(mail):
    message = send_message(queue("gone@example.org").pk)
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.error == "The mail server says that this address does not exist."


def test_try_again_later_is_tried_five_times_with_longer_and_longer_waits(mail):
    message = queue("later@example.org")
    for attempt in range(1, 5):
        message = send_message(message.pk)
        assert (message.state, message.attempts) == ("queued", attempt)
        wait = message.not_before - Message.objects.values_list(Now(), flat=True)[0]
        assert timedelta(minutes=2 ** (attempt - 1)) - wait < timedelta(seconds=20)
        assert send_message(message.pk) is None, "not before its time"
        Message.objects.update(not_before=None)
    message = send_message(message.pk)
    assert (message.state, message.attempts) == ("failed", 5)
    assert mail.received == []


def test_a_mail_server_that_cannot_be_reached_has_sent_nothing(mail, settings):
    settings.EMAIL_PORT = 1
    message = send_message(queue().pk)
    assert (message.state, message.error) == ("queued", "The mail server could not be reached.")


def test_a_mail_server_that_hangs_up_leaves_it_uncertain(mail):
    message = send_message(queue("hangs-up@example.org").pk)
    assert message.state == "uncertain"
    assert "hung up" in message.error
    assert send_message(message.pk) is None, "a machine does not send it again"


def test_a_bug_in_an_adapter_leaves_it_uncertain(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.NoSuchBackend"
    assert send_message(queue().pk).state == "uncertain"


def test_nobody_smuggles_a_header_in(mail):
    send_message(queue(subject="Hello\nBcc: everybody@example.org").pk)
    (text,) = mail.received
    assert "\nBcc:" not in text
    assert "Subject: Hello Bcc: everybody@example.org" in text


def test_an_address_with_a_line_break_is_refused(mail):
    message = send_message(queue("a@example.org\nBcc: b@example.org").pk)
    assert message.state == "failed"
    assert mail.received == []


def test_texts_are_not_offered_without_an_adapter():
    with pytest.raises(ChannelNotOffered):
        queue("07700 900982", channel="sms")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("07700 900982", "sent"),
        ("07700 900001", "failed"),
        ("07700 900002", "queued"),
        ("07700 900003", "uncertain"),
    ],
)
def test_the_stub_for_texts_plays_every_ending(texts, number, state):
    message = send_message(queue(number, channel="sms").pk)
    assert message.state == state
    files = list(texts.glob("*.json"))
    assert len(files) == (state == "sent")
    if files:
        assert json.loads(files[0].read_text())["to"] == number


def test_a_letter_waits_for_a_person(mail):
    message = queue("1 Example Terrace\nExampleton", channel="letter")
    assert send_message(message.pk) is None
    assert sweep_messages()["offered"] == 0
    assert list(Message.objects.letters_to_print()) == [message]


def test_a_message_left_by_a_dead_process_is_uncertain_and_is_shown():
    message = MessageFactory(state="sending", sending_since=Now() - timedelta(minutes=4))
    assert sweep_messages()["uncertain"] == 0
    Message.objects.update(sending_since=Now() - timedelta(minutes=6))
    assert sweep_messages()["uncertain"] == 1
    assert list(Message.objects.troubled()) == [message]
    assert "may have arrived or not" in Message.objects.get().error


def test_what_was_missed_is_offered_once_a_minute():
    queue()
    assert sweep_messages()["offered"] == 1
    assert sweep_messages()["offered"] == 0
    Message.objects.update(nudged_at=Now() - timedelta(minutes=2))
    assert sweep_messages()["offered"] == 1


def test_after_ninety_days_nobody_can_tell_who_it_went_to(mail):
    sent = send_message(queue(about=None).pk)
    waiting = MessageFactory(letter=True)
    young = MessageFactory()
    Message.objects.exclude(pk=young.pk).update(queued_at=Now() - timedelta(days=91))
    assert sweep_messages()["redacted"] == 2
    for message in (sent, waiting):
        message.refresh_from_db()
        told = message.to_name + message.to_address + message.subject + message.body
        assert (told, message.about) == ("", None)
    assert sent.state == "sent"
    assert waiting.state == "failed"
    young.refresh_from_db()
    assert young.to_address


BOUNCE = """From: MAILER-DAEMON@example.org
To: portal@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; winifred@example.org
Action: {action}
Status: {status}
--b
Content-Type: message/rfc822

Message-ID: <{id}@example.org>
Subject: Your sheets are in the post

They should be with you in two days.
--b--
"""


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", "no such e-mail address"),
        ("5.2.2", "mailbox is full"),
        ("5.0.0", "not be deliver"),
    ],
)
def test_an_email_that_comes_back_is_shown_to_staff(mail, status, words):
    message = send_message(queue().pk)
    raw = BOUNCE.format(action="failed", status=status, id=message.id).encode()
    assert read_bounce(raw) == message
    message.refresh_from_db()
    assert message.state == "bounced"
    assert words in message.error
    assert list(Message.objects.troubled()) == [message]


def test_a_delay_or_a_strangers_mail_is_no_bounce(mail):
    message = send_message(queue().pk)
    delayed = BOUNCE.format(action="delayed", status="4.4.1", id=message.id).encode()
    assert read_bounce(delayed) is None
    other = BOUNCE.format(action="failed", status="5.1.1", id=JOB.name).encode()
    assert read_bounce(other) is None
    assert read_bounce(b"\xff\xfe not a mail") is None
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_send_it_once(mail):
    with transaction.atomic():
        message = queue()
    Message.objects.update(state="queued")
    barrier, sent = threading.Barrier(2), []

    def send() -> None:
        try:
            barrier.wait()
            sent.append(send_message(message.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.received) == 1
    assert sum(found is not None for found in sent) == 1
