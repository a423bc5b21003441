"""What the tables of joining hold, and what becomes of a person's rows. Read by ``members/privacy.py``."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register, retention
from dcsn.privacy.registry import export_rows, move_rows, move_rows_back
from members.models import JoinCode, Saving

FIELDS = {
    "members.JoinCode": classified(
        Kept(
            _("a year after it was taken up or ran out; then counted without a name"),
            setting="KEEP_JOIN_CODE_DAYS",
        ),
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


def _used_up(before: datetime) -> QuerySet[JoinCode]:
    """Codes that nobody can take up any more, and of which it still stands who gave them."""
    over = (
        Q(taken_at__lt=before)
        | Q(ended_at__lt=before)
        | Q(expires_on__lt=timezone.localdate(before))
    )
    return JoinCode.objects.filter(over, giver__isnull=False)


def register_all() -> None:
    """Called by ``members/privacy.py``."""
    retention.register(
        retention.RetentionClass(
            name="members.join_codes",
            what=_("Who gave or shared a membership"),
            becomes=_("Who gave it is deleted; that it was given, and for what, stays."),
            setting="KEEP_JOIN_CODE_DAYS",
            due=_used_up,
            apply=lambda keys: JoinCode.objects.filter(pk__in=keys).update(giver=None),
            person="giver_id",
        )
    )
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
