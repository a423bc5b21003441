"""What the audit trail calls the things that happen to messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

MESSAGE_QUEUED = register(
    EventType(
        "message:queued",
        sentence=_("%(actor)s had a message sent (%(channel)s)"),
        details={"message": OnErasure.DROP, "channel": OnErasure.KEEP},
    )
)
MESSAGES_LISTED = register(
    EventType(
        "message:listed",
        sentence=_("%(actor)s looked at the messages that did not arrive"),
        details={"messages": OnErasure.DROP},
        reading=True,
    )
)
MESSAGE_VIEWED = register(
    EventType(
        "message:viewed",
        sentence=_("%(actor)s looked at a message"),
        details={"message": OnErasure.DROP},
        reading=True,
    )
)
MESSAGE_PRINTED = register(
    EventType(
        "message:printed",
        sentence=_("%(actor)s printed a letter"),
        details={"message": OnErasure.DROP},
        reading=True,
    )
)
MESSAGE_SETTLED = register(
    EventType(
        "message:settled",
        sentence=_("%(actor)s said what became of a message: %(how)s"),
        details={"message": OnErasure.DROP, "how": OnErasure.KEEP},
    )
)
