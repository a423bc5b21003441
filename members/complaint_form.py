"""The complaint form on paper: made from the form of the screen, so that its boxes cannot differ."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from members.forms.complaints import ComplaintForm
from members.paper_boxes import Box, boxes_of

# Ruled lines for what is written in sentences; one line for everything else.
LINES = {"words": 12, "wants": 5}


def boxes() -> list[Box]:
    """The questions in the order of the screen."""
    return boxes_of(ComplaintForm(), lines=LINES)


def form_pdf(size: PrintSize) -> bytes:
    return render_pdf(
        "print/complaint_form.html",
        {"boxes": boxes()},
        size=size,
        title=_("Complain about how we handle your details"),
    )
