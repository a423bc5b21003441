"""How a channel really sends. An adapter returns when it was accepted, and raises ``NotSent`` when it
certainly was not, ``Uncertain`` when nobody can know."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from dcsn.messages.models import Channel, Message
from dcsn.messages.refusals import ChannelNotOffered

Send = Callable[[Message], None]


def adapter_for(channel: str) -> Send:
    """The function that sends; ``ChannelNotOffered`` when there is none."""
    if channel == Channel.EMAIL:
        from dcsn.messages.adapters.email import send

        return send
    if channel == Channel.SMS and settings.SMS_ADAPTER:
        adapter = import_string(settings.SMS_ADAPTER)
        send_sms: Send = adapter().send
        return send_sms
    raise ChannelNotOffered(f"Messages by {channel} are not sent by a machine here.")


def is_offered(channel: str) -> bool:
    """Whether this installation can tell anybody anything this way."""
    return channel != Channel.SMS or bool(settings.SMS_ADAPTER)
