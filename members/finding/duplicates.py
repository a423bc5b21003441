"""Pairs of records that may be one person's, found a few people at a time."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members.finding.candidates import Where, candidates
from members.finding.keys import keys_to_look_for, other_names
from members.finding.scoring import STRONG, Described, score
from members.finding.typed import Typed
from members.models import Person, PersonKeys, PossibleDuplicate

EVERYWHERE = Where(everywhere=True, own=frozenset())
# Of one run: a night's changes of a large network, or a fresh import over several runs.
MOST_AT_ONCE = 5_000


def look_for_duplicates(*, most: int | None = MOST_AT_ONCE) -> int:
    """Hold whoever is new or changed against everybody; how many pairs were found.

    Runs as a task (``members.look_for_duplicates``); what one run leaves the next one takes.
    """
    waiting = PersonKeys.objects.filter(compared_at=None).values_list("person_id", flat=True)
    found = 0
    for person in list(waiting[:most] if most else waiting):
        found += compare_one(person)
    return found


@transaction.atomic
def compare_one(person_id: UUID) -> int:
    """Write down with whom this person may be one; a pair that no longer looks so is dropped unless
    somebody decided about it."""
    keys = PersonKeys.objects.select_for_update().filter(person=person_id).first()
    person = Person.objects.known().filter(id=person_id).first()
    if keys is None or person is None:
        return 0
    alike = strong_pairs(person)
    pairs = {_in_order(person_id, other): weight for other, weight in alike.items()}
    mine = PossibleDuplicate.objects.filter(Q(first=person_id) | Q(second=person_id))
    stale = [
        row.id
        for row in mine.filter(state=PossibleDuplicate.State.OPEN)
        if (row.first_id, row.second_id) not in pairs
    ]
    PossibleDuplicate.objects.filter(id__in=stale).delete()
    PossibleDuplicate.objects.bulk_create(
        [
            PossibleDuplicate(first_id=first, second_id=second, score=round(weight))
            for (first, second), weight in pairs.items()
        ],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score"],
    )
    keys.compared_at = timezone.now()
    keys.save(update_fields=["compared_at"])
    return len(pairs)


def strong_pairs(person: Person) -> dict[UUID, float]:
    """Everybody in the network who is probably this person, and how much speaks for it."""
    mine = Typed.of_person(person, other_names([person.id]).get(person.id))
    near = candidates(keys_to_look_for(mine), EVERYWHERE, without=[person.id])
    others = other_names(near)
    found = {}
    for other in Person.objects.filter(id__in=near):
        theirs = Described.of(Typed.of_person(other, others.get(other.id)))
        weight = score(mine, theirs).weight
        if weight >= STRONG:
            found[other.id] = weight
    return found


def _in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)
