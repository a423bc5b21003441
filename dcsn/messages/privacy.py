"""What the outbox holds, and how a person's messages are exported and forgotten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dcsn.messages.actions import redact
from dcsn.messages.models import Message
from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.registry import move_rows, move_rows_back

FIELDS = {
    "outbox.Message": classified(
        Kept(_("90 days; after that only that something was sent, for counting"), days=90),
        personal="to_name to_address about by settled_by",
        # What somebody was told can tell what they suffer from.
        special="subject body",
        safe="id channel size key organisation_id state attempts error queued_at nudged_at not_before "
        "sending_since sent_at settled_at redacted_at",
    ),
}


def _export(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "by": message.get_channel_display(),
            "to": message.to_address,
            "subject": message.subject,
            "text": message.words,
            "state": message.get_state_display(),
            "queued": message.queued_at,
            "sent": message.sent_at,
        }
        for message in Message.objects.filter(about=person).order_by("queued_at")
    ]


def _erase(person: UUID) -> int:
    return redact(Message.objects.filter(about=person))


register(
    Message,
    PersonLink(
        heading=_("What we wrote to you"),
        export=_export,
        erase=_erase,
        merge=move_rows(Message, "about"),
        unmerge=move_rows_back(Message, "about"),
    ),
)
