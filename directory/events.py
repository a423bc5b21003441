"""What the audit trail says about the directory."""

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
