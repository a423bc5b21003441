"""Who sees which money: an access point its own, the membership officer all of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, get_permitted_or_404
from dcsn.access.doors import Door, register_door
from members.models import Banking, Payment

register_door(
    Door(
        Permission.PAYMENT_TAKE,
        _("Takings"),
        _("What was paid today, receipts to print, payments to void."),
        "members:payments",
        order=50,
    )
)
register_door(
    Door(
        Permission.PAYMENT_TAKE,
        _("Banking"),
        _("Cash and cheques that go to the bank: two people count."),
        "members:bankings",
        order=51,
    )
)
register_door(
    Door(
        Permission.PAYMENT_RECONCILE,
        _("Journal"),
        _("Every penny that moved, from where to where, and that it balances."),
        "members:journal",
        order=52,
    )
)


def payment_or_404(
    user: Any, payment_id: UUID, permission: Permission = Permission.PAYMENT_TAKE
) -> Payment:
    rows = Payment.objects.select_related(
        "organisation", "membership__plan", "person", "plan_terms", "taken_by", "voided_by",
        "banking", "gift__plan", "refund__by",
    )  # fmt: skip
    return get_permitted_or_404(user, permission, rows, id=payment_id)


def banking_or_404(
    user: Any, banking_id: UUID, permission: Permission = Permission.PAYMENT_TAKE
) -> Banking:
    rows = Banking.objects.select_related(
        "organisation", "counted_by", "checked_by", "reconciled_by"
    )
    return get_permitted_or_404(user, permission, rows, id=banking_id)
