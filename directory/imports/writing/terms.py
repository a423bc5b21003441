"""Taxonomies and their terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from directory.imports.records import UNSET, Batch, TermRecord
from directory.imports.writing.outcome import Tally
from directory.imports.writing.rows import save
from directory.models import Taxonomy, TaxonomyTerm


def write_terms(
    batch: Batch,
    *,
    source: str,
    only_new: bool,
    topics: bool,
    tally: Tally,
    progress: Callable[[int], None],
) -> None:
    """Write the source's terms; ``topics`` shows new ones for browsing."""
    known = Taxonomy.objects.in_bulk([record.id for record in batch.taxonomies])
    for taxonomy in batch.taxonomies:
        existing = known.get(taxonomy.id)
        if existing is not None and only_new:
            continue
        for addition in (source[:40], taxonomy.id.hex[:8]):
            # Names are unique, and two lists can call theirs the same.
            if Taxonomy.objects.filter(name=taxonomy.name).exclude(id=taxonomy.id).exists():
                taxonomy.name = f"{taxonomy.name[:200]} ({addition})"
        save(taxonomy, existing or Taxonomy(id=taxonomy.id), existing is None)
    terms = TaxonomyTerm.objects.in_bulk([record.id for record in batch.terms])
    slugs = set(TaxonomyTerm.objects.values_list("slug", flat=True))
    for term in parents_first(batch.terms):
        progress(1)
        found = terms.get(term.id)
        if found is not None and only_new:
            tally.add("unchanged")
            continue
        if found is None:
            found = TaxonomyTerm(id=term.id, is_topic=topics)
            found.slug = _slug_of(term, slugs)
            slugs.add(found.slug)
            term.slug = UNSET
            tally.add(save(term, found, True))
        else:
            # Its address is kept for good once it has one.
            term.slug = UNSET
            tally.add(save(term, found, False))


def _slug_of(term: TermRecord, taken: set[str]) -> str:
    wanted = (term.slug or slugify(term.name))[:90].strip("-") or "topic"
    if wanted not in taken:
        return wanted
    return f"{wanted}-{term.id.hex[:8]}"


def parents_first(records: Sequence[Any]) -> list[Any]:
    """So that a row never points at one that is not there yet; a ring is broken where it is met."""
    by_id = {record.id: record for record in records}
    ordered: dict[UUID, Any] = {}
    for record in records:
        chain: list[Any] = []
        seen: set[UUID] = set()
        step = record
        while step is not None and step.id not in ordered:
            if step.id in seen:
                chain[-1].parent_id = None
                break
            seen.add(step.id)
            chain.append(step)
            step = by_id.get(step.parent_id) if step.parent_id else None
        for member in reversed(chain):
            ordered[member.id] = member
    return list(ordered.values())
