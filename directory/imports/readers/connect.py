"""The CSV that Connect gives out: organisations, services, locations and which service is where.

Descriptions are Markdown. Its columns are read as they are spelled, ``critera_age_group`` included.
"""

from __future__ import annotations

from directory.imports.identity import Identities
from directory.imports.readers.tables import Row, Tables
from directory.imports.readers.values import ages, amounts, cost_of, is_all_ages, language, yes
from directory.imports.records import (
    UNSET,
    AddressRecord,
    Batch,
    CostOptionRecord,
    EligibilityRecord,
    OrganisationRecord,
    PlaceRecord,
    ServicePlaceRecord,
    ServiceRecord,
)
from directory.markdown import plain

NO_DESCRIPTION = "no description available"
# What the publisher wrote where an organisation gave no address of its own.
_PLACEHOLDER_SITES = ("http://example.com", "https://example.com")
# Columns that say who a service is for, in words.
CRITERIA = (
    "criteria_disability",
    "criteria_employment",
    "criteria_gender",
    "criteria_housing",
    "criteria_income",
    "criteria_language",
    "criteria_other",
)
COUNTRIES = {"united kingdom": "GB", "uk": "GB", "england": "GB", "": "GB"}


def recognises(tables: Tables) -> bool:
    services = tables.get("services") or []
    return "organisations" in tables and bool(services) and services[0].has("organisation_id")


def build(tables: Tables, ids: Identities) -> Batch:
    batch = Batch()
    for row in tables["organisations"]:
        batch.organisations.append(_organisation(row, ids))
    for row in tables.get("locations", []):
        batch.places.append(_place(row, ids))
    places: dict[str, list[str]] = {}
    for row in tables.get("service_locations", []):
        found = places.setdefault(row.text("service_id"), [])
        if row.text("location_id") not in found:
            found.append(row.text("location_id"))
    for row in tables["services"]:
        batch.services.append(_service(row, places.get(row.text("id"), []), ids, batch))
    return batch


def _organisation(row: Row, ids: Identities) -> OrganisationRecord:
    description = row.text("description")
    return OrganisationRecord(
        id=ids.of("organisation", row.text("id")),
        whence=row.whence,
        name=row.text("name"),
        description="" if description.lower() == NO_DESCRIPTION else description,
        url=_site(row.text("url")),
    )


def _site(url: str) -> str:
    return "" if url.rstrip("/") in _PLACEHOLDER_SITES else url


def _place(row: Row, ids: Identities) -> PlaceRecord:
    location = ids.of("location", row.text("id"))
    lines = [row.text(f"address_line_{number}") for number in (1, 2, 3)]
    country = row.text("country").lower()
    return PlaceRecord(
        id=location,
        whence=row.whence,
        location_type="physical",
        is_confidential=bool(yes(row.text("is_confidential", "confidential"))),
        addresses=[
            AddressRecord(
                id=ids.child("address", location, "address"),
                address_1=lines[0],
                address_2=", ".join(line for line in lines[1:] if line),
                city=row.text("city"),
                state_province=row.text("county"),
                postal_code=row.text("postcode"),
                country=COUNTRIES.get(country, country[:2].upper()),
            )
        ],
    )


def _service(row: Row, places: list[str], ids: Identities, batch: Batch) -> ServiceRecord:
    service = ids.of("service", row.text("id"))
    fees = row.text("fees_text")
    record = ServiceRecord(
        id=service,
        whence=row.whence,
        organisation_id=ids.of("organisation", row.text("organisation_id")),
        name=row.text("name"),
        summary=" ".join(plain(row.text("intro")).split()) or UNSET,
        description=row.text("description"),
        url=_site(row.text("url")),
        status="active" if row.text("status").lower() == "active" else "inactive",
        cost=cost_of(is_free=yes(row.text("is_free")), fees=fees, prices=[]),
        fees_description="\n\n".join(part for part in (fees, row.text("fees_url")) if part),
        wait_time=row.text("wait_time").replace("_", " "),
        eligibility_description="\n".join(
            part for part in (row.text(column) for column in CRITERIA) if part
        ),
        minimum_age=None,
        maximum_age=None,
        service_at_locations=[
            ServicePlaceRecord(
                id=ids.child("service_at_location", service, f"{service} {place}"),
                location_id=ids.of("location", place),
            )
            for place in places
        ],
        cost_options=[],
    )
    record.worked_out["delivery"] = ["at_place"] if places else []
    _ages(row, record, batch)
    found = amounts(fees)
    if record.cost == "paid" and len(found) == 1:
        record.cost_options = [
            CostOptionRecord(id=ids.child("cost_option", service, "fees_text"), amount=found[0])
        ]
    if row.text("criteria_language"):
        code, name = language(row.text("criteria_language"))
        record.languages = [(code, name)]
    method = row.text("referral_method").lower()
    if row.text("referral_url"):
        record.application_process = row.text("referral_url")
    elif method not in ("", "none"):
        record.application_process = row.text("referral_email")
    return record


def _ages(row: Row, record: ServiceRecord, batch: Batch) -> None:
    text = row.text("critera_age_group", "criteria_age_group")
    if not text:
        return
    if is_all_ages(text):
        record.eligibility = [EligibilityRecord(group="age", openness="all")]
        return
    found = ages(text)
    if found is None:
        batch.problem(
            row.whence, "critera_age_group", "The ages could not be read and were kept as words."
        )
        record.eligibility_description = "\n".join(
            part for part in (text, record.eligibility_description) if part
        )
        return
    record.minimum_age, record.maximum_age = found
