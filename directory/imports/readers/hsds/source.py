"""The tables of one source, and what organisations, places and services read alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from directory.imports.identity import Identities
from directory.imports.readers.tables import Row, Tables
from directory.imports.records import (
    Batch,
    ContactRecord,
    PhoneRecord,
)

PHONE_KINDS = {"voice": "voice", "fax": "fax", "text": "text", "sms": "text", "tty": "textphone",
               "textphone": "textphone", "cell": "voice", "mobile": "voice"}  # fmt: skip


class Source:
    def __init__(self, tables: Tables, ids: Identities) -> None:
        self.tables = tables
        self.ids = ids
        self.found = Batch()
        self.location_ids = {row.text("id") for row in self.rows("locations")}
        self.service_ids = {row.text("id") for row in self.rows("services")}
        self._phones_of_contacts = self.by("phones", "contact_id")

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def by(self, table: str, *columns: str) -> dict[str, list[Row]]:
        """Rows by the first of these columns that they fill."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            key = row.text(*columns)
            if key:
                groups[key].append(row)
        return groups

    def term_id(self, key: str) -> UUID:
        return self.ids.of("taxonomy_term", key)

    def owned(
        self, table: str, column: str, *, above: tuple[str, ...] = ()
    ) -> dict[str, list[Row]]:
        """Rows whose owner is in ``column``. Where a row names several owners, the closest has it."""
        known = {"service_id": self.service_ids, "location_id": self.location_ids}
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            if any(row.text(name) in known[name] for name in above):
                continue
            if table == "phones" and row.text("contact_id") and not row.text(column):
                continue
            if row.text(column):
                groups[row.text(column)].append(row)
        return groups

    def phones(
        self, owner: UUID, rows: Iterable[Row], contacts: Iterable[Row] = ()
    ) -> list[PhoneRecord]:
        found: list[PhoneRecord] = []
        seen: set[str] = set()

        def add(row: Row, *, is_public: bool, about: str = "") -> None:
            # The HSDS example quotes its number twice over.
            number = row.text("number").strip("\"' ")
            digits = re.sub(r"\D", "", number)
            if not number or digits in seen:
                return
            seen.add(digits)
            found.append(
                PhoneRecord(
                    id=self.ids.child("phone", owner, row.text("id") or number),
                    number=number,
                    extension=row.text("extension"),
                    kind=PHONE_KINDS.get(row.text("type", "number_type").lower(), "voice"),
                    description=row.text("description", "department") or about,
                    is_public=is_public,
                    position=len(found),
                )
            )

        for row in rows:
            add(row, is_public=True)
        for contact in contacts:
            for row in self._phones_of_contacts.get(contact.text("id"), []):
                # A worker's own line: theirs to make public, not ours.
                add(row, is_public=False, about=contact.text("title"))
        return found

    def contacts(self, owner: UUID, rows: Iterable[Row]) -> list[ContactRecord]:
        return [
            ContactRecord(
                id=self.ids.child("contact", owner, row.text("id") or row.text("name", "title")),
                name=row.text("name"),
                title=row.text("title"),
                department=row.text("department"),
                email=row.text("email"),
            )
            for row in rows
        ]
