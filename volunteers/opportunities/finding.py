"""Roles that fit what somebody looks for: six queries, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchQuery,
    SearchRank,
    SearchVector,
)
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import ASin, Coalesce, Cos, Least, Power, Radians, Sin, Sqrt
from rapidfuzz.distance import OSA

from directory.nearby import Position
from directory.search.spelling import mistakes_allowed
from directory.search.words import FAINT, MOST_WORDS, words_of
from volunteers.models import Interest, Opportunity, OpportunityTime

ON_A_PAGE = 10
CONFIG = "english"
EARTH_MILES = 3958.76


@dataclass(frozen=True)
class RoleQuery:
    """What somebody looks for. ``days`` are ISO weekdays on which they are free; none for any."""

    words: str = ""
    near: Position | None = None
    within: float | None = None
    kinds: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    free_from: time | None = None
    free_to: time | None = None
    page: int = 1

    @property
    def asks_when(self) -> bool:
        return bool(self.days or self.free_from or self.free_to)


@dataclass
class Found:
    """One page of what fits, and how many there are of each kind."""

    query: RoleQuery
    roles: list[Opportunity]
    total: int
    counts: dict[str, int]
    page: int
    # Nothing holds all the words, so these hold some; or they hold what was probably meant.
    widened: bool = False
    meant: str = ""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ON_A_PAGE))

    @property
    def first_number(self) -> int:
        return (self.page - 1) * ON_A_PAGE + 1


def with_facts(rows: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """With everything that a list, a page or a sheet says of a role."""
    return rows.select_related("organisation", "location").prefetch_related(
        "times", "interests", "location__addresses", "location__access_facts"
    )


def find_roles(query: RoleQuery) -> Found:
    """One page of the roles that fit. Never raises on anything that people type."""
    for match, widened, meant in _ways_to_match(query.words):
        rows = matching(query, match)
        counts = {
            row["kind"]: row["n"] for row in rows.order_by().values("kind").annotate(n=Count("pk"))
        }
        if counts or match is None:
            return _page(query, rows, counts, widened=widened, meant=meant)
    return Found(query, [], 0, {}, 1)


def all_roles(query: RoleQuery, most: int) -> list[Opportunity]:
    """Everything that fits, for paper."""
    for match, _widened, _meant in _ways_to_match(query.words):
        found = list(with_facts(_of_kinds(matching(query, match), query))[:most])
        if found or match is None:
            return found
    return []


def matching(query: RoleQuery, match: Any) -> QuerySet[Opportunity]:
    """Open, within the distance and when they are free, in order; of every kind."""
    rows: Any = Opportunity.objects.public()
    score: Any = Value(1.0, output_field=FloatField())
    if match is not None:
        rows = rows.annotate(vector=_vector()).filter(vector=match)
        score = SearchRank(F("vector"), match)
    if query.asks_when:
        rows = rows.filter(Q(flexible=True) | Exists(_times_within(query)))
    miles: Any = Value(None, output_field=FloatField())
    if query.near is not None:
        miles = Case(When(_HAS_POSITION, then=_miles_from(query.near)), output_field=FloatField())
    rows = rows.annotate(miles=miles, score=score)
    if query.near is not None and query.within is not None:
        # What is done from home is near everybody.
        rows = rows.filter(Q(miles__lte=query.within) | Q(where=Opportunity.Where.HOME))
    order = [F("miles").asc(nulls_last=True), "-score"] if query.near is not None else ["-score"]
    return rows.order_by(*order, "sort_key", "id")


def _times_within(query: RoleQuery) -> QuerySet[OpportunityTime]:
    """Times that lie wholly in the hours in which they are free."""
    times = OpportunityTime.objects.filter(opportunity=OuterRef("pk"))
    if query.days:
        times = times.filter(weekday__in=query.days)
    if query.free_from:
        times = times.filter(starts__gte=query.free_from)
    if query.free_to:
        # 00:00 is the midnight at the end of the day, later than anything.
        times = times.filter(ends__lte=query.free_to).exclude(ends=time(0))
    return times


# Where a role is done from home, or at a place that is kept confidential, there is no distance to say.
_HAS_POSITION = Q(
    where=Opportunity.Where.PLACE,
    location__latitude__isnull=False,
    location__is_confidential=False,
)


def _miles_from(here: Position) -> Any:
    """The haversine formula, in the database: the same as the directory's lists."""
    latitude, longitude = F("location__latitude"), F("location__longitude")
    inside = Power(Sin(Radians(latitude - here.latitude) / 2.0), 2.0) + Cos(
        Radians(Value(here.latitude))
    ) * Cos(Radians(latitude)) * Power(Sin(Radians(longitude - here.longitude) / 2.0), 2.0)
    return Value(2 * EARTH_MILES) * ASin(
        Least(Value(1.0), Sqrt(inside, output_field=FloatField()), output_field=FloatField())
    )


def _vector() -> Any:
    interests = (
        Interest.objects.filter(opportunities=OuterRef("pk"))
        .order_by()
        .values("opportunities")
        .annotate(names=StringAgg("name", " "))
        .values("names")
    )
    return (
        SearchVector("name", weight="A", config=CONFIG)
        + SearchVector("summary", "organisation__name", weight="B", config=CONFIG)
        + SearchVector(
            Coalesce(
                Subquery(interests, output_field=TextField()),
                Value(""),
                output_field=TextField(),
            ),
            weight="B",
            config=CONFIG,
        )
        + SearchVector("what", "support", weight="C", config=CONFIG)
    )


def _ways_to_match(text: str) -> Iterable[tuple[Any, bool, str]]:
    """All the words, what was probably meant, some of the words."""
    typed = words_of(text)[:MOST_WORDS]
    words = [word for word in typed if word not in FAINT] or typed
    if not words:
        yield None, False, ""
        return
    yield _joined(words, and_), False, ""
    corrected = _corrected(words)
    if corrected != words:
        yield _joined(corrected, and_), False, " ".join(corrected)
    if len(words) > 1:
        yield _joined(corrected, or_), True, ""


def _joined(words: list[str], by: Any) -> SearchQuery | CombinedSearchQuery:
    return reduce(by, [SearchQuery(word, config=CONFIG, search_type="plain") for word in words])


def _corrected(words: list[str]) -> list[str]:
    """Each word that no role holds, as the nearest that one does; asked only when nothing was found."""
    known: set[str] = set()
    for said in Opportunity.objects.public().values_list("name", "summary", "what"):
        known.update(words_of(" ".join(said)))
    known.update(words_of(" ".join(Interest.objects.offered().values_list("name", flat=True))))
    return [_nearest(word, known) for word in words]


def _nearest(word: str, known: set[str]) -> str:
    allowed = mistakes_allowed(word)
    if not allowed or word in known:
        return word
    near = [(OSA.distance(word, other), other) for other in known if other[0] == word[0]]
    best = min(near, default=(99, word))
    return best[1] if best[0] <= allowed else word


def _of_kinds(rows: QuerySet[Opportunity], query: RoleQuery) -> QuerySet[Opportunity]:
    return rows.filter(kind__in=query.kinds) if query.kinds else rows


def _page(
    query: RoleQuery,
    rows: QuerySet[Opportunity],
    counts: dict[str, int],
    *,
    widened: bool,
    meant: str,
) -> Found:
    wanted = query.kinds
    total = sum(n for kind, n in counts.items() if not wanted or kind in wanted)
    page = min(max(1, query.page), max(1, -(-total // ON_A_PAGE)))
    start = (page - 1) * ON_A_PAGE
    some = _of_kinds(rows, query)[start : start + ON_A_PAGE]
    roles = list(with_facts(some)) if total else []
    return Found(query, roles, total, counts, page, widened=widened, meant=meant)
