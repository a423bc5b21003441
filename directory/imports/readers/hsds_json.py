"""HSDS 3 and Open Referral UK v3 as JSON, made flat: the tables that :mod:`.hsds` reads.

Takes single records (``service_full``, ``organization_full``, ``service_at_location_full``…), pages
of an API (``contents``), plain lists, and the tabular form (``{"services.csv": […]}``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from directory.imports.readers.hsds_files import CANONICAL
from directory.imports.readers.tables import Row, Tables, UnknownSource
from directory.imports.records import Whence

# What a nested record's key says about its table.
NESTED = {
    "accessibility": "accessibility",
    "addresses": "addresses",
    "attributes": "attributes",
    "capacities": "service_capacities",
    "contacts": "contacts",
    "cost_options": "cost_options",
    "eligibilitys": "eligibilities",
    "eligibilities": "eligibilities",
    "holiday_schedules": "holiday_schedules",
    "languages": "languages",
    "location": "locations",
    "locations": "locations",
    "organization": "organizations",
    "organization_identifiers": "organization_identifiers",
    "phones": "phones",
    "physical_addresses": "addresses",
    "postal_addresses": "mail_addresses",
    "regular_schedules": "schedules",
    "required_documents": "required_documents",
    "schedules": "schedules",
    "service": "services",
    "service_areas": "service_areas",
    "service_at_locations": "service_at_locations",
    "services": "services",
    "taxonomy_detail": "taxonomies",
    "taxonomy_term": "taxonomy_terms",
}
POINTERS = {
    "contacts": "contact_id",
    "locations": "location_id",
    "organizations": "organization_id",
    "phones": "phone_id",
    "service_at_locations": "service_at_location_id",
    "services": "service_id",
    "taxonomies": "taxonomy_id",
    "taxonomy_terms": "taxonomy_term_id",
}
# Nested one to one: the parent points at the child, not the other way round.
BELOW_ONE = {
    ("services", "organization"): "organization_id",
    ("service_at_locations", "location"): "location_id",
    ("service_at_locations", "service"): "service_id",
    ("attributes", "taxonomy_term"): "taxonomy_term_id",
    ("taxonomy_terms", "taxonomy_detail"): "taxonomy_id",
}
# What the name of a file says about its records, longest first.
STEMS = (
    ("service_at_location", "service_at_locations"),
    ("taxonomy_term", "taxonomy_terms"),
    ("taxonomy", "taxonomies"),
    ("taxonomies", "taxonomies"),
    ("organi", "organizations"),
    ("location", "locations"),
    ("service", "services"),
)
DEEPEST = 12
_ID = re.compile(r'"id"\s*:\s*"([^"]{1,100})"')


def read_tables(paths: Iterable[Path]) -> Tables:
    flattener = _Flattener()
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8-sig")
            document = json.loads(text)
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise UnknownSource(f"{path.name} is not JSON: {type(error).__name__}.") from error
        flattener.document(path.name, text, document)
    tables = flattener.tables
    if not tables.get("services") and not tables.get("organizations"):
        raise UnknownSource("There are no services and no organizations in the JSON.")
    return tables


class _Flattener:
    def __init__(self) -> None:
        self.tables: Tables = {}
        self._seen: dict[tuple[str, str], Row] = {}
        self._file = ""
        self._lines: dict[str, int] = {}

    def document(self, name: str, text: str, document: Any) -> None:
        self._file, self._lines = name, _lines_of_ids(text)
        if isinstance(document, dict) and any(str(key).endswith(".csv") for key in document):
            for key, rows in document.items():
                table = CANONICAL.get(str(key).removesuffix(".csv"))
                if table is not None and isinstance(rows, list):
                    for row in rows:
                        self._record(row, table, {}, 0)
            return
        if isinstance(document, dict):
            for key in ("contents", "content"):
                if isinstance(document.get(key), list):
                    document = document[key]
                    break
        records = document if isinstance(document, list) else [document]
        for record in records:
            if isinstance(record, dict) and "id" in record:
                self._record(record, self._table_of(record), {}, 0)

    def _table_of(self, record: dict[str, Any]) -> str:
        for stem, table in STEMS:
            if self._file.lower().startswith(stem):
                return table
        if "location_type" in record:
            return "locations"
        if "service" in record and "location" in record:
            return "service_at_locations"
        if "organization_identifiers" in record or "legal_status" in record:
            return "organizations"
        return "services"

    def _record(self, record: Any, table: str, pointers: dict[str, Any], depth: int) -> None:
        if not isinstance(record, dict) or depth > DEEPEST:
            return
        values: dict[str, Any] = {
            str(key).lower(): value
            for key, value in record.items()
            if not isinstance(value, dict | list)
        }
        for column, value in pointers.items():
            values.setdefault(column, value)
        if table == "attributes" and "link_id" not in values:
            values["link_id"] = next(iter(pointers.values()), None)
        for key, value in record.items():
            pointer = BELOW_ONE.get((table, str(key)))
            if pointer and isinstance(value, dict) and value.get("id"):
                values.setdefault(pointer, value["id"])
        self._keep(table, values)
        own = POINTERS.get(table)
        below: dict[str, Any] = {own: values["id"]} if own and values.get("id") else {}
        if table == "service_at_locations" and values.get("service_id"):
            # So that what is nested here still knows its service.
            below["service_id"] = values["service_id"]
        for key, value in record.items():
            nested = NESTED.get(str(key))
            if nested is None:
                continue
            above = {} if (table, str(key)) in BELOW_ONE else below
            for child in value if isinstance(value, list) else [value]:
                self._record(child, nested, above, depth + 1)

    def _keep(self, table: str, values: dict[str, Any]) -> None:
        """A record met twice (a place under each of its services) is one row, filled from both."""
        key = (table, str(values.get("id") or ""))
        known = self._seen.get(key) if key[1] else None
        if known is not None:
            for column, value in values.items():
                if known.values.get(column) in (None, ""):
                    known.values[column] = value
            return
        row = Row(Whence(self._file, self._line_of(key[1])), values)
        self.tables.setdefault(table, []).append(row)
        if key[1]:
            self._seen[key] = row

    def _line_of(self, identifier: str) -> int:
        return self._lines.get(identifier, 1)


def _lines_of_ids(text: str) -> dict[str, int]:
    """On which line each id first stands; JSON itself has no lines. One pass."""
    lines: dict[str, int] = {}
    line, last = 1, 0
    for found in _ID.finditer(text):
        line += text.count("\n", last, found.start())
        last = found.start()
        lines.setdefault(found[1], line)
    return lines
