"""What the audit trail calls the things that happen to a person's data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

PERSON_EXPORTED = register(
    EventType(
        "person:exported",
        sentence=_("%(actor)s made a copy of everything that is known about the person"),
        reading=True,
    )
)
PERSON_ERASED = register(
    EventType(
        "person:erased",
        sentence=_("%(actor)s erased the person"),
        details={"reason": OnErasure.KEEP, "rows": OnErasure.KEEP},
    )
)
PERSON_ERASED_AGAIN = register(
    EventType(
        "person:erased_again",
        sentence=_("%(actor)s erased the person again, after an older copy came back"),
        details={"rows": OnErasure.KEEP},
    )
)
PERSON_MERGED = register(
    EventType(
        "person:merged",
        sentence=_("%(actor)s put two records of the person together"),
        details={"other": OnErasure.DROP},
    )
)
PERSON_UNMERGED = register(
    EventType(
        "person:unmerged",
        sentence=_("%(actor)s took two records apart again"),
        details={"other": OnErasure.DROP},
    )
)
