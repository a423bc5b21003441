"""What the tables of joining hold, and what becomes of a person's rows. Read by ``members/privacy.py``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.registry import export_rows, move_rows, move_rows_back
from members.models import JoinCode, Saving

FIELDS = {
    "members.JoinCode": classified(
        Kept(_("until it is taken up or a year has gone by; then counted without a name")),
        personal="giver created_by code",
        safe="id key kind organisation plan plan_terms membership created_at expires_on taken_at "
        "ended_at",
    ),
    "members.Saving": classified(
        Kept(_("until they delete it, or are no longer on record")),
        personal="person on pence words",
        safe="id key",
    ),
}


def _export_codes(person: UUID) -> list[dict[str, Any]]:
    rows = JoinCode.objects.filter(giver=person).select_related("plan")
    return [
        {
            "for": row.get_kind_display(),
            "plan": row.plan.name,
            "made": row.created_at,
            "good until": row.expires_on,
            "taken up": row.taken_at is not None,
        }
        for row in rows
    ]


def _erase_codes(person: UUID) -> int:
    """What they gave stays given; a share that nobody took up yet ends with them."""
    JoinCode.objects.filter(
        giver=person, kind=JoinCode.Kind.SHARE, taken_at=None, ended_at=None
    ).update(ended_at=timezone.now())
    return JoinCode.objects.filter(giver=person).update(giver=None)


def register_all() -> None:
    """Called by ``members/privacy.py``."""
    register(
        JoinCode,
        PersonLink(
            heading=_("Memberships that you gave or shared"),
            export=_export_codes,
            erase=_erase_codes,
            keep=_("That somebody gave or shared one, without saying who."),
            merge=move_rows(JoinCode, "giver_id"),
            unmerge=move_rows_back(JoinCode, "giver_id"),
        ),
    )
    register(
        Saving,
        PersonLink(
            heading=_("What your card saved you, as you noted it"),
            export=export_rows(Saving, "person_id", ["on", "pence", "words"]),
            erase=lambda person: Saving.objects.filter(person=person).delete()[0],
            merge=move_rows(Saving, "person_id"),
            unmerge=move_rows_back(Saving, "person_id"),
        ),
    )
