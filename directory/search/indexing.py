"""Writing what search looks in: entries, words and ways of saying topics.

Called by the actions and imports that change the directory, and by ``manage.py reindex_directory``.
Everything public about a place comes through :mod:`directory.visibility`, so a confidential address
is in no vector, no facet and no position.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from directory.hours import all_rules_of
from directory.loading import load_for_index
from directory.models import (
    DirectoryWord,
    EligibilityRule,
    EligibilityTerm,
    SearchEntry,
    Service,
    TaxonomyTerm,
    TopicPhrase,
)
from directory.search import facets
from directory.search.half_hours import half_hours
from directory.search.words import LONGEST_WORD, indexable, words_of
from directory.visibility import public_places

BATCH = 500
LONGEST_DESCRIPTION = 20_000
# Every writer takes this lock (a number of our own), so two imports cannot deadlock over words.
LOCK = 0x5EA6C4


def reindex(
    service_ids: Iterable[UUID] | None = None,
    *,
    progress: Callable[[int], object] = lambda done: None,
) -> int:
    """Write the entries of these services, or of all; take away those no longer publishable.

    Returns how many entries were written. Constant in queries for each 500 services.
    """
    wanted = None if service_ids is None else list(dict.fromkeys(service_ids))
    today = timezone.localdate()
    with transaction.atomic():
        _lock()
        reindex_topics()
        topics = Topics.load()
        stems_before = _stems_of(wanted)
        gone = SearchEntry.objects.exclude(service__in=Service.objects.publishable())
        if wanted is not None:
            gone = gone.filter(service__in=wanted)
        gone.delete()
        words: Counter[str] = Counter(topics.words())
        written = 0
        for batch in _batches(wanted):
            load_for_index(batch, topics.by_id)
            entries = [_entry(service, topics, today) for service in batch]
            _write(entries)
            for entry in entries:
                words.update(entry.words)
            written += len(entries)
            progress(written)
        _forget_words(stems_before - _stems_of(wanted))
        _write_words(words, afresh=wanted is None)
    return written


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _batches(wanted: list[UUID] | None) -> Iterator[list[Service]]:
    services = Service.objects.publishable().select_related("organisation").order_by("id")
    if wanted is not None:
        for start in range(0, len(wanted), BATCH):
            yield list(services.filter(id__in=wanted[start : start + BATCH]))
        return
    last: UUID | None = None
    while True:
        batch = list((services.filter(id__gt=last) if last else services)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].id


@dataclass
class Topics:
    """All topics, and the ages among the eligibility terms, for a whole run."""

    by_id: dict[UUID, TaxonomyTerm]
    ages: list[EligibilityTerm]

    @classmethod
    def load(cls) -> Topics:
        return cls(
            {term.id: term for term in TaxonomyTerm.objects.all()},
            list(EligibilityTerm.objects.filter(group=EligibilityTerm.Group.AGE)),
        )

    def with_ancestors(self, term: TaxonomyTerm) -> list[TaxonomyTerm]:
        found: dict[UUID, TaxonomyTerm] = {}
        here: TaxonomyTerm | None = self.by_id.get(term.id)
        # A ring of parents cannot be made in the forms, but an import could try.
        while here is not None and here.id not in found:
            found[here.id] = here
            here = self.by_id.get(here.parent_id) if here.parent_id else None
        return list(found.values())

    def words(self) -> Iterator[str]:
        """The words of all topics: they are the directory's words even where nothing is tagged."""
        for term in self.by_id.values():
            yield from set(words_of(" ".join([term.name, *term.synonyms, *term.phrases])))


@dataclass
class Entry:
    """One service's row, before it is written."""

    service_id: UUID
    name: str
    titles: str
    a: str
    b: str
    c: str
    d: str
    markers: str
    facets: list[str]
    half_hours: list[int] | None
    positions: list[tuple[float, float]]
    words: set[str] = field(default_factory=set)


def _entry(service: Service, topics: Topics, today: date) -> Entry:
    organisation = service.organisation
    own_terms = list(service.terms.all())
    all_terms = {t.id: t for own in own_terms for t in topics.with_ancestors(own)}
    places = [place for place in public_places(service) if not place.is_confidential]
    rules = list(service.eligibility_rules.all())

    a = indexable(
        " ".join(
            [
                service.name,
                service.alternate_name,
                organisation.name,
                organisation.alternate_name,
            ]
        )
    )
    b = [term.name for term in all_terms.values()]
    for term in own_terms:
        b += [*term.synonyms, *term.phrases]
    c = [service.summary]
    c += [term.name for rule in rules for term in rule.terms.all()]
    d = [
        service.description[:LONGEST_DESCRIPTION],
        service.easy_read_summary,
        service.eligibility_description,
        service.interpretation_services,
        *(language.name for language in service.languages.all()),
        *(line for place in places for line in place.lines),
    ]
    texts = [a, indexable(" ".join(b)), indexable(" ".join(c)), indexable(" ".join(d))]
    at_place = Service.Delivery.AT_PLACE in service.delivery or not service.delivery
    week = half_hours(all_rules_of(service), today)
    return Entry(
        service_id=service.id,
        name=indexable(service.name)[:255],
        titles=a,
        a=texts[0],
        b=texts[1],
        c=texts[2],
        d=texts[3],
        markers=" ".join(topic_marker(term.slug) for term in all_terms.values()),
        facets=_facets(service, list(all_terms.values()), places, rules, topics, week),
        half_hours=week,
        positions=[
            (place.latitude, place.longitude)
            for place in places
            if at_place and place.latitude is not None and place.longitude is not None
        ],
        words={
            word
            for text in texts
            for word in text.split()
            if 3 <= len(word) < LONGEST_WORD and word.isalpha()
        },
    )


def topic_marker(slug: str) -> str:
    """A word no person can type, standing in the vector for "is about this topic".

    With it one text query says "these words, or anything about this topic", and one index answers.
    """
    return f"#{slug}"


def _facets(
    service: Service,
    terms: list[TaxonomyTerm],
    places: list[Any],
    rules: list[EligibilityRule],
    topics: Topics,
    week: list[int] | None,
) -> list[str]:
    found = [facets.TOPIC.facet(term.slug) for term in terms]
    found.append(facets.COST.facet(service.cost))
    how = list(service.delivery) or ([str(Service.Delivery.AT_PLACE)] if places else [])
    found += [facets.HOW.facet(value) for value in how]
    found += [facets.LANGUAGE.facet(language.code) for language in service.languages.all()]
    facts = [*service.access_facts.all(), *(fact for p in places for fact in p.access_facts)]
    found += [facets.ACCESS.facet(fact.kind) for fact in facts if fact.value == "yes"]
    found += _who(service, rules, topics)
    if week is None:
        found.append(facets.TIMES_NOT_KNOWN)
    else:
        found += [facets.DAY.facet(str(day)) for day, bits in enumerate(week) if bits]
    return list(dict.fromkeys(found))


def _who(service: Service, rules: list[EligibilityRule], topics: Topics) -> list[str]:
    found: list[str] = []
    told: set[str] = set()
    for rule in rules:
        group = facets.WHO[rule.group]
        if rule.openness == EligibilityRule.Openness.ALL:
            found.append(group.facet(facets.OPEN_TO_ALL))
            told.add(rule.group)
        else:
            for term in rule.terms.all():
                found.append(group.facet(term.slug))
                told.add(rule.group)
    # Ages given as numbers only say who it is for as well as a term does.
    age = EligibilityTerm.Group.AGE
    if age not in told and (service.minimum_age is not None or service.maximum_age is not None):
        found += [
            facets.WHO[age].facet(term.slug) for term in topics.ages if _ages_meet(service, term)
        ]
        told.add(age)
    return [*found, *(facets.WHO[group].facet(facets.TOLD) for group in sorted(told))]


def _ages_meet(service: Service, term: EligibilityTerm) -> bool:
    youngest, oldest = service.minimum_age or 0, service.maximum_age or 200
    return youngest <= (term.maximum_age or 200) and (term.minimum_age or 0) <= oldest


def _write(entries: list[Entry]) -> None:
    """One statement for a batch; PostgreSQL makes the vectors."""
    if not entries:
        return
    columns: dict[str, list[Any]] = defaultdict(list)
    for entry in entries:
        columns["id"].append(entry.service_id)
        for name in ("a", "b", "c", "d", "markers", "name", "titles"):
            columns[name].append(getattr(entry, name))
        columns["facets"].append(" ".join(entry.facets))
        hours = entry.half_hours
        columns["hours"].append(None if hours is None else _array(hours))
        columns["latitudes"].append(_array(lat for lat, _lon in entry.positions))
        columns["longitudes"].append(_array(lon for _lat, lon in entry.positions))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO directory_searchentry
              (service_id, vector, name, titles, facets, half_hours, latitudes, longitudes,
               indexed_at)
            SELECT id,
              setweight(to_tsvector('english', a), 'A') || setweight(to_tsvector('english', b), 'B')
              || setweight(to_tsvector('english', c), 'C')
              || setweight(to_tsvector('english', d), 'D')
              || array_to_tsvector(array_remove(string_to_array(markers, ' '), '')),
              name, titles, array_remove(string_to_array(facets, ' '), ''), hours::bigint[],
              latitudes::float8[], longitudes::float8[], now()
            FROM unnest(%(id)s::uuid[], %(a)s::text[], %(b)s::text[], %(c)s::text[], %(d)s::text[],
                        %(markers)s::text[], %(name)s::text[], %(titles)s::text[],
                        %(facets)s::text[], %(hours)s::text[], %(latitudes)s::text[],
                        %(longitudes)s::text[])
              AS t(id, a, b, c, d, markers, name, titles, facets, hours, latitudes, longitudes)
            ON CONFLICT (service_id) DO UPDATE SET
              vector = excluded.vector, name = excluded.name, titles = excluded.titles,
              facets = excluded.facets, half_hours = excluded.half_hours,
              latitudes = excluded.latitudes, longitudes = excluded.longitudes,
              indexed_at = excluded.indexed_at
            """,
            dict(columns),
        )


def _array(numbers: Iterable[float]) -> str:
    """PostgreSQL's way of writing an array, because an array of arrays would come apart."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _stems_of(service_ids: list[UUID] | None) -> set[str]:
    """What the entries of these services hold; nothing for all, whose words are counted afresh."""
    if not service_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(tsvector_to_array(vector)) FROM directory_searchentry "
            "WHERE service_id = ANY(%s)",
            [service_ids],
        )
        return {stem for (stem,) in cursor.fetchall()}


def _forget_words(stems: set[str]) -> None:
    """Take out words with these stems that no entry holds any more.

    At once and not only by night: the street of a place that has just become confidential must not be
    suggested to whoever types its first letters.
    """
    if not stems:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM directory_directoryword word WHERE word.stem = ANY(%s) AND NOT EXISTS (
              SELECT 1 FROM directory_searchentry entry
              WHERE entry.vector @@ ('''' || word.stem || '''')::tsquery)
            """,
            [sorted(stems)],
        )


def _write_words(words: Counter[str], *, afresh: bool) -> None:
    """All words counted anew, or, after a change to a few services, the new ones added."""
    kept = sorted((w, n) for w, n in words.items() if len(w) >= 3 and w.isalpha())
    if afresh:
        DirectoryWord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO directory_directoryword (word, stem, services)
            SELECT word, (tsvector_to_array(to_tsvector('english', word)))[1], services
            FROM unnest(%s::text[], %s::int[]) AS t(word, services)
            WHERE cardinality(tsvector_to_array(to_tsvector('english', word))) = 1
            ON CONFLICT (word) DO NOTHING
            """,
            [[w for w, _ in kept], [n for _, n in kept]],
        )


def reindex_topics() -> int:
    """The ways of saying each topic, from its name, other words and phrases; only what changed is
    written, because every change to a service comes by here."""
    rows: dict[tuple[UUID, str], str] = {}
    for term in TaxonomyTerm.objects.all():
        for kind, texts in (
            (TopicPhrase.Kind.NAME, [term.name]),
            (TopicPhrase.Kind.SYNONYM, term.synonyms),
            (TopicPhrase.Kind.PHRASE, term.phrases),
        ):
            for text in texts:
                if folded := indexable(text)[:255]:
                    rows.setdefault((term.id, folded), str(kind))
    kept = {
        (term_id, text): (key, kind)
        for key, term_id, text, kind in TopicPhrase.objects.values_list(
            "id", "term", "text", "kind"
        )
    }
    over = [key for said, (key, kind) in kept.items() if rows.get(said) != kind]
    new = {said: kind for said, kind in rows.items() if kept.get(said, (None, ""))[1] != kind}
    if over:
        TopicPhrase.objects.filter(id__in=over).delete()
    if new:
        _write_phrases(new)
    return len(rows)


def _write_phrases(rows: dict[tuple[UUID, str], str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO directory_topicphrase (term_id, kind, text, stems)
            SELECT term_id, kind, text, tsvector_to_array(to_tsvector('english', text))
            FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS t(term_id, kind, text)
            """,
            [
                [term_id for term_id, _text in rows],
                list(rows.values()),
                [text for _term_id, text in rows],
            ],
        )
