"""Two records of one person become one, and can be taken apart again."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.privacy.aliases import current_id_of
from dcsn.privacy.events import PERSON_MERGED, PERSON_UNMERGED
from dcsn.privacy.models import PersonAlias
from dcsn.privacy.permitted import require
from dcsn.privacy.registry import links


class MergeRefused(ValueError):
    """The two are the same record already, or one of them was merged elsewhere."""


@transaction.atomic
def merge_people(*, old: UUID, current: UUID, by: User) -> PersonAlias:
    """Make ``old`` an alias of ``current``; rows that may move do, and it is noted which.

    Raises :class:`MergeRefused`, and ``PermissionDenied`` when ``by`` may merge nobody.
    """
    require(by, Permission.PERSON_MERGE)
    if old == current or current_id_of(old) != old or current_id_of(current) != current:
        raise MergeRefused(f"{old} and {current} cannot be merged")
    moved = {}
    for model, link in links():
        keys = link.merge(old, current)
        if keys:
            moved[model._meta.label] = keys
    try:
        with transaction.atomic():
            alias = PersonAlias.objects.create(
                old_id=old, current_id=current, moved=moved, merged_by=by.pk
            )
    except IntegrityError as error:
        raise MergeRefused(f"{old} was merged by somebody else just now") from error
    record(PERSON_MERGED, by=by, subject=current, details={"other": old})
    return alias


@transaction.atomic
def undo_merge(*, alias: PersonAlias, by: User) -> PersonAlias:
    """Take the two apart: rows that were handed over go back, later ones stay with ``current``."""
    require(by, Permission.PERSON_MERGE)
    alias = PersonAlias.objects.select_for_update().get(pk=alias.pk)
    if alias.undone_at is not None:
        return alias
    for model, link in links():
        link.unmerge(alias.current_id, alias.old_id, alias.moved.get(model._meta.label, []))
    alias.undone_at, alias.undone_by = timezone.now(), by.pk
    alias.save(update_fields=["undone_at", "undone_by"])
    record(PERSON_UNMERGED, by=by, subject=alias.current_id, details={"other": alias.old_id})
    return alias
