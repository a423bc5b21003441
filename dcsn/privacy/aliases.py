"""From the id of a merged record to the person's current one, and back to all of them."""

from __future__ import annotations

from uuid import UUID

from dcsn.privacy.models import PersonAlias


def current_id_of(person: UUID) -> UUID:
    """The record that this one was merged into, over any number of merges; else itself."""
    seen = {person}
    while True:
        found = (
            PersonAlias.objects.filter(old_id=person, undone_at=None)
            .values_list("current_id", flat=True)
            .first()
        )
        if found is None or found in seen:
            return person
        seen.add(found)
        person = found


def all_ids_of(person: UUID) -> list[UUID]:
    """The person's current id first, then those of every record that was merged into it."""
    ids = [current_id_of(person)]
    found = list(ids)
    while found:
        found = [
            old
            for old in PersonAlias.objects.filter(current_id__in=found, undone_at=None).values_list(
                "old_id", flat=True
            )
            if old not in ids
        ]
        ids += found
    return ids
