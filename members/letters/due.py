"""Who is due a letter, and in which way it reaches them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from dcsn.printing import PrintSize
from members.models import (
    ContactBy,
    Format,
    Letter,
    LetterKind,
    Membership,
    Person,
    SafetyFlag,
    Term,
)

# A renewal is told this long before the end: time for a cheque by post, or to ask for the safety net.
RENEW_BEFORE = timedelta(weeks=6)
# Later than this nobody is greeted as new, nor told that it has run out.
WELCOME_WITHIN = timedelta(days=60)
LAPSED_WITHIN = timedelta(days=92)
# For these a printed letter is no answer; somebody tells them as they need it.
NOT_IN_PRINT = frozenset({Format.EASY_READ, Format.BSL, Format.INTERPRETER, Format.PHONE_ONLY})


@dataclass(frozen=True)
class Reach:
    """How a letter gets to somebody."""

    way: Letter.Way
    why_by_hand: str = ""


def due(kind: str, on: date) -> QuerySet[Any]:
    """The memberships to be told, with the ``due_term`` that the letter is about.

    Not those who do not want to be contacted, nor who were told before about this term.
    """
    counting = Term.objects.filter(membership=OuterRef("pk"), voided_at=None)
    term = counting.order_by("starts_on" if kind == LetterKind.WELCOME else "-ends_on", "id")
    found = (
        Membership.objects.live()
        .filter(stored="", person__erased_at=None, person__merged_at=None, person__isnull=False)
        .exclude(person__contact_by=ContactBy.NOT_AT_ALL)
        .with_dates()
        .annotate(due_term=Subquery(term.values("pk")[:1]))
    )
    told = Letter.objects.filter(membership=OuterRef("pk"), kind=kind)
    if kind == LetterKind.WELCOME:
        # One welcome in a lifetime of membership, whatever becomes of its terms; none for whoever goes on
        # with what another has left (``members.actions.handing_over``).
        left_by = Membership.objects.filter(pk=OuterRef("source_id"))
        heirs = counting.filter(Exists(left_by), source=Term.Source.GIFT)
        return found.filter(
            ~Exists(told),
            ~Exists(heirs),
            joined_on__range=(on - WELCOME_WITHIN, on),
            last_day__gte=on,
        )
    told = told.filter(term=OuterRef("due_term"))
    if kind == LetterKind.RENEWAL:
        return found.filter(~Exists(told), last_day__range=(on, on + RENEW_BEFORE))
    return found.filter(~Exists(told), last_day__range=(on - LAPSED_WITHIN, on - timedelta(days=1)))


def left_alone(kind: str, on: date) -> int:
    """How many would be due one but have asked not to be contacted."""
    first, last = {
        LetterKind.WELCOME: (on, on + timedelta(days=3650)),
        LetterKind.RENEWAL: (on, on + RENEW_BEFORE),
        LetterKind.LAPSED: (on - LAPSED_WITHIN, on - timedelta(days=1)),
    }[LetterKind(kind)]
    found = (
        Membership.objects.live()
        .filter(stored="", person__contact_by=ContactBy.NOT_AT_ALL)
        .with_dates()
        .filter(last_day__range=(first, last))
    )
    if kind == LetterKind.WELCOME:
        found = found.filter(joined_on__range=(on - WELCOME_WITHIN, on))
    return found.count()


def flagged(people: Collection[UUID]) -> set[UUID]:
    """Those with whom contact itself may do harm. Which flag it is, nobody learns here."""
    return set(
        SafetyFlag.objects.in_force()
        .filter(person__in=people, kind__in=SafetyFlag.ON_CONTACT)
        .values_list("person_id", flat=True)
    )


def reach(person: Person, *, is_flagged: bool) -> Reach:
    """As they chose; by hand where a letter that leaves by itself could do harm, or no good."""
    if is_flagged or person.safe_contact_note:
        return Reach(Letter.Way.BY_HAND, Letter.Why.ASK_FIRST)
    if NOT_IN_PRINT & set(person.formats):
        return Reach(Letter.Way.BY_HAND, Letter.Why.ANOTHER_FORMAT)
    if person.contact_by == ContactBy.EMAIL and person.email:
        return Reach(Letter.Way.EMAIL)
    if not (person.address_1 and person.postcode):
        if person.email and not person.contact_by:
            return Reach(Letter.Way.EMAIL)
        return Reach(Letter.Way.BY_HAND, Letter.Why.NO_ADDRESS)
    return Reach(Letter.Way.POST)


def size_for(person: Person) -> PrintSize:
    return PrintSize(person.print_size or PrintSize.LARGE)


def overtaken(letters: Collection[UUID]) -> list[UUID]:
    """Of these letters, those that say what is no longer so: renewed, ended, or nobody to write to."""
    counting = Term.objects.filter(membership=OuterRef("membership"), voided_at=None)
    rows = Letter.objects.filter(pk__in=letters).annotate(
        latest=Subquery(counting.order_by("-ends_on", "id").values("pk")[:1])
    )
    gone = (
        ~Q(membership__stored="")
        | Q(membership__person=None)
        | Q(membership__person__erased_at__isnull=False)
        | Q(membership__person__contact_by=ContactBy.NOT_AT_ALL)
        | Q(term__voided_at__isnull=False)
        | ~Q(kind=LetterKind.WELCOME) & ~Q(latest=F("term"))
    )
    return list(rows.filter(gone).values_list("pk", flat=True))
