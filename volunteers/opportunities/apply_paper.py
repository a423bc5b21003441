"""The form to apply on paper: made from the form of the screen, so that its boxes cannot differ."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from members.paper_boxes import Box, boxes_of
from volunteers.models import Opportunity
from volunteers.opportunities.apply_form import ApplyForm

LINES = {"why": 2, "support_needs": 2}


def parts() -> list[tuple[str, str, list[Box]]]:
    """The questions under their headings, in the order of the screen."""
    form = ApplyForm()
    return [
        (
            part.heading,
            part.said,
            boxes_of(form, [field.name for field in part.fields], lines=LINES),
        )
        for part in form.parts
    ]


def form_pdf(size: PrintSize, role: Opportunity | None = None) -> bytes:
    return render_pdf(
        "volunteers/print/apply.html",
        {"parts": parts(), "policies": ApplyForm(role=role).policies, "role": role},
        size=size,
        title=_("I would like to volunteer"),
    )
