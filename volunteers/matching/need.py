"""An open request as matching sees it: what has to be met, and what would be good."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from volunteers.availability import Span

HALF_AN_HOUR = timedelta(minutes=30)
# Of a request that says only "some morning next week": more would make no better suggestion.
MOST_VISITS = 40


@dataclass(frozen=True)
class Place:
    """Degrees, WGS84."""

    latitude: float
    longitude: float


class PreferenceKind(StrEnum):
    """What somebody may ask for about who comes. The list is short on purpose."""

    GENDER = "gender"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Preference:
    """Who comes has to be so, because it is lawful and necessary for what is done.

    ``name`` is how it is said ("a woman", "speaks Polish"); ``reason`` is why it is needed, in the
    words of whoever decided that.

    :raises ValueError: without a reason: a wish that nobody can give a reason for is not a rule.
    """

    kind: PreferenceKind
    value: str
    name: str
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a preference about who comes needs its reason")


@dataclass(frozen=True)
class Need:
    """One request for one volunteer. Ids of one kind must sort; anything ``Hashable`` otherwise.

    ``visits`` are the times that would do, any one of them (see :func:`visits_within`); the
    earliest that costs least is suggested. ``later`` are the further visits of help that goes on,
    week by week (then there is one time to choose): nobody is asked who is somewhere else at one of
    them. ``place`` is ``None`` for help that needs no travel.
    ``checks``, ``skills`` and ``interests`` go from a code to what people call it. ``not_with``,
    ``said_no`` and ``helped_before_by`` hold ids of volunteers: those whom this person will not
    have, who turned this request down or let it lapse, and who helped this person and were fine.
    ``proposes_time``: the request has no time of its own, so the visits are only proposals.

    :raises ValueError: when no visit is given, their lengths differ, or help that goes on has several
        times to choose from.
    """

    id: Any
    organisation: Hashable
    person: Hashable
    visits: tuple[Span, ...]
    asked_on: date
    later: tuple[Span, ...] = ()
    kind: Hashable = None
    place: Place | None = None
    needs_car: bool = False
    minimum_age: int = 0
    checks: Mapping[Hashable, str] = field(default_factory=dict)
    skills: Mapping[Hashable, str] = field(default_factory=dict)
    interests: Mapping[Hashable, str] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()
    not_with: frozenset[Any] = field(default_factory=frozenset)
    said_no: frozenset[Any] = field(default_factory=frozenset)
    helped_before_by: frozenset[Any] = field(default_factory=frozenset)
    urgent: bool = False
    proposes_time: bool = False

    def __post_init__(self) -> None:
        if not self.visits:
            raise ValueError("a request has at least one time that would do")
        if len({visit.minutes for visit in self.visits}) > 1:
            raise ValueError("the times of one request are equally long")
        if self.later and len(self.visits) > 1:
            raise ValueError("help that goes on has one time")

    def all_of(self, visit: Span) -> tuple[Span, ...]:
        """The visit and those that follow it."""
        return (visit, *self.later)

    @property
    def minutes(self) -> int:
        """How long the visit takes."""
        return self.visits[0].minutes


def visits_within(spans: Iterable[Span], minutes: int) -> tuple[Span, ...]:
    """The visits of ``minutes`` that begin on the half hours from the start of each of ``spans``.

    "Tuesday or Thursday, some time between two and five, for an hour" makes ten. At most
    ``MOST_VISITS``, the earliest; a span that is too short makes none.
    """
    length = timedelta(minutes=minutes)
    found: list[Span] = []
    for span in sorted(spans):
        begins = span.starts_at
        while begins + length <= span.ends_at and len(found) < MOST_VISITS:
            found.append(Span(begins, begins + length))
            begins += HALF_AN_HOUR
    return tuple(dict.fromkeys(found))
