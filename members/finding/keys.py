"""The keys by which a person is found, and the keys that somebody's typing asks for.

===  =======================================  =====================================================
``n``  ``n:thomson``, ``n:thomon``, …         each word of each name, and it with one letter left out
``m``  ``m:TMSN``                             how it sounds
``p``  ``p:margaret``                         what a pet name or spelling stands for
``b``  ``b:1941-04-03``, ``b:1941-04``,        date of birth, and it with day, month or year left out;
       ``b:1941--03``, ``b:04-03``, ``b:1941`` the year
``c``  ``c:DL3 7XX``                          postcode
``s``  ``s:DL3 7``                            its sector
``t``, ``e``                                  phone number, e-mail address
===  =======================================  =====================================================

One row a person holds all of them in an array with a GIN index (as docs/decisions/0024 does for facts):
"any of these forty" is then one index scan, and an erasure or a merge is one row.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db import transaction

from dcsn.privacy.models import PersonAlias
from members.finding.names import sound_of, with_one_letter_left_out
from members.finding.pet_names import registered_as
from members.finding.typed import Born, OtherNames, Typed
from members.models import OtherName, Person, PersonKeys

BATCH = 1_000
_LONGEST = 40
# What each kind of key weighs when the candidates are too many to be compared one by one. An equal name
# also shares the keys of all its shorter forms.
WEIGHTS = {"n": 1, "m": 2, "p": 4, "b": 5, "c": 8, "s": 1, "t": 12, "e": 12}


def name_keys(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        for form in with_one_letter_left_out(word):
            yield f"n:{form}"
        if sound := sound_of(word):
            yield f"m:{sound}"
        for formal in registered_as(word):
            yield f"p:{formal}"


def _joined(*names: tuple[str, ...]) -> Iterator[str]:
    """ "Mary Ann" is "Maryann" to others, and "Mac Donald" "MacDonald"."""
    for name in names:
        for one, next_one in pairwise(name):
            yield one + next_one


def _date_keys(day: date) -> Iterator[str]:
    yield f"b:{day:%Y-%m-%d}"
    yield f"b:{day:%Y-%m}"
    yield f"b:{day:%Y}--{day:%d}"
    yield f"b:{day:%m-%d}"


def _evidence_keys(typed: Typed) -> Iterator[str]:
    if " " in typed.postcode and len(typed.postcode.split()[1]) == 3:
        yield f"c:{typed.postcode}"
    if typed.phone:
        yield f"t:{typed.phone}"
    if typed.email:
        # Shortened so that it fits, and so that the index is no list of addresses.
        yield f"e:{hashlib.sha256(typed.email.encode()).hexdigest()[:24]}"


def keys_of(typed: Typed) -> list[str]:
    """Everything by which somebody with these facts is to be found."""
    found = {
        *name_keys(typed.all_words),
        *name_keys(_joined(typed.given, typed.family, *typed.former)),
        *_evidence_keys(typed),
    }
    if day := typed.born.whole:
        found.update(_date_keys(day))
        found.add(f"b:{day:%Y}")
    if len(typed.postcode) > 4 and " " in typed.postcode:
        found.add(f"s:{typed.postcode[:-2]}")
    return sorted(key[:_LONGEST] for key in found)


def keys_to_look_for(typed: Typed) -> list[str]:
    """What to ask the index for. A year, a month or half a postcode find somebody only when nothing
    better was typed: they are thousands; with a name they count when candidates are compared."""
    found = {
        *name_keys(typed.all_words),
        *name_keys(_joined(typed.words, typed.given, typed.family, *typed.former)),
        *_evidence_keys(typed),
    }
    if day := typed.born.whole:
        found.update(_date_keys(day))
        if swapped := typed.born.swapped:
            found.add(f"b:{swapped:%Y-%m-%d}")
    if not found:
        found.update(_broad_keys(typed.born, typed.postcode))
    return sorted(key[:_LONGEST] for key in found)


def _broad_keys(born: Born, postcode: str) -> Iterator[str]:
    if born.year:
        yield f"b:{born.year}-{born.month:02}" if born.month else f"b:{born.year}"
    elif postcode.count(" ") == 1 and len(postcode.split()[1]) == 1:
        yield f"s:{postcode}"


# --- Writing ----------------------------------------------------------------------------------------


def other_names(people: Iterable[UUID], *, apart: UUID | None = None) -> dict[UUID, OtherNames]:
    """By id: earlier and other names, and the names of records that were merged into theirs.

    ``apart`` is a record that is being taken out of another, and counts as merged no more.

    Two queries, and two more for each layer of merged records, of which there is seldom one.
    """
    ids = list(people)
    found: dict[UUID, OtherNames] = defaultdict(OtherNames)
    current = {identifier: identifier for identifier in ids}
    layer = ids
    while layer:
        aliases = PersonAlias.objects.filter(current_id__in=layer, undone_at=None).values_list(
            "old_id", "current_id"
        )
        layer = []
        for old, now in aliases:
            if old not in current and old != apart:
                current[old] = current[now]
                layer.append(old)
    merged = [identifier for identifier in current if identifier not in set(ids)]
    if merged:
        for person in Person.objects.filter(id__in=merged, erased_at=None):
            found[current[person.id]].add(person.given_name, person.family_name, person.known_as)
    for name in OtherName.objects.filter(person__in=current):
        found[current[name.person_id]].add(name.given_name, name.family_name)
    return found


@transaction.atomic
def write_keys(*people: UUID, apart: UUID | None = None) -> int:
    """Write the keys of these people anew; of whoever is erased, merged away or unknown there are none."""
    others = other_names(people, apart=apart)
    rows = [
        PersonKeys(person=person, keys=keys_of(Typed.of_person(person, others.get(person.id))))
        for person in Person.objects.known().filter(id__in=people)
    ]
    PersonKeys.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["keys", "compared_at"],
    )
    kept = {row.person_id for row in rows}
    PersonKeys.objects.filter(person__in=[p for p in people if p not in kept]).delete()
    return len(rows)


def rebuild_keys() -> int:
    """All of them, a thousand people at a time; for after an import or a change of the rules."""
    ids = list(Person.objects.known().order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        write_keys(*ids[start : start + BATCH])
    PersonKeys.objects.exclude(person__in=Person.objects.known()).delete()
    return len(ids)
