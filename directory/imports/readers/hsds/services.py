"""What is offered."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any
from uuid import UUID

from directory.imports.readers.hsds.source import Source
from directory.imports.readers.hsds.times import Times
from directory.imports.readers.tables import Row
from directory.imports.readers.values import (
    a_date,
    ages,
    cost_of,
    items,
    language,
    pence,
    whole_number,
)
from directory.imports.records import (
    UNSET,
    CostOptionRecord,
    ServiceAreaRecord,
    ServicePlaceRecord,
    ServiceRecord,
)

STATES = {
    "active": "active",
    "inactive": "inactive",
    "defunct": "defunct",
    "temporarily closed": "temporarily closed",
}


class Services:
    def __init__(self, source: Source, times: Times) -> None:
        self.source = source
        self.times = times
        self.links = source.by("service_at_locations", "service_id")
        self._languages_at = {
            row.text("id"): row.text("languages") for row in source.rows("locations")
        }

    def read(self) -> None:
        owner_of_place = {
            row.text("id"): row.text("organization_id") for row in self.source.rows("locations")
        }
        links_by_id = {row.text("id"): row for row in self.source.rows("service_at_locations")}
        below = {
            table: self.source.by(table, "service_id")
            for table in (
                "cost_options",
                "eligibilities",
                "languages",
                "required_documents",
                "service_areas",
                "services_taxonomy",
            )
        }
        attributes = self.source.by("attributes", "link_id", "service_id")
        phones = self._service_rows("phones", links_by_id)
        contacts = self._service_rows("contacts", links_by_id)
        kinds = {place.id: place.location_type for place in self.source.found.places}
        for row in self.source.rows("services"):
            key = row.text("id")
            service = self.source.ids.of("service", key)
            at = row.text("location_id")
            organisation = row.text("organization_id") or owner_of_place.get(at, "")
            record = ServiceRecord(
                id=service,
                whence=row.whence,
                organisation_id=self.source.ids.of("organisation", organisation),
                name=row.text("name"),
                alternate_name=row.text("alternate_name"),
                description=row.text("description"),
                url=row.text("url", "website"),
                email=row.text("email"),
                status=self._status(row),
                alert=row.text("alert") if row.has("alert") else UNSET,
                application_process=row.text("application_process"),
                interpretation_services=row.text("interpretation_services"),
                wait_time=row.text("wait_time"),
                accreditations=row.text("accreditations"),
            )
            self._who(record, row, below["eligibilities"][key])
            self._what_it_costs(record, row, below["cost_options"][key])
            self._what_to_bring(record, row, below["required_documents"][key])
            record.checked_on = a_date(row.text("assured_date", "last_verified")) or UNSET
            record.terms = [
                *(self.source.term_id(term) for term in items(row.text("taxonomy_ids"))),
                *(
                    self.source.term_id(found.text("taxonomy_term_id", "taxonomy_id"))
                    for found in (*below["services_taxonomy"][key], *attributes[key])
                    if found.text("taxonomy_term_id", "taxonomy_id")
                ),
            ]
            record.languages = self._languages(row, at, below["languages"][key])
            record.service_areas = self._areas(service, row, below["service_areas"][key])
            if "phones" in self.source.tables:
                record.phones = self.source.phones(service, phones[key], contacts[key])
            if "contacts" in self.source.tables:
                record.contacts = self.source.contacts(service, contacts[key])
            self._where(record, row, key, at)
            self._when(record, key)
            record.worked_out["delivery"] = _delivery(record, kinds)
            self.source.found.services.append(record)

    def _service_rows(self, table: str, links: dict[str, Row]) -> dict[str, list[Row]]:
        """Rows of a service, those of one of its places among them."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.source.rows(table):
            key = row.text("service_id")
            if key not in self.source.service_ids:
                link = links.get(row.text("service_at_location_id"))
                key = link.text("service_id") if link else ""
            if key:
                groups[key].append(row)
        return groups

    def _status(self, row: Row) -> Any:
        text = re.sub(r"[\s_-]+", " ", row.text("status").lower())
        if not text:
            return UNSET
        if text not in STATES:
            self.source.found.problem(
                row.whence, "status", "It is not a state that HSDS knows, and was left out."
            )
            return UNSET
        return STATES[text]

    def _who(self, record: ServiceRecord, row: Row, rules: list[Row]) -> None:
        words = [
            text
            for text in (
                row.text("eligibility_description", "eligibility"),
                row.text("audience"),
                *(found.text("eligibility", "eligibility_description") for found in rules),
            )
            if text and text.lower().rstrip(".") != "none"
        ]
        record.eligibility_description = "\n\n".join(dict.fromkeys(words))
        if not (row.has("minimum_age", "maximum_age") or rules):
            return
        low = next((r.text("minimum_age") for r in (row, *rules) if r.text("minimum_age")), "")
        high = next((r.text("maximum_age") for r in (row, *rules) if r.text("maximum_age")), "")
        record.minimum_age = self._age(row, "minimum_age", low)
        record.maximum_age = self._age(row, "maximum_age", high)

    def _age(self, row: Row, column: str, text: str) -> int | None:
        if not text:
            return None
        number = whole_number(text)
        if number is None:
            number = next((value for value in ages(text) or () if value is not None), None)
        if number is None or number < 0:
            self.source.found.problem(row.whence, column, "It is not an age and was left out.")
            return None
        return number

    def _what_it_costs(self, record: ServiceRecord, row: Row, options: list[Row]) -> None:
        fees = row.text("fees_description", "fees")
        record.fees_description = fees
        prices: list[int | None] = []
        record.cost_options = []
        for found in options:
            amount = pence(found.text("amount")) if found.text("amount") else None
            if found.text("amount") and amount is None:
                self.source.found.problem(
                    found.whence, "amount", "It is not an amount of money and was left out."
                )
            prices.append(amount)
            record.cost_options.append(
                CostOptionRecord(
                    id=self.source.ids.child("cost_option", record.id, found.text("id")),
                    option=found.text("option"),
                    amount=amount,
                    currency=found.text("currency")[:3].upper() or "GBP",
                    amount_description=found.text("amount_description"),
                    valid_from=a_date(found.text("valid_from")),
                    valid_to=a_date(found.text("valid_to")),
                )
            )
        record.cost = cost_of(is_free=None, fees=fees, prices=prices)

    @staticmethod
    def _what_to_bring(record: ServiceRecord, row: Row, rows: list[Row]) -> None:
        found = [row.text("required_documents"), *(each.text("document") for each in rows)]
        record.required_documents = "\n".join(text for text in found if text)

    def _languages(self, row: Row, place: str, rows: list[Row]) -> list[tuple[str, str]]:
        named = [language(name) for name in items(row.text("languages"))]
        named += [
            language(found.text("name", "language"), found.text("code"))
            for found in rows
            if found.text("name", "language", "code")
        ]
        if not named and place:
            # HSDS 1 says which languages are spoken at the place.
            spoken = self._languages_at.get(place, "")
            named = [language(name) for name in items(spoken)]
        return list({code: (code, name) for code, name in named if code}.values())

    def _areas(self, service: UUID, row: Row, rows: list[Row]) -> list[ServiceAreaRecord]:
        found = [
            ServiceAreaRecord(id=self.source.ids.child("service_area", service, name), name=name)
            for name in items(row.text("service_areas"))
        ]
        found += [
            ServiceAreaRecord(
                id=self.source.ids.child("service_area", service, each.text("id")),
                name=each.text("name", "service_area", "description"),
                uri=each.text("uri"),
            )
            for each in rows
        ]
        return found

    def _where(self, record: ServiceRecord, row: Row, key: str, at: str) -> None:
        record.service_at_locations = []
        if at:
            record.service_at_locations.append(
                ServicePlaceRecord(
                    id=self.source.ids.child("service_at_location", record.id, f"{key} {at}"),
                    location_id=self.source.ids.of("location", at),
                )
            )
        for link in self.links[key]:
            identifier = self.source.ids.child("service_at_location", record.id, link.text("id"))
            own = link.text("id")
            record.service_at_locations.append(
                ServicePlaceRecord(
                    id=identifier,
                    location_id=self.source.ids.of("location", link.text("location_id")),
                    description=link.text("description"),
                    openingrules=self.times.rules("service_at_location_id", own, identifier),
                    scheduleexceptions=self.times.exceptions(
                        "service_at_location_id", own, identifier
                    ),
                )
            )

    def _when(self, record: ServiceRecord, key: str) -> None:
        record.openingrules = self.times.rules("service_id", key, record.id)
        record.scheduleexceptions = self.times.exceptions("service_id", key, record.id)
        note = self.times.notes.get(key)
        if note:
            record.hours_note = note


def _delivery(record: ServiceRecord, kinds: dict[UUID, str]) -> list[str]:
    found = []
    for link in record.service_at_locations or []:
        kind = kinds.get(link.location_id, "physical")
        if kind == "virtual":
            found.append("online")
        elif kind == "physical":
            found.append("at_place")
    return list(dict.fromkeys(found))
