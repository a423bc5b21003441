"""Changing the everyday words that lead to a topic."""

from __future__ import annotations

from django.db import transaction

from dcsn.audit import Actor, record
from directory.events import TOPIC_CHANGED
from directory.models import Service, TaxonomyTerm
from directory.search import reindex, reindex_topics


def change_topic_words(
    *, term: TaxonomyTerm, synonyms: list[str], phrases: list[str], by: Actor
) -> TaxonomyTerm:
    """Set a topic's other words and plain phrases, and let search know at once.

    The services of the topic and of the topics below it are indexed anew in the same transaction,
    so that a word added at the desk is found by the next search.
    """
    with transaction.atomic():
        locked = TaxonomyTerm.objects.select_for_update().get(pk=term.pk)
        changed = [
            name
            for name, value in (("synonyms", synonyms), ("phrases", phrases))
            if getattr(locked, name) != value
        ]
        if not changed:
            return locked
        locked.synonyms = synonyms
        locked.phrases = phrases
        locked.save(update_fields=["synonyms", "phrases"])
        record(TOPIC_CHANGED, by=by, subject=locked.pk, fields=changed)
        reindex_topics()
        affected = Service.objects.filter(terms__in=_with_descendants(locked)).distinct()
        reindex(list(affected.values_list("pk", flat=True)))
    return locked


def _with_descendants(term: TaxonomyTerm) -> list[TaxonomyTerm]:
    """The term and all below it: one query a level, and topics have two."""
    found = [term]
    level = [term]
    while level:
        level = list(
            TaxonomyTerm.objects.filter(parent__in=level).exclude(pk__in=[t.pk for t in found])
        )
        found.extend(level)
    return found
