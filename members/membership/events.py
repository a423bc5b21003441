"""What the audit trail calls the things that happen to memberships."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

_MEMBERSHIP = {"membership": OnErasure.DROP}
MEMBERSHIP_STARTED = register(
    EventType(
        "membership:started",
        sentence=_("%(actor)s began a membership (%(plan)s)"),
        details={**_MEMBERSHIP, "plan": OnErasure.KEEP, "via": OnErasure.KEEP},
    )
)
MEMBERSHIP_EXTENDED = register(
    EventType(
        "membership:extended",
        sentence=_("A membership lasts until %(until)s (%(actor)s)"),
        details={**_MEMBERSHIP, "until": OnErasure.KEEP},
    )
)
MEMBERSHIP_TERM_VOIDED = register(
    EventType(
        "membership:term_voided",
        sentence=_("%(actor)s took back a term of a membership"),
        details=_MEMBERSHIP,
    )
)
MEMBERSHIP_ENDED = register(
    EventType(
        "membership:ended",
        sentence=_("%(actor)s ended a membership: %(state)s"),
        details={**_MEMBERSHIP, "state": OnErasure.KEEP},
    )
)
MEMBERSHIP_RESUMED = register(
    EventType(
        "membership:resumed",
        sentence=_("%(actor)s took back that a membership had ended"),
        details=_MEMBERSHIP,
    )
)
MEMBERSHIP_SHARED = register(
    EventType(
        "membership:shared",
        sentence=_("%(actor)s let them share a membership"),
        details=_MEMBERSHIP,
    )
)
MEMBERSHIP_UNSHARED = register(
    EventType(
        "membership:unshared",
        sentence=_("%(actor)s noted that they no longer share a membership"),
        details=_MEMBERSHIP,
    )
)
