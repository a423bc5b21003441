"""The checklist on paper: printed from the form of the screen, so that the boxes are in the same order."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from directory.models import Organisation
from members.models import Category, Purpose
from members.wordings import current_wording, spoken
from referrals.checklists.forms import VisitForm
from referrals.models import ChecklistVersion

SHARED = (Category.NAME, Category.CONTACT, Category.NEEDS)


def checklist_on_paper(
    version: ChecklistVersion, *, desks: Iterable[Organisation], size: PrintSize
) -> bytes:
    """To be filled in with a pen by any partner's visitor, and handed in at one of the access points."""
    form = VisitForm(version=version)
    categories = spoken(SHARED)
    first_desk = next(iter(desks), None)
    here = first_desk.name if first_desk else _("The access point")
    return render_pdf(
        "print/checklist.html",
        {
            "version": version,
            "form": form,
            "questions": list(form.question_fields()),
            "desks": list(desks),
            "share": current_wording(Purpose.SHARE).read_out(
                organisation=_("the organisations that I wrote down above"), categories=categories
            ),
            "ask": current_wording(Purpose.CONTACT).read_out(organisation=here),
            "remember": current_wording(Purpose.REMEMBER).read_out(organisation=here),
        },
        size=size,
        title=_("First Contact checklist"),
    )
