"""What the audit trail calls the things that happen to money."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

PAYMENT_MOVED = register(
    EventType(
        "payment:moved",
        sentence=_("%(actor)s recorded a payment (%(method)s): %(state)s"),
        details={
            "payment": OnErasure.DROP,
            "state": OnErasure.KEEP,
            "method": OnErasure.KEEP,
        },
    )
)
_BANKING = {"banking": OnErasure.KEEP}
BANKING_COUNTED = register(
    EventType("banking:counted", sentence=_("%(actor)s counted the takings"), details=_BANKING)
)
BANKING_CHECKED = register(
    EventType(
        "banking:checked",
        sentence=_("%(actor)s counted the takings too, and they were banked"),
        details=_BANKING,
    )
)
BANKING_RECONCILED = register(
    EventType(
        "banking:reconciled",
        sentence=_("%(actor)s found the takings on the bank's statement"),
        details=_BANKING,
    )
)
