"""The order of results: text × distance × freshness, worked out in SQL so that filters, counts and
pages agree (docs/decisions/0025).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, FloatField, Func, Q, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Round

from directory.models import Service
from directory.models.services import FRESH_FOR, OVERDUE_AFTER
from directory.nearby import Position
from directory.search.facets import OPEN_TO_ALL, WHO, Choices
from directory.search.matching import Match

# Text: PostgreSQL's own rank between 0 and 1 from where the words stand …
WEIGHTS = [0.1, 0.25, 0.6, 1.0]  # D description, C summary, B topics, A names
# … plus these when they hold.
ANYTHING = 0.1  # it matched at all, perhaps by another word for the same thing
ALL_IN_NAME = 1.0  # every word stands in the names
WORD_FOR_WORD = 0.5  # the names hold the words as typed, in that order
WHOLE_NAME = 1.0  # the service is called exactly that
IS_THE_TOPIC = 0.8  # it is about the topic that was recognised

# Distance: what is this many miles away counts half.
HALF_AT_MILES = 4.0

# Freshness: how much the facts can be trusted.
FRESH, DUE, NEVER_CHECKED, OVERDUE = 1.0, 0.92, 0.85, 0.75
CLOSED_FOR_NOW = 0.5

# Who it is for: each choice that is met exactly, rather than by "open to all".
EXACTLY_FOR = 0.5

EARTH_MILES = 3958.7613


class Miles(Func):
    """From a position to the nearest public place of a service, by the haversine formula.

    For other things with places: two expressions that give arrays of latitudes and longitudes.
    """

    output_field = FloatField()

    def __init__(
        self,
        here: Position,
        latitudes: Combinable | None = None,
        longitudes: Combinable | None = None,
    ) -> None:
        super().__init__(
            latitudes or F("search_entry__latitudes"),
            longitudes or F("search_entry__longitudes"),
            Value(here.latitude, output_field=FloatField()),
            Value(here.longitude, output_field=FloatField()),
        )

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts, params = [], []
        for expression in self.source_expressions:
            sql, own = compiler.compile(expression)
            parts.append(sql)
            params += own
        latitudes, longitudes, lat, lon = parts
        # Our own column names and placeholders; the values are parameters.
        return (
            f"(SELECT min({2 * EARTH_MILES} * asin(least(1, sqrt("  # noqa: S608
            "power(sin(radians(place.lat - here.lat) / 2), 2) + cos(radians(here.lat)) * "
            "cos(radians(place.lat)) * power(sin(radians(place.lon - here.lon) / 2), 2))))) "
            f"FROM unnest({latitudes}, {longitudes}) AS place(lat, lon), "
            f"(VALUES ({lat}::float8, {lon}::float8)) AS here(lat, lon))",
            params,
        )


def _when(condition: Q, worth: float) -> Case:
    return Case(When(condition, then=Value(worth)), default=Value(0.0))


def text_score(match: Match, typed: str) -> Combinable:
    """How well the words fit; 1 for a search without words never comes here."""
    score: Combinable = Value(ANYTHING) + SearchRank(
        F("search_entry__vector"), match.rank_by, weights=WEIGHTS
    )
    if match.in_name is not None:
        score += _when(Q(search_entry__vector=match.in_name), ALL_IN_NAME)
    if match.topic is not None:
        score += _when(Q(search_entry__vector=match.topic), IS_THE_TOPIC)
    if typed:
        score += _when(Q(search_entry__titles__contains=typed), WORD_FOR_WORD)
        score += _when(Q(search_entry__name=typed), WHOLE_NAME)
    if match.coverage:
        score = score * coverage(match)
    return score


def coverage(match: Match) -> Combinable:
    """The part of what was asked for that a service holds, rare words counting more; 0 to 1."""
    total = sum(weight for _query, weight in match.coverage)
    held: Combinable = Value(0.0)
    for query, weight in match.coverage:
        held += _when(Q(search_entry__vector=query), weight / total)
    return held


def freshness(on: date) -> Expression:
    return Case(
        When(status=Service.Status.TEMPORARILY_CLOSED, then=Value(CLOSED_FOR_NOW)),
        When(checked_on__gte=on - FRESH_FOR, then=Value(FRESH)),
        When(checked_on__gte=on - OVERDUE_AFTER, then=Value(DUE)),
        When(checked_on__isnull=False, then=Value(OVERDUE)),
        default=Value(NEVER_CHECKED),
        output_field=FloatField(),
    )


def nearness(miles: F) -> Combinable:
    """1 here, a half at :data:`HALF_AT_MILES`; 1 for what has no place to be far away."""
    return Case(
        When(miles__isnull=True, then=Value(1.0)),
        default=Value(1.0) / (Value(1.0) + miles / Value(HALF_AT_MILES)),
        output_field=FloatField(),
    )


def exactly_for(choices: Choices) -> Combinable:
    """Above 1 for each answer to "who is it for" that is met by name."""
    worth: Combinable = Value(1.0)
    for group in WHO.values():
        for value in choices.of(group):
            if value != OPEN_TO_ALL:
                worth += _when(Q(search_entry__facets__contains=[group.facet(value)]), EXACTLY_FOR)
    return worth


def rounded(score: Combinable) -> Expression:
    """Six places: ties are ties, whatever the processor."""
    return Round(score, precision=6, output_field=FloatField())
