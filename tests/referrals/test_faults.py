"""A broker that is away and workers that are killed: real processes, a real mail server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from dcsn.messages import Message
from dcsn.messages.tasks import sweep
from members.models import Purpose
from referrals.actions.moving import Saying, move_referral
from referrals.actions.sending import Agreed, draft_referral, send_referrals
from referrals.models import Enquiry, ReceivingDesk, Referral
from referrals.states import Party, State, Via
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import EnquiryFactory
from tests.factories.service import ServiceFactory
from tests.jobs.worker import Broker, Worker, wait_for
from tests.outbox.conftest import mail
from tests.referrals.desk.browser import Screen

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["mail"]


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
def worker(broker: Broker, mail: Any, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(
        broker,
        tmp_path / "worker.log",
        DCSN_EMAIL_HOST="127.0.0.1",
        DCSN_EMAIL_PORT=str(mail.port),
        DCSN_EMAIL_TLS="false",
    )
    yield worker
    worker.kill()


def drafts(cast: Cast, addresses: list[str]) -> list[Referral]:
    hub = access_point(cast.organisation_id)
    enquiry = EnquiryFactory(organisation=hub, person=PersonFactory(organisation=hub))
    made = []
    for address in addresses:
        owner = OrganisationFactory()
        SharingAgreementFactory(organisation=owner)
        ReceivingDesk.objects.create(organisation=owner, email=address)
        made.append(
            draft_referral(
                enquiry=enquiry,
                service=ServiceFactory(organisation=owner),
                by=cast.access_point_staff,
                reason_text="Help with baths",
            )
        )
    return made


def to_receivers() -> Any:
    return Message.objects.filter(channel="email", to_address__startswith="receiver")


def test_without_the_broker_an_enquiry_is_saved_and_what_was_to_be_sent_goes_when_it_is_back(
    cast: Cast, client_as: Any, broker: Broker, worker: Worker, mail: Any
) -> None:
    # Given a desk, and a broker that is away
    access_point(cast.organisation_id)
    broker.stop()
    screen = Screen(client_as(cast.access_point_staff), reverse("referrals:enquiry_new"))
    # When an enquiry is written down, and three referrals are sent
    answer = screen.type(words="Mum fell and wants help with baths").press("save")
    assert answer.status_code in (200, 302)
    assert Enquiry.objects.get().words == "Mum fell and wants help with baths"
    rows = drafts(cast, [f"receiver{number}@example.org" for number in range(3)])
    send_referrals(referrals=rows, by=cast.access_point_staff, agreed=Agreed(may_ask=True))
    # Then all of it is in the database
    assert set(Referral.objects.values_list("state", flat=True)) == {State.REQUESTED}
    assert set(to_receivers().values_list("state", flat=True)) == {"queued"}
    # And when the broker is back, each receiver gets one e-mail, however often the sweep comes by
    broker.start()
    worker.start()
    for _number in range(3):
        Message.objects.filter(state="queued").update(nudged_at=None)
        sweep.delay()
    wait_for(
        lambda: set(to_receivers().values_list("state", flat=True)) == {"sent"},
        seconds=30,
        saying=worker.read_log()[-3000:],
    )
    for message in to_receivers():
        assert sum(str(message.id) in text for text in mail.received) == 1


def test_a_worker_killed_between_the_change_and_its_e_mail_sends_it_once(
    cast: Cast, broker: Broker, worker: Worker, mail: Any
) -> None:
    # Given a worker that dies before it gets to the e-mail of a state that has changed
    worker.start()
    worker.kill()
    [row] = drafts(cast, ["receiver@example.org"])
    [row] = send_referrals(referrals=[row], by=cast.access_point_staff, agreed=Agreed())
    assert row.state == State.REQUESTED
    # When another starts
    worker.start()
    Message.objects.update(nudged_at=None)
    sweep.delay()
    wait_for(
        lambda: to_receivers().get().state == "sent",
        seconds=30,
        saying=worker.read_log()[-3000:],
    )
    for _number in range(3):
        sweep.delay()
    # Then it went once, and says nothing of the person
    [text] = [one for one in mail.received if str(to_receivers().get().id) in one]
    assert row.person is not None
    assert row.person.family_name not in text


def test_a_worker_killed_while_sending_leaves_it_uncertain_and_the_referral_as_it_is(
    cast: Cast, broker: Broker, worker: Worker, mail: Any
) -> None:
    worker.start()
    [row] = drafts(cast, ["slow@example.org"])
    send_referrals(referrals=[row], by=cast.access_point_staff, agreed=Agreed())
    assert mail.reached_slow.wait(timeout=30), worker.read_log()[-3000:]
    worker.kill()
    worker.start()
    Message.objects.update(sending_since=Now() - timedelta(minutes=6))
    sweep.delay()
    message = Message.objects.filter(to_address="slow@example.org")
    wait_for(
        lambda: message.get().state == "uncertain", seconds=30, saying=worker.read_log()[-3000:]
    )
    assert sum("slow@example.org" in text for text in mail.received) <= 1
    assert message.get() in Message.objects.troubled()
    # The referral goes on regardless: the receiver may ring
    moved = move_referral(
        referral=row,
        to=State.ACCEPTED,
        by=cast.access_point_staff,
        saying=Saying(Party.RECEIVER, via=Via.PHONE, by_name="Ms Example"),
    )
    assert moved.state == State.ACCEPTED
    assert Purpose.SHARE in moved.person.consents.values_list("purpose", flat=True)
