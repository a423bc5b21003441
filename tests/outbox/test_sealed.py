"""A secret in a message is in nobody's hands but its reader's."""

from __future__ import annotations

import uuid

import pytest
from django.core import mail
from django.urls import reverse

from dcsn.audit import SystemJob
from dcsn.messages import Channel, Message, Recipient, queue_message
from dcsn.messages.actions import send_message
from dcsn.messages.sealed import _kinds, covered, opened, register_seal, seal
from dcsn.privacy.registry import links

pytestmark = pytest.mark.django_db
WORTH_NOTHING = uuid.uuid4()


@pytest.fixture(autouse=True)
def sealed():
    register_seal(
        "for-tests",
        words="the secret",
        secret=lambda identifier: None if identifier == WORTH_NOTHING else f"hush-{identifier}",
    )
    yield
    del _kinds["for-tests"]


def queued(identifier: uuid.UUID, about: uuid.UUID | None = None) -> Message:
    return queue_message(
        channel=Channel.EMAIL,
        key=f"sealed:{identifier}",
        to=Recipient("", "desk@example.org"),
        subject="A link",
        body=f"Open {seal('for-tests', identifier)} today.",
        by=SystemJob("tests"),
        about=about,
        organisation=uuid.uuid4(),
    )


def test_only_the_mail_that_goes_out_has_the_secret():
    identifier = uuid.uuid4()
    message = queued(identifier)
    sent = send_message(message.pk)
    assert sent is not None
    assert sent.state == Message.State.SENT
    assert mail.outbox[0].body == f"Open hush-{identifier} today."
    message.refresh_from_db()
    assert "hush" not in message.body
    assert message.words == "Open (the secret) today."


def test_what_is_worth_nothing_any_more_is_not_sent():
    message = send_message(queued(WORTH_NOTHING).pk)
    assert message is not None
    assert message.state == Message.State.FAILED
    assert "no longer in use" in message.error
    assert mail.outbox == []


def test_staff_and_the_persons_copy_read_words_instead(cast, client_as):
    person = uuid.uuid4()
    message = queued(uuid.uuid4(), about=person)
    Message.objects.filter(pk=message.pk).update(organisation_id=cast.organisation_id)
    page = client_as(cast.hub_lead).get(reverse("outbox:message", args=[message.pk]))
    assert "(the secret)" in page.text
    assert "for-tests" not in page.text
    link = next(link for model, link in links() if model is Message)
    (row,) = link.export(person)
    assert row["text"] == "Open (the secret) today."


def test_words_in_double_brackets_stay_as_somebody_wrote_them():
    for words in ("[[nothing]]", f"[[no-such-seal {uuid.uuid4()}]]", "[[for-tests 12]]"):
        assert opened(words) == covered(words) == words


def test_an_unknown_seal_and_one_registered_twice_are_mistakes():
    with pytest.raises(ValueError, match="No seal"):
        seal("no-such-seal", uuid.uuid4())
    with pytest.raises(ValueError, match="twice"):
        register_seal("for-tests", words="", secret=str)
