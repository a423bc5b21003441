"""Taxonomies and their terms."""

from __future__ import annotations

from uuid import UUID

from directory.imports.readers.hsds.source import Source
from directory.imports.readers.tables import Row
from directory.imports.records import (
    TaxonomyRecord,
    TermRecord,
)

DEFAULT_TAXONOMY = "Terms of the source"


def read_terms(source: Source) -> None:
    named: dict[str, UUID] = {}
    for row in source.rows("taxonomies"):
        taxonomy = source.ids.of("taxonomy", row.text("id"))
        named[row.text("id")] = taxonomy
        source.found.taxonomies.append(
            TaxonomyRecord(
                id=taxonomy,
                whence=row.whence,
                name=row.text("name") or DEFAULT_TAXONOMY,
                description=row.text("description"),
                uri=row.text("uri"),
                version=row.text("version"),
            )
        )
    # HSDS 1 and 2 give a term's taxonomy as its name, or not at all.
    for row in source.rows("taxonomy_terms"):
        key = row.text("taxonomy_id")
        if key not in named or not row.has("id"):
            key = row.text("taxonomy", "vocabulary") or DEFAULT_TAXONOMY
            if key not in named:
                named[key] = source.ids.of("taxonomy", f"name {key}")
                source.found.taxonomies.append(
                    TaxonomyRecord(
                        id=named[key], whence=row.whence, name=f"{key} ({source.ids.source})"
                    )
                )
        parent = row.text("parent_id")
        source.found.terms.append(
            TermRecord(
                id=source.term_id(_own_id(row)),
                whence=row.whence,
                taxonomy_id=named[key],
                name=row.text("name", "term"),
                parent_id=source.term_id(parent) if parent else None,
                description=row.text("description"),
                code=row.text("code") or ("" if row.has("id") else _own_id(row)),
                term_uri=row.text("term_uri", "uri"),
            )
        )


def _own_id(row: Row) -> str:
    # Ohana's file of terms calls its own id taxonomy_id.
    return row.text("id") or row.text("taxonomy_id")
