"""Rows of a spreadsheet made into records."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from directory.imports.identity import Identities
from directory.imports.opening_words import NotUnderstood, parse_times
from directory.imports.readers.tables import Row
from directory.imports.readers.values import (
    a_date,
    ages,
    amounts,
    cost_of,
    is_all_ages,
    items,
    language,
    pence,
    yes,
)
from directory.imports.records import (
    UNSET,
    AccessFactRecord,
    AddressRecord,
    Batch,
    CostOptionRecord,
    EligibilityRecord,
    OpeningRuleRecord,
    OrganisationRecord,
    PhoneRecord,
    PlaceRecord,
    ServicePlaceRecord,
    ServiceRecord,
)
from directory.models import TaxonomyTerm
from directory.postcodes import normalise

DELIVERY = {
    "at a place": "at_place",
    "comes to you": "comes_to_you",
    "at home": "comes_to_you",
    "home": "comes_to_you",
    "by phone": "phone",
    "phone": "phone",
    "telephone": "phone",
    "online": "online",
}
ACCESS = {
    "no steps": "step_free",
    "step free": "step_free",
    "level access": "step_free",
    "wheelchair": "step_free",
    "toilet": "toilet",
    "accessible toilet": "toilet",
    "hearing loop": "hearing_loop",
    "loop": "hearing_loop",
    "parking": "parking",
    "blue badge parking": "parking",
    "bus": "bus",
    "bus stop": "bus",
    "quiet times": "quiet_times",
    "bsl": "bsl",
    "lift": "lift",
}
STATES = {
    "": "active",
    "active": "active",
    "running": "active",
    "closed": "temporarily closed",
    "closed for now": "temporarily closed",
    "temporarily closed": "temporarily closed",
    "not running": "inactive",
    "inactive": "inactive",
    "ended": "defunct",
    "defunct": "defunct",
}


class Sheet:
    def __init__(self, columns: dict[str, str], chosen: dict[str, Any], ids: Identities) -> None:
        self.columns = columns
        # As the person who keeps the list writes them, for the problems.
        self.labels = {field: str(label) for field, label in chosen["columns"].items()}
        self.always = {field: str(value) for field, value in chosen["always"].items()}
        self.ids = ids
        self.found = Batch()
        self._topics = _topics() if self._has("topics") else {}
        self._organisations: dict[UUID, OrganisationRecord] = {}
        self._places: dict[UUID, PlaceRecord] = {}
        self._keys: set[UUID] = set()

    def batch(self, rows: list[Row]) -> Batch:
        for row in rows:
            self._row(row)
        self.found.organisations = list(self._organisations.values())
        self.found.places = list(self._places.values())
        return self.found

    def _has(self, *fields: str) -> bool:
        return any(field in self.columns or field in self.always for field in fields)

    def _get(self, row: Row, field: str) -> str:
        text = row.text(self.columns[field]) if field in self.columns else ""
        return text or self.always.get(field, "")

    def _given(self, row: Row, field: str) -> Any:
        """The cell, or UNSET where the list has no such column."""
        return self._get(row, field) if self._has(field) else UNSET

    def _problem(self, row: Row, field: str, sentence: str) -> None:
        self.found.problem(row.whence, self.labels.get(field, field), sentence)

    def _row(self, row: Row) -> None:
        name, group = self._get(row, "name"), self._get(row, "organisation")
        if not name:
            self._problem(row, "name", "It has no name and was left out.")
            return
        if not group:
            self._problem(row, "organisation", "It names no organisation and was left out.")
            return
        organisation = self._organisation(row, group)
        key = self._get(row, "id") or f"{_plain_key(group)}\n{_plain_key(name)}"
        service = self.ids.of("service", key)
        if service in self._keys:
            self._problem(
                row, "name", "Another line has the same name and organisation: it was left out."
            )
            return
        self._keys.add(service)
        record = ServiceRecord(
            id=service,
            whence=row.whence,
            organisation_id=organisation,
            name=name,
            alternate_name=self._given(row, "other_names"),
            summary=self._get(row, "summary") or UNSET,
            description=self._given(row, "description"),
            url=self._given(row, "website"),
            email=self._given(row, "email"),
            application_process=self._given(row, "how_to_start"),
            required_documents=self._given(row, "bring"),
            eligibility_description=self._given(row, "who"),
            hours_note=self._given(row, "times_note"),
        )
        self._state(row, record)
        self._phones(row, record)
        self._cost(row, record)
        self._ages(row, record)
        self._times(row, record)
        self._words(row, record)
        self._where(row, record, organisation, key)
        if self._get(row, "checked_on"):
            checked = a_date(self._get(row, "checked_on"))
            if checked is None:
                self._problem(row, "checked_on", "It is not a date and was left out.")
            else:
                record.checked_on = checked
        self.found.services.append(record)

    def _organisation(self, row: Row, name: str) -> UUID:
        identifier = self.ids.of("organisation", _plain_key(name))
        if identifier not in self._organisations:
            self._organisations[identifier] = OrganisationRecord(
                id=identifier,
                whence=row.whence,
                name=name,
                description=self._given(row, "organisation_about"),
            )
        return identifier

    def _state(self, row: Row, record: ServiceRecord) -> None:
        if not self._has("status"):
            return
        text = self._get(row, "status").lower()
        if text in STATES:
            record.status = STATES[text]
        else:
            self._problem(row, "status", "It is not a state that the portal knows: left out.")

    def _phones(self, row: Row, record: ServiceRecord) -> None:
        if not self._has("phone", "text_phone"):
            return
        record.phones = []
        for field, kind in (("phone", "voice"), ("text_phone", "text")):
            for number in re.split(r"\s*(?:[/;]|\bor\b)\s*", self._get(row, field)):
                if number:
                    record.phones.append(
                        PhoneRecord(
                            id=self.ids.child("phone", record.id, f"{field} {number}"),
                            number=number,
                            kind=kind,
                            position=len(record.phones),
                        )
                    )

    def _cost(self, row: Row, record: ServiceRecord) -> None:
        if not self._has("cost", "price", "fees"):
            return
        said, fees, priced = (self._get(row, field) for field in ("cost", "fees", "price"))
        amount = pence(priced) if priced else None
        if priced and amount is None:
            self._problem(row, "price", "It is not one amount of money: it was kept as words.")
            fees = "\n".join(part for part in (priced, fees) if part)
        word = said.lower().replace("_", " ")
        is_free = yes(said)
        if word in ("free", "paid", "not known"):
            is_free = {"free": True, "paid": False}.get(word)
        elif said and is_free is None:
            fees = "\n".join(part for part in (said, fees) if part)
            found = amounts(said)
            if amount is None and len(found) == 1:
                amount = found[0]
        record.fees_description = fees
        record.cost = cost_of(is_free=is_free, fees=fees, prices=[amount])
        record.cost_options = []
        if amount:
            record.cost_options.append(
                CostOptionRecord(
                    id=self.ids.child("cost_option", record.id, "price"),
                    amount=amount,
                    amount_description=self._get(row, "per"),
                )
            )

    def _ages(self, row: Row, record: ServiceRecord) -> None:
        if not self._has("ages"):
            return
        text = self._get(row, "ages")
        record.minimum_age = record.maximum_age = None
        if not text:
            return
        if is_all_ages(text):
            record.eligibility = [EligibilityRecord(group="age", openness="all")]
            return
        found = ages(text)
        if found is None:
            self._problem(row, "ages", "The ages could not be read and were kept as words.")
            record.eligibility_description = "\n".join(
                part for part in (text, record.eligibility_description or "") if part
            )
        else:
            record.minimum_age, record.maximum_age = found

    def _times(self, row: Row, record: ServiceRecord) -> None:
        if not self._has("times"):
            return
        text = self._get(row, "times")
        try:
            record.openingrules = [
                OpeningRuleRecord(
                    id=self.ids.child("opening_rule", record.id, number),
                    **{field: getattr(times, field) for field in times.__slots__},
                )
                for number, times in enumerate(parse_times(text))
            ]
        except NotUnderstood:
            self._problem(row, "times", "The times could not be read and were kept as words.")
            record.openingrules = []
            record.hours_note = "\n".join(part for part in (text, record.hours_note or "") if part)

    def _words(self, row: Row, record: ServiceRecord) -> None:
        if self._has("topics"):
            record.terms = []
            for name in items(self._get(row, "topics")):
                term = self._topics.get(_plain_key(name))
                if term is None:
                    self._problem(row, "topics", "One topic is not a topic here and was left out.")
                else:
                    record.terms.append(term)
        if self._has("languages"):
            record.languages = [language(name) for name in items(self._get(row, "languages"))]
        if self._has("delivery"):
            record.delivery = []
            for name in items(self._get(row, "delivery")):
                if name.lower() in DELIVERY:
                    record.delivery.append(DELIVERY[name.lower()])
                else:
                    self._problem(row, "delivery", "One way of giving help is not known: left out.")

    def _where(self, row: Row, record: ServiceRecord, organisation: UUID, key: str) -> None:
        if not self._has("place", "address", "postcode", "confidential"):
            return
        record.service_at_locations = []
        confidential = bool(yes(self._get(row, "confidential")))
        parts = [self._get(row, field) for field in ("place", "address", "postcode")]
        parts[2] = normalise(parts[2]) or parts[2]
        if not any(parts) and not confidential:
            record.worked_out["delivery"] = []
            return
        if confidential:
            where = self.ids.of("location", f"confidential\n{key}")
        else:
            where = self.ids.of("location", "\n".join(_plain_key(part) for part in parts))
        if where not in self._places:
            self._places[where] = PlaceRecord(
                id=where,
                whence=row.whence,
                organisation_id=organisation,
                name=parts[0],
                transportation=self._given(row, "getting_there"),
                is_confidential=confidential,
                addresses=[
                    AddressRecord(
                        id=self.ids.child("address", where, "address"),
                        address_1=parts[1],
                        address_2=self._get(row, "address_2"),
                        city=self._get(row, "town"),
                        state_province=self._get(row, "county"),
                        postal_code=parts[2],
                    )
                ],
                access_facts=self._access(row),
            )
        record.service_at_locations.append(
            ServicePlaceRecord(
                id=self.ids.child("service_at_location", record.id, f"{record.id} {where}"),
                location_id=where,
            )
        )
        if not self._has("delivery"):
            record.worked_out["delivery"] = ["at_place"]

    def _access(self, row: Row) -> Any:
        if not self._has("access"):
            return UNSET
        facts: dict[str, AccessFactRecord] = {}
        for name in items(self._get(row, "access")):
            words = name.lower()
            # "no lift", "no: lift", "lift: no"; but "no steps" is good news.
            denied = re.match(r"^(?:no:?\s+(?!steps)(.+)|(.+):\s*no)$", words)
            kind = ACCESS.get((denied[1] or denied[2]).strip() if denied else words)
            if kind is None:
                self._problem(row, "access", "One fact about getting in is not known: left out.")
            else:
                facts[kind] = AccessFactRecord(kind=kind, value="no" if denied else "yes")
        return list(facts.values())


def _plain_key(text: str) -> str:
    """So that "The Hall" and "the  hall" are one."""
    return " ".join(text.casefold().split())


def _topics() -> dict[str, UUID]:
    """The portal's own topics by name, by short name, and by the other words for them."""
    found: dict[str, UUID] = {}
    for term in TaxonomyTerm.objects.all():
        for word in term.synonyms:
            found.setdefault(_plain_key(word), term.id)
    for term in TaxonomyTerm.objects.all():
        found[_plain_key(term.name)] = found[term.slug] = term.id
    return found
