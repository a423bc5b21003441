"""Who belongs to a person, as somebody may see it: ties, and who lives with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from dcsn.access import Permission, can
from members.models import Person, Relationship
from members.models.relations import Tie

if TYPE_CHECKING:
    from dcsn.accounts.models import User


@dataclass(frozen=True)
class ShownTie:
    """One tie on a page. ``other`` is ``None`` where the reader may not know who it is."""

    tie: Tie
    other: Person | None


@dataclass(frozen=True)
class Circle:
    """``hidden`` of those they live with are on record at an access point the reader does not see."""

    ties: tuple[ShownTie, ...]
    household: tuple[Person, ...]
    hidden: int

    @property
    def ids(self) -> list[UUID]:
        """Whose names are shown, for the audit trail."""
        shown = [one.other.pk for one in self.ties if one.other is not None]
        return sorted({*shown, *(one.pk for one in self.household)})

    @property
    def lives_with_somebody(self) -> bool:
        return bool(self.household or self.hidden)

    def __bool__(self) -> bool:
        return bool(self.ties or self.lives_with_somebody)


def circle_of(user: User, person: Person, ids: Iterable[UUID] | None = None) -> Circle:
    """The same few queries, however many belong to them; ``ids`` as for ``ties_of``."""
    ties = tuple(
        ShownTie(tie, tie.other if can(user, Permission.PERSON_VIEW, tie.other) else None)
        for tie in Relationship.objects.ties_of(person, ids)
    )
    living: list[Person] = []
    if person.household_id is not None:
        living = list(
            Person.objects.known().filter(household=person.household_id).exclude(pk=person.pk)
        )
    seen = [one for one in living if can(user, Permission.PERSON_VIEW, one)]
    return Circle(ties=ties, household=tuple(seen), hidden=len(living) - len(seen))
