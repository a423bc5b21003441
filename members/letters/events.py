"""What the audit trail calls the things that happen with letters to members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register
from members.models.letter import LetterKind

_RUN = {"run": OnErasure.KEEP, "kind": OnErasure.KEEP}
_KINDS = {"kind": {kind.value: kind.label for kind in LetterKind}}
LETTERS_MADE = register(
    EventType(
        "letters:made",
        sentence=_("%(actor)s put together %(count)s letters to members (%(kind)s)"),
        details={**_RUN, "count": OnErasure.KEEP},
        labels=_KINDS,
    )
)
LETTERS_LISTED = register(
    EventType(
        "letters:listed",
        sentence=_("%(actor)s looked at who gets a letter (%(kind)s)"),
        details={**_RUN, "people": OnErasure.DROP},
        labels=_KINDS,
        reading=True,
    )
)
LETTERS_PRINTED = register(
    EventType(
        "letters:printed",
        sentence=_("%(actor)s had letters to members printed (%(kind)s)"),
        details=_RUN,
        labels=_KINDS,
    )
)
LETTER_SENT = register(
    EventType(
        "letter:sent",
        sentence=_("%(actor)s sent a letter about their membership (%(kind)s), %(way)s"),
        details={**_RUN, "letter": OnErasure.DROP, "way": OnErasure.KEEP},
        labels=_KINDS,
    )
)
LETTER_LEFT_OUT = register(
    EventType(
        "letter:left_out",
        sentence=_("%(actor)s left a letter about their membership out (%(kind)s)"),
        details={**_RUN, "letter": OnErasure.DROP},
        labels=_KINDS,
    )
)
