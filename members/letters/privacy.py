"""What the tables of letters hold, and what becomes of a person's rows."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.registry import export_rows
from members.models import Letter

_AS_MEMBER = Kept(_("while they are a member and two years after; then counted without a name"))

FIELDS = {
    "members.LetterRun": classified(
        _AS_MEMBER,
        personal="made_by posted_by",
        safe="id key kind as_of made_at pages posted_at",
    ),
    "members.Letter": classified(
        _AS_MEMBER,
        # How somebody has to be reached tells of them.
        personal="why_by_hand",
        safe="id run membership term kind way size state settled_at",
    ),
}


def _forget_why(person: UUID) -> int:
    """That there was a letter stays with the membership, which no longer has a name; what stood in
    the way of an ordinary one goes."""
    rows = Letter.objects.filter(membership__person=person, way=Letter.Way.BY_HAND)
    return rows.update(way=Letter.Way.POST, why_by_hand="", size=18)


def register_all() -> None:
    """Called by ``members/privacy.py``."""
    register(
        Letter,
        PersonLink(
            heading=_("Letters about your membership"),
            export=export_rows(Letter, "membership__person", ["kind", "state", "settled_at"]),
            erase=_forget_why,
            keep=_("That a letter was sent, of which kind and when: for counting."),
            # Before the membership loses its person.
            order=-1,
        ),
    )
