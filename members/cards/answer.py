"""What a till is told about a number: until which month it is good, or that it is not.

Nothing else is told, and nothing is told by how long it takes. Every number goes the same way, one that
was made up too: check digits, tags of all keys and one query, and only then is anything decided. The
benchmark ``tests.benchmarks.till`` shows what is left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from members.cards.number import as_typed, is_valid
from members.cards.tags import is_tag
from members.cards.validity import good_until
from members.models import Card, MembershipShare, Term

# Looked up instead of what cannot be a number, so that this costs a query too. No card begins with 0.
NO_NUMBER = "0" * 10
NO_TAG = "A" * 16
_NUMBER = re.compile(r"[0-9]{10}")
_TAG = re.compile(r"[A-Za-z2-7]{16}")


@dataclass(frozen=True)
class Answer:
    """``until`` is the last day; None: not valid, whatever the cause."""

    until: date | None

    @property
    def is_valid(self) -> bool:
        return self.until is not None


def answer_typed(text: str) -> Answer:
    """For a number that was typed or read out; spaces and dashes do not matter."""
    number = as_typed(text)
    return _answer(number, NO_TAG, tag_needed=False)


def answer_scanned(code: str) -> Answer:
    """For what stands behind ``/c/`` in the address of a QR code: the number, a full stop, the tag."""
    number, _stop, tag = code.partition(".")
    return _answer(number, tag, tag_needed=True)


def _answer(number: str, tag: str, *, tag_needed: bool) -> Answer:
    asked = number if _NUMBER.fullmatch(number) else NO_NUMBER
    good = asked == number and is_valid(asked)
    tag_is_good = is_tag(asked, tag if _TAG.fullmatch(tag) else NO_TAG)
    good &= tag_is_good or not tag_needed
    until = _known_until(asked)
    if not good or until is None or until < timezone.localdate():
        return Answer(None)
    return Answer(until)


def _known_until(number: str) -> date | None:
    """Until when the card of this number is good, by its own state and its membership's. One query."""
    counting = Term.objects.filter(membership=OuterRef("membership"), voided_at=None)
    sharing = MembershipShare.objects.filter(
        membership=OuterRef("membership"), person=OuterRef("person"), until=None
    )
    found = (
        Card.objects.filter(number=number)
        .annotate(
            ends_on=Subquery(
                counting.values("membership").annotate(day=Max("ends_on")).values("day")
            ),
            theirs=Q(person=F("membership__person")) | Exists(sharing),
        )
        .values_list("state", "membership__stored", "ends_on", "theirs")
        .first()
    )
    state, stored, ends_on, theirs = found or (Card.State.REVOKED, "", None, False)
    until = good_until(stored, ends_on)
    return until if state in Card.GOOD and theirs else None
