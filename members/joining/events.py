"""What the audit trail calls the things that happen around joining."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

MEMBERSHIP_VIEWED = register(
    EventType(
        "membership:viewed",
        sentence=_("%(actor)s looked at a membership"),
        details={"membership": OnErasure.DROP},
        reading=True,
    )
)
_CODE = {"code": OnErasure.DROP, "kind": OnErasure.KEEP}
_KINDS = {"kind": {"gift": _("a gift"), "share": _("to share a membership")}}
JOIN_CODE_MADE = register(
    EventType(
        "join_code:made",
        sentence=_("%(actor)s made out a code (%(kind)s)"),
        details=_CODE,
        labels=_KINDS,
    )
)
JOIN_CODE_TAKEN = register(
    EventType(
        "join_code:taken",
        sentence=_("Somebody took up a code, %(kind)s (%(actor)s)"),
        details=_CODE,
        labels=_KINDS,
    )
)
JOIN_CODE_ENDED = register(
    EventType(
        "join_code:ended",
        sentence=_("%(actor)s ended a code, %(kind)s"),
        details=_CODE,
        labels=_KINDS,
    )
)
