"""E-mails that come back: reading a delivery status notification (RFC 3464)."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

from django.utils.translation import gettext as _

from dcsn.messages.actions import record_bounce
from dcsn.messages.models import Message

_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
_STATUS = re.compile(r"^Status:\s*([245])\.(\d{1,3})\.(\d{1,3})", re.MULTILINE | re.IGNORECASE)


def read_bounce(raw: bytes) -> Message | None:
    """The message that a returned mail is about, marked; ``None`` when it is about none of ours, or
    only says that delivery is delayed."""
    mail = message_from_bytes(raw, policy=policy.default)
    text = raw.decode("utf-8", errors="replace")
    status = _STATUS.search(text)
    if status is None or status[1] != "5":
        return None
    for identifier in _OURS.findall(_original_headers(mail) or text):
        found = record_bounce(UUID(identifier), _words(status[2], status[3]))
        if found is not None:
            return found
    return None


def _original_headers(mail: EmailMessage) -> str:
    """The part of the notification that repeats the e-mail which came back."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            return part.as_string()
    return ""


def _words(subject: str, detail: str) -> str:
    """The enhanced status code (RFC 3463) in words that staff can act on."""
    match (subject, detail):
        case ("1", _):
            return _("It came back: there is no such e-mail address.")
        case ("2", "2"):
            return _("It came back: their mailbox is full.")
        case ("2", _):
            return _("It came back: their mailbox cannot be used.")
        case ("7", _):
            return _("It came back: their mail server does not accept e-mail from us.")
        case _:
            return _("It came back: it could not be delivered.")
