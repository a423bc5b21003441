"""The printed claim."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from volunteers.models import Expense


def claim_pdf(expense: Expense, size: PrintSize) -> bytes:
    """With each line, the sum, and places to sign; the receipts are pinned to it."""
    return render_pdf(
        "print/volunteer_claim.html",
        {
            "expense": expense,
            "lines": list(expense.lines.all()),
            "payment": getattr(expense, "payment", None),
            "person": expense.volunteer.person,
        },
        size=size,
        title=_("Expenses %(reference)s") % {"reference": expense.reference},
        header="",
    )
