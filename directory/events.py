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
