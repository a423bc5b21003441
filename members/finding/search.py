"""Finding people by what somebody typed: one's own in full, other access points' masked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from members.finding.agreements import partners_of
from members.finding.candidates import Where, candidates
from members.finding.keys import keys_to_look_for, other_names
from members.finding.scoring import (
    ENOUGH_TO_SHOW_MASKED,
    STRONG,
    WORTH_A_LINE,
    Described,
    Score,
    score,
)
from members.finding.typed import OtherNames, Typed
from members.models import Consent, Person, Purpose, SafetyFlag
from members.wordings import SEEN_HERE_ONLY

MOST_SHOWN = 25
MOST_MASKED = 5
_POSSIBLE = 8.0


@dataclass(frozen=True)
class Match:
    """Somebody who may be meant."""

    person: Person
    score: Score
    other_names: tuple[str, ...] = ()

    @property
    def is_strong(self) -> bool:
        return self.score.is_strong

    @property
    def likelihood(self) -> str | Promise:
        if self.score.is_strong:
            return _("Very likely")
        if self.score.weight >= _POSSIBLE:
            return _("Perhaps")
        return _("Something alike")

    @property
    def reasons(self) -> list[str | Promise]:
        return self.score.reasons

    @property
    def doubts(self) -> list[str | Promise]:
        return self.score.doubts


@dataclass(frozen=True)
class MaskedMatch:
    """Somebody whom another access point knows, as little as lets one tell whether they are meant.

    No reasons: "same date of birth" would let somebody try dates until one is right.
    """

    person_id: UUID
    initials: str
    birth_year: int | None
    postcode_sector: str
    organisation: Organisation
    weight: float

    @classmethod
    def of(cls, person: Person, weight: float = 0.0) -> MaskedMatch:
        names = (person.given_name or person.known_as, person.family_name)
        return cls(
            person_id=person.id,
            initials=" ".join(f"{name.strip()[0].upper()}." for name in names if name.strip()),
            birth_year=person.date_of_birth.year if person.date_of_birth else None,
            postcode_sector=person.postcode[:-2] if len(person.postcode) > 4 else "",
            organisation=person.organisation,
            weight=weight,
        )


@dataclass(frozen=True)
class Found:
    """What a search found. ``own`` and ``elsewhere`` are what is shown, the likeliest first."""

    typed: Typed
    own: list[Match]
    elsewhere: list[MaskedMatch]
    more: bool = False

    @cached_property
    def strong(self) -> list[Match]:
        return [match for match in self.own if match.is_strong]

    @property
    def all_strong(self) -> list[Match | MaskedMatch]:
        """Those who are probably the person described, one's own in full and others' masked."""
        return [*self.strong, *(masked for masked in self.elsewhere if masked.weight >= STRONG)]

    @property
    def ids(self) -> list[UUID]:
        """Everybody on the page, for the audit trail."""
        return [m.person.id for m in self.own] + [m.person_id for m in self.elsewhere]

    @property
    def is_nobody(self) -> bool:
        return not (self.own or self.elsewhere)


def where_may_look(user: Any, permission: Permission = Permission.PERSON_VIEW) -> Where:
    """One's own access points; and those under a data-sharing agreement, when one's own is too."""
    scope = scope_of_permission(user, permission)
    if scope.network:
        return Where(everywhere=True, own=frozenset())
    elsewhere: frozenset[UUID] = frozenset()
    opening = scope_of_permission(user, Permission.PERSON_OPEN_ELSEWHERE)
    if opening.organisations:
        elsewhere = partners_of(opening.organisations, timezone.localdate())
    return Where(
        everywhere=False, own=scope.organisations, elsewhere=elsewhere - scope.organisations
    )


def may_be_opened_from(person: Person, organisations: Collection[UUID]) -> bool:
    """Whether staff of these access points may see the person masked, and open them with a reason."""
    if person.organisation_id not in partners_of(organisations, timezone.localdate()):
        return False
    return _shown_elsewhere(Person.objects.filter(pk=person.pk)).exists()


def _shown_elsewhere(people: QuerySet[Person]) -> QuerySet[Person]:
    """Without those of whom no other access point learns anything.

    Somebody hiding from somebody must not be findable from every desk; and what people were told when
    they agreed to be remembered holds until they agree to something else.
    """
    in_danger = SafetyFlag.objects.in_force().filter(
        person=OuterRef("pk"), kind=SafetyFlag.Kind.DOMESTIC_ABUSE
    )
    agreed_to = (
        Consent.objects.filter(person=OuterRef("pk"), purpose=Purpose.REMEMBER, withdraws=None)
        .order_by("-at", "-recorded_at")
        .values("wording")[:1]
    )
    return people.annotate(agreed_to=Subquery(agreed_to)).filter(
        ~Exists(in_danger), Q(agreed_to=None) | ~Q(agreed_to__in=SEEN_HERE_ONLY)
    )


def find_people(
    user: Any, typed: Typed, *, most: int = MOST_SHOWN, without: Collection[UUID] = ()
) -> Found:
    """Ranked near matches for what was typed. Six queries at most; the caller records what was shown."""
    where = where_may_look(user)
    scored = _scored(typed, where, without)
    own = [match for match, is_own in scored if is_own and match.score.best >= WORTH_A_LINE]
    masked = [
        match
        for match, is_own in scored
        if not is_own and match.score.weight >= ENOUGH_TO_SHOW_MASKED
    ]
    return Found(
        typed=typed,
        own=own[:most],
        elsewhere=[
            MaskedMatch.of(match.person, match.score.weight) for match in masked[:MOST_MASKED]
        ],
        more=len(own) > most or len(masked) > MOST_MASKED,
    )


def find_among(typed: Typed, people: QuerySet[Person], *, most: int = MOST_SHOWN) -> Found:
    """The same among people whom the caller may show, wherever they were recorded: for an app above,
    whose staff see some people and not the register. Nobody else is hinted at."""
    scored = [match for match, _own in _scored(typed, Where(True, frozenset()), ())]
    worth = [match for match in scored if match.score.best >= WORTH_A_LINE]
    shown = set(
        people.filter(id__in=[match.person.id for match in worth]).values_list("id", flat=True)
    )
    own = [match for match in worth if match.person.id in shown]
    return Found(typed=typed, own=own[:most], elsewhere=[], more=len(own) > most)


def strong_matches(
    user: Any, typed: Typed, *, without: Collection[UUID] = ()
) -> list[Match | MaskedMatch]:
    """Those who are probably the person described, one's own in full and others' masked."""
    return find_people(user, typed, without=without).all_strong


def _scored(typed: Typed, where: Where, without: Collection[UUID]) -> list[tuple[Match, bool]]:
    """Candidates compared one by one, the likeliest first."""
    near = candidates(keys_to_look_for(typed), where, without=without)
    if not near:
        return []
    people: QuerySet[Person] = Person.objects.filter(id__in=near).select_related("organisation")
    if not all(near.values()):
        own = [identifier for identifier, is_own in near.items() if is_own]
        people = people.filter(
            Q(id__in=own)
            | Q(id__in=_shown_elsewhere(Person.objects.filter(id__in=near)).values("id"))
        )
    others = other_names(near)
    found = []
    for person in people:
        names = others.get(person.id, OtherNames())
        described = Described.of(Typed.of_person(person, names))
        match = Match(person, score(typed, described), tuple(dict.fromkeys(names.family)))
        found.append((match, near[person.id]))
    found.sort(
        key=lambda pair: (-pair[0].score.weight, pair[0].person.sort_key, str(pair[0].person.id))
    )
    return found
