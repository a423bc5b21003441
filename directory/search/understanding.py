"""What the words of a query are, before anything is looked for: stems, mistakes, topics."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from django.db import connection

from dcsn.network import network
from directory.models import TopicPhrase
from directory.search.spelling import corrected, halves
from directory.search.words import FAINT, MOST_WORDS, fold, words_of


@lru_cache(maxsize=4)
def _words_of_area(name: str) -> frozenset[str]:
    return frozenset(words_of(name))


def _area_words() -> frozenset[str]:
    """Nearly everything here is in the area: its name narrows nothing down."""
    return _words_of_area(network().area_name)


@dataclass(frozen=True)
class Word:
    """One word as typed (or as corrected): ``services`` is in how many services it stands."""

    text: str
    stem: str
    services: int
    # The stems of two words that are the same written apart: "foodbank", food and bank.
    apart: tuple[str, str] | None = None

    @property
    def is_faint(self) -> bool:
        return self.text in FAINT or self.text in _area_words()

    @property
    def weight(self) -> float:
        """Rare words say more about what is wanted than common ones."""
        return 1 / math.log(math.e + self.services)


@dataclass(frozen=True)
class Topic:
    """A topic that the query names, and the stems by which it was recognised."""

    slug: str
    name: str
    stems: frozenset[str]
    kind: str
    said: str
    ways: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Understanding:
    words: tuple[Word, ...] = ()
    spans: tuple[tuple[Topic, ...], ...] = ()
    # What was put right: {"choropody": "chiropody"}.
    corrections: dict[str, str] = field(default_factory=dict)
    # Two neighbours that the directory also writes together: {"food", "bank"}: "foodbank".
    together: dict[frozenset[str], str] = field(default_factory=dict)

    @property
    def covered(self) -> frozenset[str]:
        return frozenset(stem for span in self.spans for stem in span[0].stems)

    @property
    def strong(self) -> list[Word]:
        """The words that have to be there and are not yet covered by a topic."""
        rest = [word for word in self.words if word.stem not in self.covered]
        strong = [word for word in rest if not word.is_faint]
        if strong or self.spans:
            return strong
        return rest

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def understand(text: str, *, correcting: bool = True) -> Understanding:
    """One query; up to three more when a word is in no service and in no topic."""
    typed = words_of(text)[:MOST_WORDS]
    if not typed:
        return Understanding()
    found = _look_up(typed)
    corrections = corrected(found.unknown) if correcting and found.unknown else {}
    if corrections:
        typed = [part for word in typed for part in corrections.get(word, word).split()]
        found = _look_up(typed)
    return Understanding(
        tuple(found.words),
        _cover(found.topics, found.words, " ".join(typed)),
        corrections,
        found.together,
    )


@dataclass
class _Found:
    """What the directory knows of the words."""

    words: list[Word] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    together: dict[frozenset[str], str] = field(default_factory=dict)


def _look_up(typed: list[str]) -> _Found:
    pairs = list(pairwise(typed))
    parts = {first + second for first, second in pairs}
    parts |= {half for word in typed for pair in halves(word) for half in pair}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH typed AS (
              SELECT place, word, (tsvector_to_array(to_tsvector('english', word)))[1] AS stem
              FROM unnest(%(typed)s::text[]) WITH ORDINALITY AS t(word, place)
            ),
            topics AS (
              SELECT term_id, kind, text, stems FROM directory_topicphrase
              WHERE (stems <> '{}'
                     AND stems <@ (SELECT array_agg(stem) FROM typed WHERE stem IS NOT NULL))
                 OR text = array_to_string(%(typed)s::text[], ' ')
            )
            SELECT 'word', word, stem, NULL::text[], '', NULL::text[], place,
                   (SELECT max(d.services) FROM directory_directoryword d WHERE d.stem = typed.stem)
            FROM typed
            UNION ALL
            SELECT 'part', word, stem, NULL, '', NULL, NULL, services
            FROM directory_directoryword WHERE word = ANY(%(parts)s::text[])
            UNION ALL
            SELECT topics.kind, term.name, term.slug, topics.stems, topics.text,
                   ARRAY(SELECT array_to_string(way.stems, ' ') FROM directory_topicphrase way
                         WHERE way.term_id = topics.term_id AND way.kind <> %(phrase)s),
                   NULL, NULL
            FROM topics JOIN directory_taxonomyterm term ON term.id = topics.term_id
            ORDER BY 7 NULLS LAST, 1, 3, 5
            """,
            {"typed": typed, "parts": sorted(parts), "phrase": TopicPhrase.Kind.PHRASE},
        )
        rows = cursor.fetchall()
    found = _Found()
    known = {text: stem for kind, text, stem, *_rest in rows if kind == "part"}
    stems_of = {text: stem for kind, text, stem, *_rest in rows if kind == "word" and stem}
    for kind, text, stem, stems, said, ways, _place, services in rows:
        if kind == "word" and stem is not None:
            if stem not in {word.stem for word in found.words}:
                found.words.append(Word(text, stem, services or 0, _apart(text, known)))
            if services is None and text.isalpha():
                found.unknown.append(text)
        elif kind in TopicPhrase.Kind.values:
            others = tuple(frozenset(way.split(" ")) for way in sorted(set(ways)) if way)
            found.topics.append(Topic(stem, text, frozenset(stems), kind, said, others))
    for first, second in pairs:
        joined = known.get(first + second)
        if joined and first in stems_of and second in stems_of:
            found.together[frozenset((stems_of[first], stems_of[second]))] = joined
    return found


def _apart(word: str, known: dict[str, str]) -> tuple[str, str] | None:
    for first, second in halves(word):
        if first in known and second in known:
            return known[first], known[second]
    return None


def _cover(topics: list[Topic], words: list[Word], typed: str) -> tuple[tuple[Topic, ...], ...]:
    """The longest ways of saying a topic first, no word used twice; topics said alike together."""
    order = {word.stem: place for place, word in enumerate(words)}
    strong = {word.stem for word in words if not word.is_faint}
    by_stems: dict[frozenset[str], dict[str, Topic]] = {}
    for topic in topics:
        if not _says_enough(topic, typed, strong):
            continue
        by_stems.setdefault(topic.stems, {}).setdefault(topic.slug, topic)
    free = set(order)
    spans: list[tuple[Topic, ...]] = []
    for stems in sorted(
        by_stems,
        key=lambda s: (-len(s), min((order.get(stem, 0) for stem in s), default=0), sorted(s)),
    ):
        if stems <= free:
            free -= stems
            spans.append(tuple(by_stems[stems].values()))
    return tuple(spans)


def _says_enough(topic: Topic, typed: str, strong: set[str]) -> bool:
    """Whether the stems are enough to tell the topic by.

    "I don't want to be here any more" leaves one stem, "want", and "he hits me" leaves "hit". The
    first is told only by saying all of it, the second only where nothing else is asked for.
    """
    if not topic.stems & strong:
        return topic.said == typed
    if topic.kind == TopicPhrase.Kind.PHRASE and len(topic.stems) == 1:
        return topic.stems == strong
    return True


_PIECES = re.compile(r'(?<!\S)(-?)(?:"([^"]*)"|(\S+))')


def operators(text: str) -> str | None:
    """``text`` in PostgreSQL's web search syntax, when somebody used it; else ``None``.

    Quotation marks keep words together, a minus leaves a word out, "or" takes either. Anything else
    that could mean something to the parser is folded away.
    """
    text = text.replace("“", '"').replace("”", '"')
    pieces: list[str] = []
    used = False
    positive = False
    for minus, quoted, plain in _PIECES.findall(text):
        if plain == "or" and pieces and not minus:
            pieces.append("or")
            used = True
            continue
        folded = fold(quoted or plain)
        if not folded:
            continue
        used = used or bool(minus) or bool(quoted)
        positive = positive or not minus
        pieces.append(f'{minus}"{folded}"' if quoted or " " in folded else f"{minus}{folded}")
    if not used or not positive:
        return None
    return " ".join(pieces)
