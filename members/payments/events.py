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
BANKING_GIVEN_UP = register(
    EventType(
        "banking:given_up",
        sentence=_("%(actor)s gave up a count of the takings"),
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
_REFUND = {"payment": OnErasure.DROP, "state": OnErasure.KEEP, "way": OnErasure.KEEP}
PAYMENT_REFUNDED = register(
    EventType(
        "payment:refunded",
        sentence=_("%(actor)s gave a payment back (%(way)s): %(state)s"),
        details=_REFUND,
    )
)
_TOKEN = {"token": OnErasure.DROP}
TOKEN_SPENT = register(
    EventType("token:spent", sentence=_("%(actor)s spent a token"), details=_TOKEN)
)
TOKEN_UNSPENT = register(
    EventType("token:unspent", sentence=_("%(actor)s gave a token back"), details=_TOKEN)
)
PAYMENTS_LISTED = register(
    EventType(
        "payments:listed",
        sentence=_("%(actor)s looked through payments"),
        details={"payments": OnErasure.DROP},
    )
)
PAYMENT_VIEWED = register(
    EventType(
        "payment:viewed",
        sentence=_("%(actor)s looked at a payment"),
        details={"payment": OnErasure.DROP},
    )
)
RECEIPT_PRINTED = register(
    EventType(
        "payment:receipt_printed",
        sentence=_("%(actor)s printed a receipt"),
        details={"payment": OnErasure.DROP},
    )
)
TOKENS_VIEWED = register(
    EventType(
        "tokens:viewed",
        sentence=_("%(actor)s looked at somebody's tokens"),
        details={"membership": OnErasure.DROP},
    )
)
