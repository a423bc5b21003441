"""``search(query)``: what fits, in order, counted, in as many SQL queries for ten as for 50,000."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    F,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.lookups import GreaterThan

from directory.models import SearchEntry, Service
from directory.search import facets, ranking
from directory.search.half_hours import mask
from directory.search.matching import (
    Match,
    Stage,
    literal_match,
    matches,
    operator_match,
)
from directory.search.query import FreeTime, Query
from directory.search.understanding import Understanding, operators, understand
from directory.search.words import indexable

# Ten are what a person reads; twice as many make a phone's page 6,000 pixels long and take twice the time.
ON_A_PAGE = 10
ON_A_PAGE_BELOW = 5
LAST_PAGE = 10_000


class SectionKey(StrEnum):
    """The lists of a results page, in this order."""

    MAIN = "main"
    # No place to go to: by phone, online, or at home. Never cut by a distance.
    ELSEWHERE = "elsewhere"
    # Fits, except that something chosen is not known of it: when, or for whom.
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Hit:
    service_id: UUID
    score: float
    miles: float | None


@dataclass
class Section:
    """One list with its own count and pages."""

    key: SectionKey
    total: int = 0
    page: int = 1
    size: int = ON_A_PAGE
    hits: list[Hit] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_number(self) -> int:
        return (self.page - 1) * self.size + 1


@dataclass
class Results:
    query: Query
    understood: Understanding
    stage: Stage
    sections: dict[SectionKey, Section]
    # Few did everything that was asked for, so what does a part of it is here too.
    widened: bool = False
    # How many of what fits have each fact, each group's counted without that group's own choice.
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections.values())

    @property
    def service_ids(self) -> list[UUID]:
        return [hit.service_id for section in self.sections.values() for hit in section.hits]


def search(query: Query) -> Results:
    """Everything publishable that fits ``query``; never raises on anything that people type."""
    sections = {key: _empty_section(key, query) for key in SectionKey}
    results = Results(query, Understanding(), Stage.ALL, sections)
    if not query.words.strip():
        _fill(results, None)
        return results
    results.stage = Stage.NOTHING
    results.understood, tries = _ways_to_match(query)
    # Nearly always the first way finds something, and then the question which one does is spared.
    if tries and _fill(results, tries[0]):
        results.stage = tries[0].stage
        if _names_several_and_finds_few(results, tries):
            # Those that do everything stay first: the topics that a service has are weighed.
            results.widened = True
            results.stage = tries[1].stage
            results.sections = {key: _empty_section(key, query) for key in SectionKey}
            _fill(results, tries[1])
        return results
    match = _first_that_finds(tries)
    if match is not None:
        results.stage = match.stage
        if match is not tries[0]:
            _fill(results, match)
    return results


# With so few services that do everything asked for, those that do a part of it are shown too.
FEW = 2


def _names_several_and_finds_few(results: Results, tries: list[Match]) -> bool:
    """ "My mum fell and needs help with baths" names two things; the one service that happens to say both
    is not all that would help."""
    return (
        results.total <= FEW
        and len(results.understood.spans) > 1
        and len(tries) > 1
        and tries[0].stage == Stage.WORDS
        and tries[1].stage == Stage.TOPICS
    )


def _empty_section(key: SectionKey, query: Query) -> Section:
    page = query.pages.get(key, 1)
    size = ON_A_PAGE if key == SectionKey.MAIN else ON_A_PAGE_BELOW
    return Section(key, page=min(max(page, 1), LAST_PAGE), size=size)


# --- Which words to look for ------------------------------------------------------------------------


def _ways_to_match(query: Query) -> tuple[Understanding, list[Match]]:
    """Ways of matching the words, the strictest first."""
    if query.literally:
        understood = replace(understand(query.words, correcting=False), spans=())
        match = literal_match(understood)
        return understood, [match] if match else []
    understood = understand(query.words)
    tries = matches(understood)
    if written := operators(query.words):
        tries = [operator_match(written), *tries]
    return understood, tries


def _first_that_finds(tries: list[Match]) -> Match | None:
    """The strictest way of matching that finds anything at all, filters apart.

    Filters do not widen the words: with none left the page says so and offers to drop them.
    """
    if not tries:
        return None
    publishable = Service.objects.publishable()
    parts: list[str] = []
    values: list[Any] = []
    for one in tries:
        finds = publishable.filter(search_entry__vector=one.condition).query.exists()
        sql, params = finds.sql_with_params()
        parts.append(f"EXISTS({sql})")
        values += params
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        found = cursor.fetchone()
    for one, finds in zip(tries, found, strict=True):
        if finds:
            return one
    return None


# --- What fits, counted and in order ------------------------------------------------------------------

FITS, NOT_KNOWN, FAILS = 0, 1, 2


def fitting(query: Query, match: Match | None) -> QuerySet[Service]:
    """One row for each publishable service that the words and the distance allow, with its score
    and, for each group chosen from, whether it fits."""
    services = Service.objects.publishable().filter(search_entry__isnull=False)
    if match is not None:
        services = services.filter(search_entry__vector=match.condition)
        if match.least:
            services = services.annotate(covered=ranking.coverage(match)).filter(
                covered__gte=match.least
            )
    text = (
        ranking.text_score(match, indexable(query.words))
        if match is not None
        else Value(1.0, output_field=FloatField())
    )
    miles: Any = Value(None, output_field=FloatField())
    if query.near is not None:
        miles = ranking.Miles(query.near)
    services = services.annotate(miles=miles)
    score = text * ranking.freshness(query.on) * ranking.exactly_for(query.choices)
    if query.near is not None:
        score = score * ranking.nearness(F("miles"))
        if query.within is not None:
            # Help that also comes to you, or by phone, is not cut by how far its office is.
            other_ways = [
                facets.HOW.facet(way) for way in Service.Delivery.values if way != "at_place"
            ]
            services = services.filter(
                Q(miles__isnull=True)
                | Q(miles__lte=query.within)
                | Q(search_entry__facets__overlap=other_ways)
            )
    states = {f"state_{place}": state for place, state in enumerate(_states(query).values())}
    return (
        services.annotate(score=ranking.rounded(score), facets=F("search_entry__facets"), **states)
        .order_by()
        .values("id", "sort_key", "facets", "miles", "score", *states)
    )


def _states(query: Query) -> dict[str, Case]:
    """For each group chosen from: does a service fit, not fit, or is it not known?"""
    states: dict[str, Case] = {}
    for group in facets.GROUPS.values():
        if group is facets.DAY:
            if query.free:
                states[group.key] = _state(_is_free(query.free), Q(search_entry__half_hours=None))
            continue
        chosen = query.choices.of(group)
        if not chosen:
            continue
        wanted = [group.facet(value) for value in chosen]
        if group.every:
            states[group.key] = _state(Q(search_entry__facets__contains=wanted))
        elif group.has_open:
            wanted.append(group.facet(facets.OPEN_TO_ALL))
            states[group.key] = _state(
                Q(search_entry__facets__overlap=wanted),
                ~Q(search_entry__facets__contains=[group.facet(facets.TOLD)]),
            )
        else:
            states[group.key] = _state(Q(search_entry__facets__overlap=wanted))
    return states


def _state(fits: Q, not_known: Q | None = None) -> Case:
    cases = [When(fits, then=Value(FITS))]
    if not_known is not None:
        cases.append(When(not_known, then=Value(NOT_KNOWN)))
    return Case(*cases, default=Value(FAILS), output_field=IntegerField())


def _is_free(free: FreeTime) -> Q:
    """Something is given in a half hour that the person has, on one of their days."""
    start, end = free.start, free.end
    if end == time(0):
        end = None
    wanted = mask(start, end)
    fits = Q(pk__in=[])
    for day in free.days or range(7):
        shared = F(f"search_entry__half_hours__{day}").bitand(wanted)
        fits |= Q(GreaterThan(shared, 0))
    return fits


def _fill(results: Results, match: Match | None) -> bool:
    """One query for the pages of all sections, their counts and the counts of all facts.

    Says whether the words were found at all, be it that a filter then leaves nothing.
    """
    query = results.query
    sql, params = fitting(query, match).query.sql_with_params()
    groups = list(_states(query))
    states = [f"state_{place}" for place in range(len(groups))]
    misses = " + ".join(f"({state} <> {FITS})::int" for state in states) or "0"
    failed = " OR ".join(f"{state} = {FAILS}" for state in states) or "false"
    # The one group that stands between a service and the results, when it is one.
    blame = (
        "CASE " + " ".join(f"WHEN {s} <> {FITS} THEN %s" for s in states) + " END"
        if states
        else "NULL::text"
    )
    if query.near is None:
        place = "true"
    elif query.within is None:
        place = "miles IS NOT NULL"
    else:
        place = "coalesce(miles <= %s, false)"
    pages = [(s.key, (s.page - 1) * s.size, s.page * s.size) for s in results.sections.values()]
    wanted = " OR ".join("(section = %s AND number > %s AND number <= %s)" for _ in pages)
    # Of what fits, every fact; of what only its own group stands against, that group's facts.
    facts = "SELECT unnest(facets) AS fact FROM judged WHERE misses = 0"
    if states:
        facts += (
            " UNION ALL SELECT fact FROM judged, unnest(facets) AS fact"
            " WHERE misses = 1 AND blame = split_part(fact, ':', 1)"
        )
    statement = f"""
        WITH fitting AS MATERIALIZED ({sql}),
        judged AS MATERIALIZED (
          SELECT id, sort_key, facets, miles, score, {misses} AS misses, {blame} AS blame,
            CASE WHEN {failed} THEN NULL
                 WHEN {misses} > 0 THEN '{SectionKey.NOT_KNOWN}'
                 WHEN {place} THEN '{SectionKey.MAIN}'
                 ELSE '{SectionKey.ELSEWHERE}' END AS section
          FROM fitting
        ),
        ordered AS (
          SELECT id, miles, score, section,
            row_number() OVER (PARTITION BY section ORDER BY score DESC, sort_key, id) AS number
          FROM judged WHERE section IS NOT NULL
        )
        SELECT 'hit', section, id, number, score, miles FROM ordered WHERE {wanted}
        UNION ALL
        SELECT 'section', section, NULL, count(*), NULL, NULL FROM judged GROUP BY section
        UNION ALL
        SELECT 'fact', fact, NULL, count(*), NULL, NULL FROM ({facts}) AS facts GROUP BY fact
        ORDER BY 1, 2, 4
    """  # noqa: S608  (only our own column names are written into it; values are parameters)
    values = [
        *params,
        *groups,
        *([query.within] if query.near is not None and query.within is not None else []),
        *(value for page in pages for value in page),
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    for kind, key, service_id, number, score, miles in rows:
        if kind == "hit":
            section = results.sections[SectionKey(key)]
            section.hits.append(Hit(service_id, score, miles))
        elif kind == "section" and key is not None:
            results.sections[SectionKey(key)].total = number
        elif kind == "fact":
            results.counts[key] = number
    return bool(rows)


def has_entries() -> bool:
    """Whether anything has been indexed."""
    return SearchEntry.objects.exists()
