"""What the tables of finding people hold, and how a person's rows are exported, erased and merged."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register, retention
from dcsn.privacy.registry import delete_rows, export_rows, move_rows, move_rows_back
from members.finding.keys import write_keys
from members.models import MergedValues, Opening, PersonKeys, PossibleDuplicate

FIELDS = {
    "members.PersonKeys": classified(
        Kept(_("as long as the person's record; deleted when they are erased or merged away")),
        personal="person keys",
        safe="compared_at",
    ),
    "members.PossibleDuplicate": classified(
        Kept(_("as long as both records; deleted when either person is erased")),
        personal="first second score state",
        safe="id found_at decided_at decided_by",
    ),
    "members.MergedValues": classified(
        Kept(_("as long as the merge can be undone; deleted when the person is erased")),
        # Formats and notes on safe contact may be among them.
        special="before after",
        personal="person",
        safe="alias",
    ),
    "members.Opening": classified(
        Kept(_("2 years; the audit trail keeps the reason's code"), days=730),
        personal="person user",
        # Why somebody looked can say what was wrong.
        special="words reason",
        safe="id opened_from at until",
    ),
}


def _merge_keys(old: UUID, current: UUID) -> list[str]:
    """The other record's spellings find the current one from now on."""
    theirs = PersonKeys.objects.filter(person=old).first()
    mine = PersonKeys.objects.filter(person=current).first()
    if theirs is not None and mine is not None:
        mine.keys, mine.compared_at = sorted({*mine.keys, *theirs.keys}), None
        mine.save(update_fields=["keys", "compared_at"])
    PersonKeys.objects.filter(person=old).delete()
    return []


def _unmerge_keys(current: UUID, old: UUID, moved: list[str]) -> None:
    write_keys(current, old, apart=old)


def _pairs(person: UUID) -> Q:
    return Q(first=person) | Q(second=person)


def _export_keys(person: UUID) -> list[dict[str, Any]]:
    """In one line: a page of paper with one key to a line helps nobody."""
    rows = PersonKeys.objects.filter(person_id=person)
    return [{"keys": ", ".join(row.keys)} for row in rows]


def _export_pairs(person: UUID) -> list[dict[str, Any]]:
    """That there is such a pair; whose the other record is stays out."""
    rows = PossibleDuplicate.objects.filter(_pairs(person))
    return [{"state": str(row.get_state_display()), "found_at": row.found_at} for row in rows]


def _erase_pairs(person: UUID) -> int:
    return PossibleDuplicate.objects.filter(_pairs(person)).delete()[0]


register(
    PersonKeys,
    PersonLink(
        heading=_("Spellings, sounds and dates by which your record is found"),
        export=_export_keys,
        erase=delete_rows(PersonKeys, "person_id"),
        merge=_merge_keys,
        unmerge=_unmerge_keys,
        # After the person's own row, which says whether it has been merged.
        order=110,
    ),
)
register(
    PossibleDuplicate,
    PersonLink(heading=_("Records that look like yours"), export=_export_pairs, erase=_erase_pairs),
)
register(
    MergedValues,
    PersonLink(
        heading=_("What was taken over when two records of yours were put together"),
        export=export_rows(MergedValues, "person_id", ["before", "after"]),
        erase=delete_rows(MergedValues, "person_id"),
    ),
)
register(
    Opening,
    PersonLink(
        heading=_("Who opened your record from outside its access point, and why"),
        export=export_rows(Opening, "person_id", ["reason", "words", "opened_from", "at", "until"]),
        erase=delete_rows(Opening, "person_id"),
        merge=move_rows(Opening, "person_id"),
        unmerge=move_rows_back(Opening, "person_id"),
    ),
)


def _old_openings(before: datetime) -> QuerySet[Opening]:
    return Opening.objects.filter(at__lt=before)


def _forget_openings(openings: list[Any]) -> int:
    return Opening.objects.filter(pk__in=openings).delete()[0]


retention.register(
    retention.RetentionClass(
        name="members.openings",
        what=_("Reasons for opening a record outside one's own access point"),
        becomes=_("They are deleted; that the record was opened stays in the audit trail"),
        setting="KEEP_OPENING_DAYS",
        due=_old_openings,
        apply=_forget_openings,
        person="person_id",
    )
)
