"""What the tables of the checklist hold. The person of a visit is its enquiry's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.classification import AS_LONG_AS_THE_PORTAL
from referrals.models import Checklist, ChecklistAnswer

FIELDS = {
    "referrals.ChecklistVersion": classified(
        AS_LONG_AS_THE_PORTAL,
        personal="published_by",
        safe="id number state revision created_at published_at",
    ),
    "referrals.ChecklistQuestion": classified(
        AS_LONG_AS_THE_PORTAL, safe="id version position code words hint topics search_words"
    ),
    "referrals.Checklist": classified(
        Kept(_("who came and to whom as long as the enquiry; then only counted")),
        personal="visitor_name",
        safe="id reference enquiry version visitor_organisation place visited_on on_paper "
        "entered_at revision anonymised_at",
    ),
    "referrals.ChecklistAnswer": classified(
        Kept(_("with the person as long as the enquiry; then without, for counting")),
        special="answer",
        safe="id checklist question",
    ),
}


def _export_checklists(person: UUID) -> list[dict[str, Any]]:
    rows = Checklist.objects.filter(enquiry__person=person).prefetch_related("answers__question")
    return [
        {
            "reference": row.reference,
            "when": row.visited_on,
            "where": row.get_place_display(),
            "who came": row.visitor_name,
            "from": row.visitor_organisation,
            "what you said": [
                {"question": one.question.words, "answer": one.get_answer_display()}
                for one in row.answers.all()
            ],
        }
        for row in rows
    ]


def _erase_checklists(person: UUID) -> int:
    """Who came and to whom; the answers stay, to be counted."""
    return Checklist.objects.filter(enquiry__person=person, anonymised_at=None).update(
        visitor_name="", anonymised_at=timezone.now()
    )


register(
    Checklist,
    PersonLink(
        heading=_("Checklists that somebody went through with you"),
        export=_export_checklists,
        includes=(ChecklistAnswer,),
        erase=_erase_checklists,
        third_parties=("who came",),
        keep=_("How many said yes to which question: for counting, without anybody's name."),
        # They go with the enquiry when records are put together. Before it, because they are found by it.
        order=-10,
    ),
)
