"""A worker killed before it sends, and one killed while it sends: real processes, a real mail server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models.functions import Now

from dcsn.messages import Message
from dcsn.messages.tasks import sweep
from tests.jobs.worker import Broker, Worker, wait_for
from tests.outbox.test_sending import queue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory(prefix="dcsn-") as folder:
        broker = Broker(Path(folder))
        broker.start()
        broker.use()
        yield broker
        broker.forget()
        broker.stop()


@pytest.fixture
def worker(broker, mail, tmp_path) -> Iterator[Worker]:
    worker = Worker(
        broker,
        tmp_path / "worker.log",
        DCSN_EMAIL_HOST="127.0.0.1",
        DCSN_EMAIL_PORT=str(mail.port),
        DCSN_EMAIL_TLS="false",
    )
    yield worker
    worker.kill()


def test_killed_before_sending_it_is_sent_once(worker, mail):
    # Given a worker that dies before it gets to the message
    worker.start()
    worker.kill()
    with transaction.atomic():
        message = queue()
    assert Message.objects.get().state == "queued"
    # When another starts, and the sweep comes by again and again
    worker.start()
    Message.objects.update(nudged_at=None)
    sweep.delay()
    wait_for(
        lambda: Message.objects.get().state == "sent", seconds=20, saying=worker.read_log()[-3000:]
    )
    for _number in range(3):
        sweep.delay()
    # Then it arrived once
    assert [str(message.id) in text for text in mail.received] == [True]


def test_killed_while_sending_it_is_uncertain_and_not_sent_again(worker, mail):
    # Given a worker in the middle of handing an e-mail over
    worker.start()
    with transaction.atomic():
        queue("slow@example.org")
    assert mail.reached_slow.wait(timeout=30), worker.read_log()[-3000:]
    # When it is killed, another starts, and time passes
    worker.kill()
    assert Message.objects.get().state == "sending"
    worker.start()
    Message.objects.update(sending_since=Now() - timedelta(minutes=6))
    sweep.delay()
    # Then staff are told that nobody knows, and no machine sends it a second time
    wait_for(
        lambda: Message.objects.get().state == "uncertain",
        seconds=20,
        saying=worker.read_log()[-3000:],
    )
    assert list(Message.objects.troubled()) == [Message.objects.get()]
    assert len(mail.received) == 1
