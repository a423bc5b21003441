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
# A hold may be the police's or a court's: whoever it is about is not to learn of it from a copy.
HOLD_PLACED = register(
    EventType(
        "hold:placed",
        sentence=_("%(actor)s placed a legal hold on the person (%(reason)s)"),
        details={"hold": OnErasure.KEEP, "reason": OnErasure.KEEP},
        left_out_of_copy=True,
    )
)
HOLD_REVIEWED = register(
    EventType(
        "hold:reviewed",
        sentence=_("%(actor)s looked at a legal hold again and kept it"),
        details={"hold": OnErasure.KEEP},
        left_out_of_copy=True,
    )
)
HOLD_LIFTED = register(
    EventType(
        "hold:lifted",
        sentence=_("%(actor)s lifted a legal hold"),
        details={"hold": OnErasure.KEEP},
        left_out_of_copy=True,
    )
)
HOLDS_LISTED = register(
    EventType(
        "hold:listed",
        sentence=_("%(actor)s looked at the list of legal holds"),
        details={"holds": OnErasure.KEEP},
        reading=True,
        left_out_of_copy=True,
    )
)
RETENTION_APPLIED = register(
    EventType(
        "retention:applied",
        sentence=_("%(actor)s forgot what is kept long enough: %(what)s, %(rows)s"),
        details={"what": OnErasure.KEEP, "rows": OnErasure.KEEP},
    )
)
RETENTION_STARTED = register(
    EventType(
        "retention:started", sentence=_("%(actor)s started to forget what is kept long enough")
    )
)
