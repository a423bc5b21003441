"""What the audit trail calls the looks at the roll of members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

MEMBERS_LISTED = register(
    EventType(
        "members:listed",
        sentence=_("%(actor)s looked at the list of members and was shown %(count)s"),
        # Whose lines were shown. What was typed is not written down.
        details={"memberships": OnErasure.DROP, "count": OnErasure.KEEP},
        reading=True,
    )
)
MEMBERS_EXPORTED = register(
    EventType(
        "members:exported",
        sentence=_("%(actor)s fetched a file of members (%(count)s of them in this part)"),
        details={"memberships": OnErasure.DROP, "count": OnErasure.KEEP},
        reading=True,
    )
)
