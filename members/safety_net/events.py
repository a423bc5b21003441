"""What the audit trail calls the things that happen in the safety net. No ground and no word of anybody's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

_DETAILS = {"concession": OnErasure.DROP}
SAFETY_NET_ASKED = register(
    EventType(
        "safety_net:asked",
        sentence=_("%(actor)s wrote down that they ask to join without paying"),
        details={**_DETAILS, "via": OnErasure.KEEP},
    )
)
SAFETY_NET_MOVED = register(
    EventType(
        "safety_net:moved",
        sentence=_("%(actor)s dealt with their question for the safety net: %(state)s"),
        details={**_DETAILS, "state": OnErasure.KEEP},
    )
)
SAFETY_NET_PROPOSED = register(
    EventType(
        "safety_net:proposed",
        sentence=_(
            "%(actor)s looked at it again and proposed an answer; a second person agrees or not"
        ),
        details=_DETAILS,
    )
)
SAFETY_NET_RENEWED = register(
    EventType(
        "safety_net:renewed",
        sentence=_("%(actor)s renewed the membership on a decision that still holds"),
        details=_DETAILS,
    )
)
SAFETY_NET_TOLD = register(
    EventType(
        "safety_net:told",
        sentence=_("%(actor)s told them what was decided"),
        details=_DETAILS,
    )
)
SAFETY_NET_VIEWED = register(
    EventType(
        "safety_net:viewed",
        sentence=_("%(actor)s looked at their question for the safety net"),
        details=_DETAILS,
        reading=True,
    )
)
SAFETY_NET_LISTED = register(
    EventType(
        "safety_net:listed",
        sentence=_("%(actor)s looked at the list of the safety net"),
        details={"concessions": OnErasure.DROP},
        reading=True,
    )
)
SAFETY_NET_WIPED = register(
    EventType(
        "safety_net:wiped",
        sentence=_("%(actor)s forgot why somebody was a member without paying"),
        details=_DETAILS,
    )
)
