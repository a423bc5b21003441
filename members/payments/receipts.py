"""A receipt on paper, in the reader's size: the same sheet whatever was paid for and in whatever way.

There is none for nothing: a free membership has no payment, and its letter of welcome says until when it
lasts, as everybody's does.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from members.models import Payment, Term


def title_of(payment: Payment) -> str:
    if payment.receipt_number is not None:
        return _("Receipt %(number)d") % {"number": payment.receipt_number}
    return _("Receipt for payment %(reference)s") % {"reference": payment.reference}


def receipt_pdf(payment: Payment, size: PrintSize) -> bytes:
    term = Term.objects.filter(
        source=Term.Source.PAYMENT, source_id=payment.pk, voided_at=None
    ).first()
    return render_pdf(
        "print/receipt.html",
        {
            "payment": payment,
            "refund": getattr(payment, "refund", None),
            "what": what_for(payment),
            "term": term,
            "day": timezone.localtime(payment.taken_at),
        },
        size=size,
        title=title_of(payment),
    )


def what_for(payment: Payment) -> str:
    """In words: "Membership: Household"."""
    if payment.purpose == Payment.For.TOKENS:
        return _("%(count)d tokens") % {"count": payment.tokens}
    if payment.gift is not None:
        return _("A membership for somebody else: %(plan)s") % {"plan": payment.gift.plan.name}
    if payment.membership is not None:
        return _("Membership: %(plan)s") % {"plan": payment.membership.plan.name}
    return str(payment.get_purpose_display())
