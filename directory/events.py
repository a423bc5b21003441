"""What the audit trail says about the directory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

CORRECTION_REPORTED = register(
    EventType(
        "correction:reported",
        sentence=_("A reader reported a mistake (%(about)s)"),
        details={"correction": OnErasure.KEEP, "about": OnErasure.KEEP},
    )
)
CORRECTION_ANSWERED = register(
    EventType(
        "correction:answered",
        sentence=_("%(actor)s answered a report of a mistake (%(state)s)"),
        details={"correction": OnErasure.KEEP, "state": OnErasure.KEEP},
    )
)
SERVICES_IMPORTED = register(
    EventType(
        "services:imported",
        sentence=_(
            "%(actor)s imported a list of services: %(created)s new, %(updated)s changed, "
            "%(problems)s problems"
        ),
        details={
            "created": OnErasure.KEEP,
            "updated": OnErasure.KEEP,
            "unchanged": OnErasure.KEEP,
            "problems": OnErasure.KEEP,
        },
    )
)
SERVICE_CHANGED = register(
    EventType("service:changed", sentence=_("%(actor)s changed the service"))
)
SERVICE_CONFIRMED = register(
    EventType("service:confirmed", sentence=_("%(actor)s said that the facts are right"))
)
TOPIC_CHANGED = register(
    EventType("topic:changed", sentence=_("%(actor)s changed the words that lead to the topic"))
)
PICTURE_ADDED = register(
    EventType(
        "picture:added",
        sentence=_("%(actor)s added a picture"),
        details={"picture": OnErasure.KEEP},
    )
)
PICTURE_PUBLISHED = register(
    EventType(
        "picture:published",
        sentence=_("%(actor)s published a picture"),
        details={"picture": OnErasure.KEEP},
    )
)
PICTURE_REMOVED = register(
    EventType(
        "picture:removed",
        sentence=_("%(actor)s took a picture away"),
        details={"picture": OnErasure.KEEP},
    )
)
TIMES_CHANGED = register(
    EventType("service:times_changed", sentence=_("%(actor)s changed the times"))
)
PLACE_CHANGED = register(
    EventType(
        "service:place_changed",
        sentence=_("%(actor)s changed a place"),
        details={"place": OnErasure.KEEP},
    )
)
PLACE_REMOVED = register(
    EventType(
        "service:place_removed",
        sentence=_("%(actor)s took a place away"),
        details={"place": OnErasure.KEEP},
    )
)
SERVICE_ADDED = register(EventType("service:added", sentence=_("%(actor)s added the service")))
ORGANISATION_ADDED = register(
    EventType("organisation:added", sentence=_("%(actor)s added the organisation"))
)
ORGANISATION_CHANGED = register(
    EventType("organisation:changed", sentence=_("%(actor)s changed the organisation"))
)
