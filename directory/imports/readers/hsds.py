"""HSDS tables, of any version, made into records.

The three versions differ in names (``website`` and ``url``), in where things hang (HSDS 1 has
``location_id`` in its services and ``taxonomy_ids`` in a cell) and in how times are written
(``weekday`` and ``byday``). One reader takes all of them, because real exports mix them.

A confidential place is one with ``is_confidential`` or ``confidential`` true, or with an attribute or a
line of ``accessibility`` that says "confidential address" (or location), for the place itself or for a
service, which makes all of that service's places confidential.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from directory.imports.identity import Identities
from directory.imports.readers import hsds_times
from directory.imports.readers.tables import Row, Tables
from directory.imports.readers.values import (
    a_date,
    a_number,
    ages,
    cost_of,
    items,
    language,
    pence,
    whole_number,
    yes,
)
from directory.imports.records import (
    UNSET,
    AccessFactRecord,
    AddressRecord,
    Batch,
    ContactRecord,
    CostOptionRecord,
    IdentifierRecord,
    OrganisationRecord,
    PhoneRecord,
    PlaceRecord,
    ServiceAreaRecord,
    ServicePlaceRecord,
    ServiceRecord,
    TaxonomyRecord,
    TermRecord,
)

CONFIDENTIAL = re.compile(r"\bconfidential\s+(?:address|location|place)\b", re.IGNORECASE)
STATES = {
    "active": "active",
    "inactive": "inactive",
    "defunct": "defunct",
    "temporarily closed": "temporarily closed",
}
PHONE_KINDS = {"voice": "voice", "fax": "fax", "text": "text", "sms": "text", "tty": "textphone",
               "textphone": "textphone", "cell": "voice", "mobile": "voice"}  # fmt: skip
# The words of HSDS 1's list of ways of getting in that mean one of our facts.
FACTS = {
    "wheelchair": "step_free",
    "ramp": "step_free",
    "restroom": "toilet",
    "disabled_parking": "parking",
    "elevator": "lift",
    "hearing_loop": "hearing_loop",
}
PLACES = {"physical": "physical", "postal": "postal", "virtual": "virtual"}
DEFAULT_TAXONOMY = "Terms of the source"


def build(tables: Tables, ids: Identities) -> Batch:
    return _Builder(tables, ids).batch()


class _Builder:
    def __init__(self, tables: Tables, ids: Identities) -> None:
        self.tables = tables
        self.ids = ids
        self.found = Batch()
        self.organisation_ids = {row.text("id") for row in self._rows("organizations")}
        self.location_ids = {row.text("id") for row in self._rows("locations")}
        self.service_ids = {row.text("id") for row in self._rows("services")}

    def batch(self) -> Batch:
        self._terms()
        self._organisations()
        self._places()
        self._services()
        self._hide()
        return self.found

    def _rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def _by(self, table: str, *columns: str) -> dict[str, list[Row]]:
        """Rows by the first of these columns that they fill."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows(table):
            key = row.text(*columns)
            if key:
                groups[key].append(row)
        return groups

    # --- Words ----------------------------------------------------------------------------------

    def _terms(self) -> None:
        named: dict[str, UUID] = {}
        for row in self._rows("taxonomies"):
            taxonomy = self.ids.of("taxonomy", row.text("id"))
            named[row.text("id")] = taxonomy
            self.found.taxonomies.append(
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
        for row in self._rows("taxonomy_terms"):
            key = row.text("taxonomy_id")
            if key not in named or not row.has("id"):
                key = row.text("taxonomy", "vocabulary") or DEFAULT_TAXONOMY
                if key not in named:
                    named[key] = self.ids.of("taxonomy", f"name {key}")
                    self.found.taxonomies.append(
                        TaxonomyRecord(
                            id=named[key], whence=row.whence, name=f"{key} ({self.ids.source})"
                        )
                    )
            parent = row.text("parent_id")
            self.found.terms.append(
                TermRecord(
                    id=self._term_id(_own_id(row)),
                    whence=row.whence,
                    taxonomy_id=named[key],
                    name=row.text("name", "term"),
                    parent_id=self._term_id(parent) if parent else None,
                    description=row.text("description"),
                    code=row.text("code") or ("" if row.has("id") else _own_id(row)),
                    term_uri=row.text("term_uri", "uri"),
                )
            )

    def _term_id(self, key: str) -> UUID:
        return self.ids.of("taxonomy_term", key)

    # --- Organisations --------------------------------------------------------------------------

    def _organisations(self) -> None:
        phones = self._owned("phones", "organization_id", above=("service_id", "location_id"))
        contacts = self._owned("contacts", "organization_id", above=("service_id", "location_id"))
        numbers = self._by("organization_identifiers", "organization_id")
        has_phones, has_contacts = "phones" in self.tables, "contacts" in self.tables
        for row in self._rows("organizations"):
            key = row.text("id")
            organisation = self.ids.of("organisation", key)
            parent = row.text("parent_organization_id")
            self.found.organisations.append(
                OrganisationRecord(
                    id=organisation,
                    whence=row.whence,
                    name=row.text("name"),
                    alternate_name=row.text("alternate_name"),
                    description=row.text("description"),
                    email=row.text("email"),
                    url=row.text("website", "url", "uri"),
                    legal_status=row.text("legal_status"),
                    year_incorporated=_year(row.text("year_incorporated", "date_incorporated")),
                    parent_id=self.ids.of("organisation", parent) if parent else None,
                    identifiers=[
                        IdentifierRecord(
                            id=self.ids.child("identifier", organisation, found.text("id")),
                            identifier_scheme=found.text("identifier_scheme"),
                            identifier_type=found.text("identifier_type") or "identifier",
                            identifier=found.text("identifier"),
                        )
                        for found in numbers.get(key, [])
                    ],
                    phones=self._phones(organisation, phones[key], contacts[key])
                    if has_phones
                    else UNSET,
                    contacts=self._contacts(organisation, contacts[key]) if has_contacts else UNSET,
                )
            )

    def _owned(
        self, table: str, column: str, *, above: tuple[str, ...] = ()
    ) -> dict[str, list[Row]]:
        """Rows whose owner is in ``column``. Where a row names several owners, the closest has it."""
        known = {"service_id": self.service_ids, "location_id": self.location_ids}
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows(table):
            if any(row.text(name) in known[name] for name in above):
                continue
            if table == "phones" and row.text("contact_id") and not row.text(column):
                continue
            if row.text(column):
                groups[row.text(column)].append(row)
        return groups

    def _phones(
        self, owner: UUID, rows: Iterable[Row], contacts: Iterable[Row] = ()
    ) -> list[PhoneRecord]:
        by_contact = self._by("phones", "contact_id")
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
            for row in by_contact.get(contact.text("id"), []):
                # A worker's own line: theirs to make public, not ours.
                add(row, is_public=False, about=contact.text("title"))
        return found

    def _contacts(self, owner: UUID, rows: Iterable[Row]) -> list[ContactRecord]:
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

    # --- Places ---------------------------------------------------------------------------------

    def _places(self) -> None:
        addresses = self._by("addresses", "location_id")
        letters = self._by("mail_addresses", "location_id")
        phones = self._owned("phones", "location_id", above=("service_id",))
        contacts = self._owned("contacts", "location_id", above=("service_id",))
        words = self._by("accessibility", "location_id")
        times = hsds_times.Times(self.tables, self.ids, self.found)
        for row in self._rows("locations"):
            key = row.text("id")
            location = self.ids.of("location", key)
            organisation = row.text("organization_id")
            getting_in = [
                text for found in words[key] if (text := found.text("description", "accessibility"))
            ]
            listed = items(row.text("accessibility"))
            description = row.text("description", "short_desc")
            facts = _facts(listed)
            kind = PLACES.get(row.text("location_type").lower(), "physical")
            if yes(row.text("virtual")):
                kind = "virtual"
            self.found.places.append(
                PlaceRecord(
                    id=location,
                    whence=row.whence,
                    organisation_id=self.ids.of("organisation", organisation)
                    if organisation
                    else None,
                    location_type=kind,
                    name=row.text("name"),
                    alternate_name=row.text("alternate_name"),
                    # What a facts table cannot hold stays as words beside the place.
                    description="\n\n".join(part for part in (description, *getting_in) if part),
                    transportation=row.text("transportation"),
                    url=row.text("url", "website"),
                    is_confidential=self._is_confidential(row, [*getting_in, *listed]),
                    latitude=_degrees(row.text("latitude")),
                    longitude=_degrees(row.text("longitude")),
                    addresses=self._addresses(location, addresses[key], letters[key]),
                    access_facts=facts or UNSET,
                    phones=self._phones(location, phones[key], contacts[key])
                    if "phones" in self.tables
                    else UNSET,
                    contacts=self._contacts(location, contacts[key])
                    if "contacts" in self.tables
                    else UNSET,
                    openingrules=times.rules("location_id", key, location),
                    scheduleexceptions=times.exceptions("location_id", key, location),
                )
            )
        self.times = times

    @staticmethod
    def _is_confidential(row: Row, words: list[str]) -> bool:
        return bool(yes(row.text("is_confidential", "confidential"))) or any(
            CONFIDENTIAL.search(text) for text in words
        )

    def _addresses(
        self, location: UUID, physical: list[Row], postal: list[Row]
    ) -> list[AddressRecord]:
        found = []
        for row, kind in [*((r, "") for r in physical), *((r, "postal") for r in postal)]:
            stated = kind or row.text("address_type").lower()
            more = [row.text(f"address_{number}") for number in (2, 3, 4)]
            found.append(
                AddressRecord(
                    id=self.ids.child(
                        "address" if not kind else "mail_address", location, row.text("id")
                    ),
                    address_type="postal" if stated == "postal" else "physical",
                    attention=row.text("attention"),
                    address_1=row.text("address_1"),
                    address_2=", ".join(part for part in more if part),
                    city=row.text("city"),
                    region=row.text("region"),
                    state_province=row.text("state_province"),
                    postal_code=row.text("postal_code"),
                    country=row.text("country")[:2].upper() or "GB",
                )
            )
        return found

    # --- Services -------------------------------------------------------------------------------

    def _services(self) -> None:
        owner_of_place = {
            row.text("id"): row.text("organization_id") for row in self._rows("locations")
        }
        self.links = self._by("service_at_locations", "service_id")
        links_by_id = {row.text("id"): row for row in self._rows("service_at_locations")}
        below = {
            table: self._by(table, "service_id")
            for table in (
                "cost_options",
                "eligibilities",
                "languages",
                "required_documents",
                "service_areas",
                "services_taxonomy",
            )
        }
        attributes = self._by("attributes", "link_id", "service_id")
        phones = self._service_rows("phones", links_by_id)
        contacts = self._service_rows("contacts", links_by_id)
        kinds = {place.id: place.location_type for place in self.found.places}
        for row in self._rows("services"):
            key = row.text("id")
            service = self.ids.of("service", key)
            at = row.text("location_id")
            organisation = row.text("organization_id") or owner_of_place.get(at, "")
            record = ServiceRecord(
                id=service,
                whence=row.whence,
                organisation_id=self.ids.of("organisation", organisation),
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
                *(self._term_id(term) for term in items(row.text("taxonomy_ids"))),
                *(
                    self._term_id(found.text("taxonomy_term_id", "taxonomy_id"))
                    for found in (*below["services_taxonomy"][key], *attributes[key])
                    if found.text("taxonomy_term_id", "taxonomy_id")
                ),
            ]
            record.languages = self._languages(row, at, below["languages"][key])
            record.service_areas = self._areas(service, row, below["service_areas"][key])
            if "phones" in self.tables:
                record.phones = self._phones(service, phones[key], contacts[key])
            if "contacts" in self.tables:
                record.contacts = self._contacts(service, contacts[key])
            self._where(record, row, key, at)
            self._when(record, key)
            record.worked_out["delivery"] = _delivery(record, kinds)
            self.found.services.append(record)

    def _service_rows(self, table: str, links: dict[str, Row]) -> dict[str, list[Row]]:
        """Rows of a service, those of one of its places among them."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows(table):
            key = row.text("service_id")
            if key not in self.service_ids:
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
            self.found.problem(
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
            self.found.problem(row.whence, column, "It is not an age and was left out.")
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
                self.found.problem(
                    found.whence, "amount", "It is not an amount of money and was left out."
                )
            prices.append(amount)
            record.cost_options.append(
                CostOptionRecord(
                    id=self.ids.child("cost_option", record.id, found.text("id")),
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
            spoken = self._languages_at().get(place, "")
            named = [language(name) for name in items(spoken)]
        return list({code: (code, name) for code, name in named if code}.values())

    def _languages_at(self) -> dict[str, str]:
        return {row.text("id"): row.text("languages") for row in self._rows("locations")}

    def _areas(self, service: UUID, row: Row, rows: list[Row]) -> list[ServiceAreaRecord]:
        found = [
            ServiceAreaRecord(id=self.ids.child("service_area", service, name), name=name)
            for name in items(row.text("service_areas"))
        ]
        found += [
            ServiceAreaRecord(
                id=self.ids.child("service_area", service, each.text("id")),
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
                    id=self.ids.child("service_at_location", record.id, f"{key} {at}"),
                    location_id=self.ids.of("location", at),
                )
            )
        for link in self.links[key]:
            identifier = self.ids.child("service_at_location", record.id, link.text("id"))
            own = link.text("id")
            record.service_at_locations.append(
                ServicePlaceRecord(
                    id=identifier,
                    location_id=self.ids.of("location", link.text("location_id")),
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

    # --- Confidential places --------------------------------------------------------------------

    def _hide(self) -> None:
        """Mark the places of everything that an attribute calls confidential."""
        terms = {term.id: term.name for term in self.found.terms}
        hidden: set[UUID] = set()
        for row in self._rows("attributes"):
            term = terms.get(self._term_id(row.text("taxonomy_term_id")), "")
            if not CONFIDENTIAL.search(" ".join([row.text("label"), row.text("value"), term])):
                continue
            for key in (row.text("link_id"), row.text("service_id"), row.text("location_id")):
                hidden |= {self.ids.of(table, key) for table in ("location", "service") if key}
        for service in self.found.services:
            if service.id in hidden:
                hidden |= {link.location_id for link in service.service_at_locations or []}
        for place in self.found.places:
            if place.id in hidden:
                place.is_confidential = True


def _own_id(row: Row) -> str:
    # Ohana's file of terms calls its own id taxonomy_id.
    return row.text("id") or row.text("taxonomy_id")


def _year(text: str) -> int | None:
    number = whole_number(text)
    if number is None:
        found = a_date(text)
        number = found.year if found else None
    return number if number is not None and 1000 <= number <= 2999 else None


def _degrees(text: str) -> Any:
    return a_number(text) if text else UNSET


def _facts(words: list[str]) -> list[AccessFactRecord]:
    kinds = dict.fromkeys(FACTS[word] for word in words if word in FACTS)
    return [AccessFactRecord(kind=kind, value="yes") for kind in kinds]


def _delivery(record: ServiceRecord, kinds: dict[UUID, str]) -> list[str]:
    found = []
    for link in record.service_at_locations or []:
        kind = kinds.get(link.location_id, "physical")
        if kind == "virtual":
            found.append("online")
        elif kind == "physical":
            found.append("at_place")
    return list(dict.fromkeys(found))
