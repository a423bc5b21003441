"""Which memberships a page of the roll shows: filters in SQL, words by what they look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from dcsn.references import normal_reference
from directory.models.identity import sort_key_of
from members.cards.number import as_typed
from members.finding import Typed, find_people
from members.models import Concession, Membership, Status
from members.models.membership import MembershipQuerySet

# Of a name: more are read by nobody; the words are to be made fuller then.
MOST_OF_A_NAME = 100
_REFERENCE = re.compile(r"m[\s-]*(?:[a-z0-9][\s-]*){8}", re.IGNORECASE)
_CARD = re.compile(r"[0-9]{10}")
# What the officer may ask for and nobody else: the list itself never says it.
FREE, PAYING = "free", "paying"


@dataclass(frozen=True)
class Wanted:
    """What was chosen; everything empty for the whole roll."""

    words: str = ""
    plan: UUID | None = None
    status: str = ""
    ends_within: int | None = None
    organisation: UUID | None = None
    by: str = ""


def memberships(user: Any, wanted: Wanted, today: date) -> MembershipQuerySet:
    """Those that ``user`` may see and ``wanted`` asks for, by name, with status and last day.

    The status follows from the dates whenever it is asked for, so no job has to keep a column right over
    night. It is filtered by in the database (``of_status``), where page and count are one query each and
    an index of last days answers; the status that is shown (``with_status``) is worked out for the fifty
    rows of the page alone.
    """
    rows = (
        Membership.objects.visible_to(user)
        .filter(person__isnull=False)
        .with_status(today)
        .select_related("person", "plan", "organisation")
        .order_by("person__sort_key", "id")
    )
    if wanted.plan:
        rows = rows.filter(plan_id=wanted.plan)
    if wanted.organisation:
        rows = rows.filter(organisation_id=wanted.organisation)
    if wanted.status:
        rows = rows.of_status(wanted.status, today)
    if wanted.ends_within is not None:
        rows = rows.ending(today, today + timedelta(days=wanted.ends_within))
    if wanted.by:
        rows = _by_source(rows, wanted.by)
    if wanted.words.strip():
        rows = rows.filter(_named(user, wanted.words.strip()))
    return rows


def _by_source(rows: MembershipQuerySet, by: str) -> MembershipQuerySet:
    free = Concession.objects.filter(state=Concession.State.GRANTED).values("membership_id")
    return rows.filter(pk__in=free) if by == FREE else rows.exclude(pk__in=free)


def _named(user: Any, words: str) -> Q:
    """A card's number, a reference, or a name: whichever the words look like."""
    digits = as_typed(words)
    if _CARD.fullmatch(digits):
        # A card that was lost leads to its member too: that is why somebody reads it out.
        return Q(cards__number=digits)
    if _REFERENCE.fullmatch(words):
        return Q(reference=normal_reference(words))
    found = [
        match.person.id
        for match in find_people(user, Typed.from_text(words), most=MOST_OF_A_NAME).own
    ]
    shared = Q(
        pk__in=Membership.objects.filter(shares__person_id__in=found, shares__until=None).values(
            "pk"
        )
    )
    named = Q(person_id__in=found) | shared
    # Somebody may be on record at another desk and a member here: what begins like it is found, too.
    key = sort_key_of(words)
    return named | Q(person__sort_key__startswith=key) if len(key) > 2 else named


def statuses() -> list[tuple[str, str]]:
    return [(status.value, str(status.label)) for status in Status]
