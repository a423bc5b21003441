"""A worker killed between a referral's change and its e-mail: real processes, a real mail server, a real
broker. One killed while it sends, and a broker that is away, are in tests/referrals/test_faults.py."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dcsn.messages import Message
from dcsn.messages.tasks import sweep
from referrals.models import Referral, ReplyLink
from referrals.replies.codes import send_code
from referrals.replies.tokens import code_of, link_of_token
from tests.jobs.worker import wait_for
from tests.outbox.conftest import mail
from tests.outbox.test_worker import broker, worker
from tests.referrals.receiving.conftest import Scene, names_nobody

__all__ = ["broker", "mail", "worker"]

pytestmark = pytest.mark.django_db(transaction=True)


def all_sent() -> bool:
    return not Message.objects.filter(channel="email").exclude(state="sent").exists()


def test_killed_between_the_change_and_its_e_mail_each_goes_once(worker, mail, scene: Scene):
    # Given a worker that dies before it gets to the e-mail
    worker.start()
    worker.kill()
    row = scene.send()
    assert Referral.objects.get().state == "requested"
    link = ReplyLink.objects.get()
    send_code(link=link)
    assert set(Message.objects.filter(channel="email").values_list("state", flat=True)) == {
        "queued"
    }
    # When another starts, and the sweep comes by again and again
    worker.start()
    Message.objects.update(nudged_at=None)
    sweep.delay()
    wait_for(all_sent, seconds=30, saying=worker.read_log()[-3000:])
    for _number in range(3):
        sweep.delay()
    wait_for(all_sent, seconds=10, saying="not all sent")
    # Then the request and the code arrived once each, with a link and a code that work
    texts = [text.replace("=\n", "").replace("=3D", "=") for text in mail.received]
    assert len(texts) == 2
    (asked,) = [text for text in texts if "/reply/" in text]
    (coded,) = [text for text in texts if "/reply/" not in text]
    token = re.search(r"/reply/([\w-]+)/", asked)
    assert token
    assert link_of_token(token[1]) == link.id
    assert code_of(link.codes.get().id) in coded
    for text in texts:
        assert row.reference in text
        assert "[[" not in text
        names_nobody(text)
    assert Client().get(f"/reply/{token[1]}/").status_code == 200
