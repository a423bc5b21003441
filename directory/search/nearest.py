"""When nothing fits: the topics that come closest, so that no search ends in nothing."""

from __future__ import annotations

from rapidfuzz import fuzz

from directory.models import TaxonomyTerm, TopicPhrase
from directory.search.words import indexable

CLOSE_ENOUGH = 62.0
MOST = 6


def nearest_topics(words: str) -> list[TaxonomyTerm]:
    """Those whose names or other words look most like ``words``, else the topics of the home page."""
    typed = indexable(words)
    best: dict[object, float] = {}
    if typed:
        for term_id, text in TopicPhrase.objects.values_list("term_id", "text"):
            closeness = fuzz.WRatio(typed, text)
            if closeness >= CLOSE_ENOUGH:
                best[term_id] = max(best.get(term_id, 0.0), closeness)
    if best:
        terms = TaxonomyTerm.objects.filter(is_topic=True).in_bulk(list(best))
        ordered = sorted(terms.values(), key=lambda t: (-best[t.id], t.sort_key, t.id))
        if ordered:
            return ordered[:MOST]
    return list(TaxonomyTerm.objects.topics())
