"""Text messages: what an adapter must do, and one that sends nothing and plays every failure.

``DCSN_SMS_ADAPTER`` names a class with ``send(message)``. A real one gives the provider
``message.key`` as its own reference, so that the provider too refuses to send the same twice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from dcsn.messages.models import Message
from dcsn.messages.refusals import NotSent, Uncertain


class SmsAdapter(Protocol):
    def send(self, message: Message) -> None:
        """Hand one text to the provider. Raises ``NotSent`` or ``Uncertain``."""


class LocalStub:
    """For demonstrations and tests: one file for each text under ``var/sms``.

    Some numbers of Ofcom's drama range play what goes wrong:
    07700 900001 does not exist, 07700 900002 is out of reach for now, at 07700 900003 the
    connection breaks and nobody knows.
    """

    NO_SUCH_NUMBER = "07700900001"
    OUT_OF_REACH = "07700900002"
    LINE_BREAKS = "07700900003"

    def __init__(self) -> None:
        self.folder = Path(settings.SMS_STUB_DIR)

    def send(self, message: Message) -> None:
        number = "".join(c for c in message.to_address if c.isdigit())
        if number == self.NO_SUCH_NUMBER:
            raise NotSent(_("This number does not exist."), again=False)
        if number == self.OUT_OF_REACH:
            raise NotSent(_("The phone could not be reached."), again=True)
        if number == self.LINE_BREAKS:
            raise Uncertain(_("The connection broke while the text was being sent."))
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{message.id}.json"
        # "x": a second sending of the same text would be an error, not a second file.
        with path.open("x", encoding="utf-8") as file:
            json.dump({"to": message.to_address, "text": message.body, "key": message.key}, file)
