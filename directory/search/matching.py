"""From an understood query to text queries, the strictest first.

All parts are stems that PostgreSQL gave us, quoted here, so nothing that somebody types can mean
anything to its query parser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.search import SearchQuery

from directory.search.indexing import topic_marker
from directory.search.understanding import Topic, Understanding, Word


class Stage(StrEnum):
    """How far a query had to be widened before something was found."""

    ALL = "all"  # there were no words: everything
    OPERATORS = "operators"  # as written, with quotation marks, minus, or
    WORDS = "words"  # all the words, or others for the same thing
    TOPICS = "topics"  # the topics that it names, without the other words
    SOME = "some"  # some of the words
    NOTHING = "nothing"


class StemQuery(SearchQuery):
    """A text query of ready stems: not stemmed twice, not parsed for words."""

    def __init__(self, stems: str) -> None:
        self.stems = stems
        super().__init__(stems, search_type="raw")

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[str]]:  # type: ignore[override]
        return "%s::tsquery", [self.stems]


def quoted(stem: str, weights: str = "") -> str:
    escaped = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'" + (f":{weights}" if weights else "")


def all_of(parts: Iterable[str]) -> str:
    return _joined(parts, " & ")


def any_of(parts: Iterable[str]) -> str:
    return _joined(parts, " | ")


def _joined(parts: Iterable[str], operator: str) -> str:
    kept = list(dict.fromkeys(part for part in parts if part))
    return kept[0] if len(kept) == 1 else f"({operator.join(kept)})" if kept else ""


@dataclass(frozen=True)
class Match:
    """One way of matching: what must hold, and what it is ranked by."""

    stage: Stage
    condition: SearchQuery
    rank_by: SearchQuery
    in_name: SearchQuery | None = None
    topic: SearchQuery | None = None
    # Words and how much each says, when not all have to be there.
    coverage: tuple[tuple[SearchQuery, float], ...] = ()
    # The part of all that a service must hold, 0 to 1.
    least: float = 0.0


LEAST_COVERAGE = 0.25
# Where a word must stand to count as literally there: not among a topic's other words (B).
LITERAL = "ACD"
# Where another word for the same thing must stand: said in passing ("on your feet") it means little.
PROMINENT = "A"


def literal_match(understood: Understanding) -> Match | None:
    """These words and no others: "search only for …"."""
    stems = [word.stem for word in understood.words if not word.is_faint] or [
        word.stem for word in understood.words
    ]
    if not stems:
        return None
    return Match(
        Stage.WORDS,
        StemQuery(all_of(quoted(stem, LITERAL) for stem in stems)),
        StemQuery(any_of(quoted(stem) for stem in stems)),
        in_name=StemQuery(all_of(quoted(stem, "A") for stem in stems)),
    )


def operator_match(written: str) -> Match:
    query = SearchQuery(written, config="english", search_type="websearch")
    return Match(Stage.OPERATORS, query, query)


def matches(understood: Understanding) -> list[Match]:
    """The stages to try, the strictest first."""
    strong = understood.strong
    stems = [word.stem for word in understood.words]
    if not stems and not understood.spans:
        return []
    faint = {word.stem for word in understood.words if word.is_faint}
    spans = [_said_any_way(span, faint, understood) for span in understood.spans]
    topics = [topic for span in understood.spans for topic in span]
    about = any_of(quoted(topic_marker(topic.slug)) for topic in topics)
    markers = StemQuery(about)
    # "Will" is a word that the stemmer leaves out: then only the topic of that name is left.
    counted = [*stems, *understood.together.values()]
    counted += [stem for word in understood.words for stem in word.apart or ()]
    rank_by = StemQuery(any_of(quoted(stem) for stem in counted) or about)
    content = [word for word in understood.words if not word.is_faint] or understood.words
    in_name = StemQuery(all_of(_held(content, understood, "A"))) if content else None
    found = [
        Match(
            Stage.WORDS,
            StemQuery(all_of([*spans, *_held(strong, understood)])),
            rank_by,
            in_name,
            markers if topics else None,
        )
    ]
    if len(spans) + len(strong) < 2:
        return found
    if spans:
        # With several topics the one said with more words comes first.
        weighed: list[tuple[SearchQuery, float]] = [
            (StemQuery(said), float(len(span[0].stems)))
            for said, span in zip(spans, understood.spans, strict=True)
        ]
        weighed += [(StemQuery(quoted(word.stem)), word.weight) for word in strong]
        found.append(
            Match(
                Stage.TOPICS,
                StemQuery(any_of(spans)),
                rank_by,
                in_name,
                markers,
                coverage=tuple(weighed),
            )
        )
        return found
    found.append(
        Match(
            Stage.SOME,
            StemQuery(any_of(_held(strong, understood))),
            rank_by,
            in_name,
            coverage=tuple(_weighed(strong)),
            least=LEAST_COVERAGE,
        )
    )
    return found


def _held(words: Iterable[Word], understood: Understanding, weights: str = "") -> list[str]:
    """A part for each word that has to be there; two that may be written as one are one part."""
    parts: dict[str, str] = {}
    for word in words:
        parts[word.stem] = any_of([quoted(word.stem, weights), _apart(word, weights)])
    for pair, joined in understood.together.items():
        if pair <= parts.keys():
            both = all_of(parts.pop(stem) for stem in sorted(pair))
            parts[joined] = any_of([both, quoted(joined, weights)])
    return list(parts.values())


def _apart(word: Word, weights: str = "") -> str:
    """ "Foodbank" written as two words that stand side by side."""
    if word.apart is None:
        return ""
    first, second = word.apart
    return f"({quoted(first, weights)} <-> {quoted(second, weights)})"


def _weighed(words: list[Word]) -> Iterable[tuple[SearchQuery, float]]:
    """Only words that the directory has: in a long sentence those it has not would outweigh the rest."""
    known = [word for word in words if word.services] or words
    return ((StemQuery(quoted(word.stem)), word.weight) for word in known)


def _said_any_way(span: tuple[Topic, ...], faint: set[str], understood: Understanding) -> str:
    """The typed words themselves, the topics they name, or any other word for those topics.

    Of "I don't want to be here any more" only "want" is left, which by itself means nothing.
    """
    typed = span[0].stems
    parts = [] if typed <= faint else [all_of(quoted(stem) for stem in sorted(typed))]
    parts += [quoted(one) for pair, one in understood.together.items() if pair == typed]
    parts += [_apart(word) for word in understood.words if typed == {word.stem}]
    for topic in span:
        parts.append(quoted(topic_marker(topic.slug)))
        parts += [all_of(quoted(stem, PROMINENT) for stem in sorted(way)) for way in topic.ways]
    return any_of(parts)
