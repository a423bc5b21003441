"""Offers that fit, nearest or likeliest first: four queries, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchRank
from django.db import connection
from django.db.models import Case, Count, F, FloatField, Func, QuerySet, Value, When
from django.utils import timezone
from rapidfuzz.distance import OSA

from directory.nearby import Position
from directory.search.ranking import Miles
from directory.search.spelling import mistakes_allowed
from directory.search.words import FAINT, MOST_WORDS, words_of
from members.offers.models import OfferVersion
from members.offers.search.index import CONFIG

ON_A_PAGE = 10
LAST_PAGE = 1_000


@dataclass(frozen=True)
class OfferQuery:
    """What somebody looks for. ``day`` is the weekday on which it must hold; ``None`` for any."""

    words: str = ""
    near: Position | None = None
    within: float | None = None
    categories: tuple[str, ...] = ()
    day: int | None = None
    page: int = 1
    on: date = field(default_factory=timezone.localdate)


@dataclass
class Found:
    """One page of what fits, and how many there are of each kind of shop."""

    query: OfferQuery
    versions: list[OfferVersion]
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


def find_offers(query: OfferQuery) -> Found:
    """One page of the offers that fit. Never raises on anything that people type."""
    words = _words(query.words)
    for match, widened, meant in _ways_to_match(words):
        found = matching(query, match)
        counts = _by_category(found)
        if counts or match is None:
            return _page(query, found, counts, widened=widened, meant=meant)
    return Found(query, [], 0, {}, 1)


def all_offers(query: OfferQuery) -> list[OfferVersion]:
    """Everything that fits, for paper."""
    words = _words(query.words)
    for match, _widened, _meant in _ways_to_match(words):
        found = list(_of_categories(matching(query, match), query))
        if found or match is None:
            return found
    return []


def matching(query: OfferQuery, match: Any) -> QuerySet[OfferVersion]:
    """On show on that day and within the distance, in order; of every kind of shop."""
    rows: Any = OfferVersion.objects.shown(query.on).select_related("offer__shop")
    if query.day is not None:
        rows = rows.on_weekday(query.day)
    score: Any = Value(1.0, output_field=FloatField())
    if match is not None:
        rows = rows.filter(offer__shop__vector=match)
        score = SearchRank(F("offer__shop__vector"), match)
    miles: Any = Value(None, output_field=FloatField())
    if query.near is not None:
        # A shop whose postcode nobody knows is at no distance: SQL's least() would call it the farthest.
        miles = Case(
            When(
                offer__shop__latitude__isnull=False,
                then=Miles(query.near, _array("latitude"), _array("longitude")),
            ),
            output_field=FloatField(),
        )
    rows = rows.annotate(miles=miles, score=score)
    if query.near is not None and query.within is not None:
        rows = rows.filter(miles__lte=query.within)
    order = [F("miles").asc(nulls_last=True), "-score"] if query.near is not None else ["-score"]
    return rows.order_by(*order, "offer__shop__sort_key", "offer__created_at", "offer_id")


def _array(column: str) -> Func:
    return Func(F(f"offer__shop__{column}"), template="ARRAY[%(expressions)s]::float8[]")


def _words(text: str) -> list[str]:
    """The words that count; words of asking only where there are no others."""
    words = words_of(text)[:MOST_WORDS]
    return [word for word in words if word not in FAINT] or words


def _ways_to_match(words: list[str]) -> Iterable[tuple[Any, bool, str]]:
    """All the words, what was probably meant, some of the words."""
    if not words:
        yield None, False, ""
        return
    yield _all_or_any(words, and_), False, ""
    corrected = _corrected(words)
    if corrected != words:
        yield _all_or_any(corrected, and_), False, " ".join(corrected)
    if len(words) > 1:
        yield _all_or_any(corrected, or_), True, ""


def _all_or_any(words: list[str], joined: Any) -> SearchQuery | CombinedSearchQuery:
    return reduce(joined, [SearchQuery(word, config=CONFIG, search_type="plain") for word in words])


def _corrected(words: list[str]) -> list[str]:
    """Each word that no shop holds, as the nearest that one does; asked only when nothing was found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM ts_stat('SELECT vector FROM members_shop')")
        known = {row[0] for row in cursor.fetchall()}
    return [_nearest(word, known) for word in words]


def _nearest(word: str, known: set[str]) -> str:
    allowed = mistakes_allowed(word)
    if not allowed or word in known:
        return word
    # A stem is shorter than its word: the ending that was cut off is no mistake.
    near = [
        (OSA.distance(word[: len(stem)] if word[-3:] != stem[-3:] else word, stem), stem)
        for stem in known
        if len(stem) >= len(word) - 3 and len(stem) >= 3 and stem[0] == word[0]
    ]
    best = min(near, default=(99, word))
    return best[1] if best[0] <= allowed else word


def _by_category(rows: QuerySet[OfferVersion]) -> dict[str, int]:
    counted = rows.order_by().values("offer__shop__category").annotate(n=Count("pk"))
    return {row["offer__shop__category"]: row["n"] for row in counted}


def _of_categories(rows: QuerySet[OfferVersion], query: OfferQuery) -> QuerySet[OfferVersion]:
    return rows.filter(offer__shop__category__in=query.categories) if query.categories else rows


def _page(
    query: OfferQuery,
    rows: QuerySet[OfferVersion],
    counts: dict[str, int],
    *,
    widened: bool,
    meant: str,
) -> Found:
    wanted = query.categories
    total = sum(n for code, n in counts.items() if not wanted or code in wanted)
    last = max(1, -(-total // ON_A_PAGE))
    page = min(max(1, query.page), last)
    start = (page - 1) * ON_A_PAGE
    versions = list(_of_categories(rows, query)[start : start + ON_A_PAGE]) if total else []
    return Found(query, versions, total, counts, page, widened=widened, meant=meant)
