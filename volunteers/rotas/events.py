"""What the audit trail calls the things that happen to shifts, places on them and calendars."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register
from volunteers.models import ShiftExchange

_VOLUNTEER = {"volunteer": OnErasure.DROP}

SHIFT_CHANGED = register(
    EventType(
        "shift:changed",
        sentence=_("%(actor)s changed a shift"),
        details={"shift": OnErasure.KEEP, "opportunity": OnErasure.KEEP},
    )
)
SHIFTS_MADE = register(
    EventType(
        "shift:made",
        sentence=_("%(actor)s made shifts of a role"),
        details={"shifts": OnErasure.KEEP, "opportunity": OnErasure.KEEP},
    )
)
SHIFT_CALLED_OFF = register(
    EventType(
        "shift:called_off",
        sentence=_("%(actor)s called a shift off"),
        details={"shift": OnErasure.KEEP, "opportunity": OnErasure.KEEP},
    )
)
SHIFT_PLACE_MOVED = register(
    EventType(
        "shift:place_moved",
        sentence=_("%(actor)s recorded a place on a shift: %(to)s"),
        details={
            **_VOLUNTEER,
            "shift": OnErasure.KEEP,
            "to": OnErasure.KEEP,
            "overridden": OnErasure.KEEP,
        },
    )
)
SHIFT_SWAP_OFFERED = register(
    EventType(
        "shift:swap_offered",
        sentence=_("%(actor)s said whether somebody else may have a place on a shift"),
        details={**_VOLUNTEER, "shift": OnErasure.KEEP, "offered": OnErasure.KEEP},
    )
)
SHIFT_EXCHANGE_MOVED = register(
    EventType(
        "shift:exchange_moved",
        sentence=_("%(actor)s recorded an exchange of two shifts: %(to)s"),
        labels={"to": dict(ShiftExchange.State.choices)},
        details={
            **_VOLUNTEER,
            "exchange": OnErasure.DROP,
            "shift": OnErasure.KEEP,
            "for_shift": OnErasure.KEEP,
            "to": OnErasure.KEEP,
        },
    )
)
ROTA_PRINTED = register(
    EventType(
        "rota:printed",
        sentence=_("%(actor)s printed a rota"),
        details={
            "opportunity": OnErasure.KEEP,
            "people": OnErasure.DROP,
            "volunteers": OnErasure.DROP,
        },
        reading=True,
    )
)
CALENDAR_FEED_CHANGED = register(
    EventType(
        "calendar_feed:changed",
        sentence=_("%(actor)s made or ended the address of a volunteer's calendar"),
        details={**_VOLUNTEER, "ends": OnErasure.KEEP},
    )
)
