"""Messages as the tests need them.

MessageFactory()               an e-mail that waits
MessageFactory(failed=True)    one that did not go out
MessageFactory(letter=True)    a letter to be printed
"""

from __future__ import annotations

import factory

from dcsn.messages.models import Channel, Message


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message

    class Params:
        failed = factory.Trait(
            state=Message.State.FAILED, attempts=1, error="There is no such address."
        )
        letter = factory.Trait(
            channel=Channel.LETTER, to_address="1 Example Terrace\nExampleton\nDL3 7XX"
        )

    channel = Channel.EMAIL
    key = factory.Sequence(lambda n: f"sample:{n}")
    to_name = "Winifred Example"
    to_address = "winifred@example.org"
    subject = "Your sheets are in the post"
    body = "They should be with you in two days."
    by = "tests"
