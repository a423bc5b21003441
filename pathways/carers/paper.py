"""A carer's paper: the form of the first stage, the emergency plan, and the card for a purse."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_exact_pdf, render_pdf
from members.cards.paper import HEIGHT_MM, WIDTH_MM
from members.paper_boxes import Box, boxes_of
from pathways.carers.forms import PublicForm
from pathways.models import EmergencyPlan

LINES = {
    "effects": 4, "wants": 3, "ring_first": 4, "who_is_cared_for": 2, "must_know": 5,
    "where_things_are": 3,
}  # fmt: skip


def paper_parts() -> list[tuple[str, str, list[Box]]]:
    """The questions of the screen under their headings: one form, so that the two cannot differ."""
    form = PublicForm()
    return [
        (str(heading), str(words), boxes_of(form, names, lines=LINES))
        for heading, words, names in form.part_names
    ]


def form_pdf(size: PrintSize) -> bytes:
    return render_pdf(
        "pathways/print/carer_form.html",
        {"parts": paper_parts()},
        size=size,
        title=_("Do you look after somebody?"),
    )


def plan_pdf(plan: EmergencyPlan, size: PrintSize) -> bytes:
    """For the fridge door, or for whoever takes over."""
    return render_pdf(
        "pathways/print/emergency_plan.html",
        {"plan": plan, "carer": plan.carer},
        size=size,
        title=_("Emergency plan"),
        header="",
    )


def wallet_pdf(plan: EmergencyPlan) -> bytes:
    """Of a bank card's size. It names nobody who is cared for: it may be lost."""
    return render_exact_pdf(
        "pathways/print/wallet_card.html",
        {"plan": plan, "carer": plan.carer},
        width_mm=WIDTH_MM,
        height_mm=HEIGHT_MM,
        title=_("Carer's emergency card"),
    )
