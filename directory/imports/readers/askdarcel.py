"""AskDarcel's CSV: resources (organisations), their services, and days with times like ``1445``.

A service has no place of its own: it is where its organisation is. ``hours_known`` false means that
nobody knows, which is neither open nor closed.
"""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from directory.imports.identity import Identities
from directory.imports.opening_words import NotUnderstood, weekday_of
from directory.imports.readers.tables import Row, Tables
from directory.imports.readers.values import a_date, a_number, cost_of, whole_number, yes
from directory.imports.records import (
    UNSET,
    AddressRecord,
    Batch,
    OpeningRuleRecord,
    OrganisationRecord,
    PlaceRecord,
    ServicePlaceRecord,
    ServiceRecord,
)

# AskDarcel's enumeration: pending, approved, rejected, inactive.
APPROVED = "1"


def recognises(tables: Tables) -> bool:
    return {"resources", "services", "schedules", "schedule_days"} <= tables.keys()


def build(tables: Tables, ids: Identities) -> Batch:
    batch = Batch()
    days: dict[str, list[Row]] = {}
    for row in tables["schedule_days"]:
        days.setdefault(row.text("schedule_id"), []).append(row)
    hours: dict[tuple[str, str], list[Row]] = {}
    known: dict[tuple[str, str], bool] = {}
    for row in tables["schedules"]:
        owner = "service_id" if row.text("service_id") else "resource_id"
        key = (owner, row.text(owner))
        known[key] = yes(row.text("hours_known")) is not False
        hours.setdefault(key, []).extend(days.get(row.text("id"), []))
    places: dict[str, list[UUID]] = {}
    for row in tables.get("addresses", []):
        place = _place(row, hours, known, ids, batch)
        places.setdefault(row.text("resource_id"), []).append(place.id)
        batch.places.append(place)
    for row in tables["resources"]:
        batch.organisations.append(
            OrganisationRecord(
                id=ids.of("organisation", row.text("id")),
                whence=row.whence,
                name=row.text("name"),
                alternate_name=row.text("alternate_name"),
                description=row.text("long_description", "short_description"),
                email=row.text("email"),
                url=row.text("website"),
                legal_status=row.text("legal_status"),
            )
        )
    for row in tables["services"]:
        batch.services.append(_service(row, places, hours, known, ids, batch))
    return batch


def _place(
    row: Row,
    hours: dict[tuple[str, str], list[Row]],
    known: dict[tuple[str, str], bool],
    ids: Identities,
    batch: Batch,
) -> PlaceRecord:
    location = ids.of("location", row.text("id"))
    owner = ("resource_id", row.text("resource_id"))
    more = [row.text(f"address_{number}") for number in (2, 3, 4)]
    latitude, longitude = row.text("latitude"), row.text("longitude")
    return PlaceRecord(
        id=location,
        whence=row.whence,
        organisation_id=ids.of("organisation", row.text("resource_id")),
        location_type="virtual" if yes(row.text("online")) else "physical",
        name=row.text("name"),
        description=row.text("description"),
        transportation=row.text("transportation"),
        latitude=a_number(latitude) if latitude else UNSET,
        longitude=a_number(longitude) if longitude else UNSET,
        addresses=[
            AddressRecord(
                id=ids.child("address", location, "address"),
                attention=row.text("attention"),
                address_1=row.text("address_1"),
                address_2=", ".join(part for part in more if part),
                city=row.text("city"),
                region=row.text("region"),
                state_province=row.text("state_province"),
                postal_code=row.text("postal_code"),
                country="US",
            )
        ],
        # The organisation's hours are those of its place.
        openingrules=_rules(hours.get(owner, []), location, ids, batch)
        if known.get(owner, True)
        else [],
    )


def _service(
    row: Row,
    places: dict[str, list[UUID]],
    hours: dict[tuple[str, str], list[Row]],
    known: dict[tuple[str, str], bool],
    ids: Identities,
    batch: Batch,
) -> ServiceRecord:
    service = ids.of("service", row.text("id"))
    owner = ("service_id", row.text("id"))
    fees = row.text("fee")
    at = places.get(row.text("resource_id"), [])
    record = ServiceRecord(
        id=service,
        whence=row.whence,
        organisation_id=ids.of("organisation", row.text("resource_id")),
        name=row.text("name"),
        alternate_name=row.text("alternate_name"),
        summary=row.text("short_description") or UNSET,
        description=row.text("long_description"),
        url=row.text("url"),
        email=row.text("email"),
        status="active" if row.text("status") == APPROVED else "inactive",
        application_process=row.text("application_process"),
        required_documents=row.text("required_documents"),
        interpretation_services=row.text("interpretation_services"),
        eligibility_description=row.text("eligibility"),
        wait_time=row.text("wait_time"),
        cost=cost_of(is_free=None, fees=fees, prices=[]),
        fees_description=fees,
        checked_on=a_date(row.text("verified_at")) or UNSET,
        openingrules=_rules(hours.get(owner, []), service, ids, batch)
        if known.get(owner, True)
        else [],
        service_at_locations=[
            ServicePlaceRecord(
                id=ids.child("service_at_location", service, f"{service} {place}"),
                location_id=place,
            )
            for place in at
        ],
    )
    record.worked_out["delivery"] = ["at_place"] if at else []
    return record


def _rules(rows: list[Row], owner: UUID, ids: Identities, batch: Batch) -> list[OpeningRuleRecord]:
    found = []
    for row in rows:
        values: dict[str, Any] = {
            "opens_at": _clock(row.text("opens_at", "open_time")),
            "closes_at": _clock(row.text("closes_at", "close_time")),
        }
        try:
            values["weekday"] = weekday_of(row.text("day", "open_day"))
        except NotUnderstood:
            batch.problem(row.whence, "day", "It is not a day of the week and was left out.")
            continue
        if None in values.values():
            batch.problem(row.whence, "opens_at", "The times could not be read: only the day kept.")
            values.update(opens_at=None, closes_at=None)
        found.append(
            OpeningRuleRecord(id=ids.child("schedule_day", owner, row.text("id")), **values)
        )
    return found


def _clock(text: str) -> time | None:
    """``1445`` is a quarter to three in the afternoon, ``0`` and ``2400`` midnight."""
    number = whole_number(text)
    if number is None:
        return None
    hour, minute = divmod(number, 100)
    if (hour, minute) == (24, 0):
        hour = 0
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    return time(hour, minute)
