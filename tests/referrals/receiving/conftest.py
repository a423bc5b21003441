"""A request on its way: who sent it, who was asked, and what nobody else may read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from dcsn.messages import Channel, Message
from dcsn.messages.sealed import opened
from directory.models import Organisation, Service
from members.models import ContactBy, Person
from referrals.models import ReceivingDesk, Referral
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import referral
from tests.factories.service import ServiceFactory

# Nothing of this may stand in an e-mail, in a text or on a page that needs no code.
SECRETS = (
    "Zebedee",
    "Quillfeather",
    "960 777",
    "960777",
    "zq@example.org",
    "Marzipan Mews",
    "DL3 7XX",
    "catheter",
    "Brook House Bathing",
)


@dataclass
class Scene:
    hub: Organisation
    receiver: Organisation
    service: Service
    person: Person
    desk: ReceivingDesk

    def send(self, **facts: Any) -> Referral:
        """Sent just now, with everything that goes out."""
        return referral(
            **{
                "state": "requested",
                "requester": self.hub,
                "owner": self.receiver,
                "service": self.service,
                "person": self.person,
                "reason_text": "Needs help with a catheter",
            }
            | facts
        )

    def mail_to_receiver(self) -> list[Message]:
        return list(
            Message.objects.filter(channel=Channel.EMAIL, to_address=self.desk.email).order_by(
                "queued_at"
            )
        )

    def address(self) -> str:
        """The path of the link in the last e-mail to the receiver that has one."""
        for message in reversed(self.mail_to_receiver()):
            found = re.search(r"https?://\S+/reply/\S+", opened_or_not(message))
            if found:
                return urlsplit(found[0]).path
        raise AssertionError("no link was sent")

    def code(self) -> str:
        message = Message.objects.filter(key__startswith="reply-code:").latest("queued_at")
        found = re.search(r"\b\d{6}\b", opened(message.body))
        assert found
        return found[0]


def opened_or_not(message: Message) -> str:
    """As the reader gets it; as it stands when its secret has run out meanwhile."""
    from dcsn.messages.refusals import NotSent

    try:
        return opened(message.body)
    except NotSent:
        return message.body


@pytest.fixture
def scene(db: None) -> Scene:
    hub = access_point(name="Riverside Access Point")
    receiver = OrganisationFactory(name="Brook House")
    service = ServiceFactory(organisation=receiver, name="Brook House Bathing")
    SharingAgreementFactory(organisation=receiver)
    desk = ReceivingDesk.objects.create(organisation=receiver, email="desk@brook.example")
    person = PersonFactory(
        organisation=hub,
        given_name="Zebedee",
        family_name="Quillfeather",
        known_as="Zeb",
        phone="01632 960 777",
        email="zq@example.org",
        address_1="9 Marzipan Mews",
        town="Exampleton",
        postcode="DL3 7XX",
        contact_by=ContactBy.POST,
    )
    return Scene(hub, receiver, service, person, desk)


def names_nobody(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text, secret
