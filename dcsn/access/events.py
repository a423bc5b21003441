"""What the audit trail says about roles."""

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

ROLE_GRANTED = register(
    EventType(
        "role:granted",
        sentence=_("%(actor)s gave the role %(role)s"),
        details={"role": OnErasure.KEEP, "assignment": OnErasure.KEEP},
    )
)
ROLE_ENDED = register(
    EventType(
        "role:ended",
        sentence=_("%(actor)s ended the role %(role)s"),
        details={"role": OnErasure.KEEP, "assignment": OnErasure.KEEP},
    )
)
