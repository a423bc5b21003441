"""The outbox: letters, e-mails and text messages as rows, so that none is lost or sent twice unseen.

>>> queue_message(channel=…, key=…, to=…, subject=…, body=…, by=…)

writes a row in the caller's transaction; a task sends it after the commit, and a sweep sends what the
task missed. See README.md. Names are looked up when first used, because the models must be ready.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dcsn.messages.actions import Recipient, queue_message
    from dcsn.messages.models import Channel, Message
    from dcsn.messages.refusals import ChannelNotOffered

_HOMES = {
    "Channel": "dcsn.messages.models",
    "ChannelNotOffered": "dcsn.messages.refusals",
    "Message": "dcsn.messages.models",
    "Recipient": "dcsn.messages.actions",
    "queue_message": "dcsn.messages.actions",
}

__all__ = ["Channel", "ChannelNotOffered", "Message", "Recipient", "queue_message"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
