"""What goes to the council, on paper: made when it is printed, and kept nowhere."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from referrals.models import Concern


def concern_letter(concern: Concern) -> bytes:
    """The letter to the council's safeguarding team. Its title and file name say nothing."""
    changes = list(concern.changes.select_related("by").order_by("number"))
    return render_pdf(
        "print/safeguarding_letter.html",
        {
            "concern": concern,
            "person": concern.person,
            # One decided at the first look stands at both of its steps: it is printed once.
            "decisions": list(
                {change.decision: change for change in changes if change.decision}.values()
            ),
            "passed": next(
                (
                    change
                    for change in reversed(changes)
                    if change.to_state == Concern.State.PASSED_TO_COUNCIL
                ),
                None,
            ),
        },
        size=PrintSize.CLEAR,
        title=_("Letter %(reference)s") % {"reference": concern.reference},
        header=_("Confidential"),
    )
