"""Reads the files beside it into the records that an import writes."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from directory.actions.reference import starter_topics, topic_id
from directory.imports.identity import Identities
from directory.imports.opening_words import parse_times
from directory.imports.records import (
    AccessFactRecord,
    AddressRecord,
    Batch,
    CostOptionRecord,
    EligibilityRecord,
    EventRecord,
    OpeningRuleRecord,
    OrganisationRecord,
    PhoneRecord,
    PlaceRecord,
    ServicePlaceRecord,
    ServiceRecord,
    Whence,
)

FOLDER = Path(__file__).parent
# Kept with every record, so that each can be told from real data for as long as it lives.
SOURCE = "Demonstration data of 2011"
LONDON = ZoneInfo("Europe/London")
LANGUAGES = {
    "bfi": "British Sign Language",
    "bn": "Bengali",
    "cy": "Welsh",
    "pa": "Punjabi",
    "pl": "Polish",
    "ur": "Urdu",
}

_ids = partial(Identities, SOURCE)


def identity(table: str, slug: str) -> UUID:
    """The id that a demonstration record has on every machine."""
    return _ids().of(table, slug)


def read(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as handle:
        return tomllib.load(handle)


def demonstration_batch(today: date) -> Batch:
    """The whole network; dates are counted from ``today``."""
    batch = Batch()
    topics = starter_topics()
    batch.taxonomies, batch.terms = topics.taxonomies, topics.terms
    _organisations(batch)
    _places(batch)
    for path in sorted((FOLDER / "services").glob("*.toml")):
        name = f"services/{path.name}"
        for number, entry in enumerate(read(name)["service"], start=1):
            batch.services.append(_service(entry, Whence(name, number), today))
    return batch


def _organisations(batch: Batch) -> None:
    for number, (slug, entry) in enumerate(read("organisations.toml").items(), start=1):
        organisation = identity("organisation", slug)
        batch.organisations.append(
            OrganisationRecord(
                id=organisation,
                whence=Whence("organisations.toml", number),
                name=entry["name"],
                alternate_name=entry.get("other", ""),
                description=entry["about"],
                url=entry.get("url", ""),
                email=entry.get("email", ""),
                legal_status=entry.get("status", ""),
                is_access_point=entry.get("access_point", False),
                phones=[PhoneRecord(id=identity("phone", slug), number=entry["phone"])],
            )
        )


def _places(batch: Batch) -> None:
    for number, (slug, entry) in enumerate(read("places.toml").items(), start=1):
        whence = Whence("places.toml", number)
        organisation = identity("organisation", entry["org"])
        location = identity("location", slug)
        if entry.get("confidential"):
            batch.places.append(
                PlaceRecord(
                    id=location, whence=whence, organisation_id=organisation, is_confidential=True
                )
            )
            continue
        first, second, town, postcode = entry["address"]
        batch.places.append(
            PlaceRecord(
                id=location,
                whence=whence,
                organisation_id=organisation,
                name=entry["name"],
                transportation=entry.get("getting_there", ""),
                latitude=entry["position"][0],
                longitude=entry["position"][1],
                precision="unit",
                addresses=[
                    AddressRecord(
                        id=identity("address", slug),
                        address_1=first,
                        address_2=second,
                        city=town,
                        state_province="County Durham",
                        postal_code=postcode,
                    )
                ],
                access_facts=_facts(entry.get("access", {}), entry.get("notes", {})),
            )
        )


def _facts(access: dict[str, str], notes: dict[str, str]) -> list[AccessFactRecord]:
    return [
        AccessFactRecord(kind=kind, value=value, note=notes.get(kind, ""))
        for kind, value in access.items()
    ]


def _service(entry: dict[str, Any], whence: Whence, today: date) -> ServiceRecord:
    slug = entry["slug"]
    checked = entry.get("checked")
    places = entry.get("at", [])
    closed = entry.get("status") == "closed"
    phones = [PhoneRecord(id=identity("phone", f"service {slug}"), number=entry["phone"])]
    if "text" in entry:
        phones.append(
            PhoneRecord(
                id=identity("phone", f"text {slug}"), number=entry["text"], kind="text", position=1
            )
        )
    return ServiceRecord(
        id=identity("service", slug),
        whence=whence,
        organisation_id=identity("organisation", entry["org"]),
        name=entry["name"],
        summary=entry["summary"],
        description=entry["about"].strip(),
        easy_read_summary=entry.get("easy_read", ""),
        status="temporarily closed" if closed else "active",
        closed_until=today + timedelta(days=entry["closed_for_days"]) if closed else None,
        alert=entry.get("alert", ""),
        application_process=entry["start"],
        required_documents=entry.get("bring", ""),
        cost=entry.get("cost", "not_known"),
        fees_description=entry.get("fees", ""),
        minimum_age=entry.get("min_age"),
        maximum_age=entry.get("max_age"),
        delivery=entry.get("delivery", ["at_place"]),
        capacity=entry.get("capacity", "not_known"),
        wait_time=entry.get("wait", ""),
        bank_holidays=entry.get("bank_holidays", "not_known"),
        hours_note=entry.get("hours_note", ""),
        checked_on=None if checked is None else today - timedelta(days=checked),
        checked_by="" if checked is None else "the network's directory editor",
        terms=[topic_id(topic) for topic in entry["topics"]],
        languages=[(code, LANGUAGES[code]) for code in entry.get("languages", [])],
        eligibility=[
            EligibilityRecord(group=group, openness="all")
            if terms == "all"
            else EligibilityRecord(group=group, openness="these", terms=terms)
            for group, terms in entry.get("for", {}).items()
        ],
        access_facts=_facts(entry.get("access", {}), {}),
        phones=phones,
        cost_options=[
            CostOptionRecord(
                id=identity("cost", f"{slug} {number}"),
                option=option,
                amount=pence,
                amount_description=per,
            )
            for number, (option, pence, per) in enumerate(entry.get("prices", []))
        ],
        service_at_locations=[
            ServicePlaceRecord(
                id=identity("service_at_location", f"{slug} {place}"),
                location_id=identity("location", place),
            )
            for place in places
        ],
        openingrules=[
            OpeningRuleRecord(
                id=identity("opening_rule", f"{slug} {number}"),
                **{name: getattr(times, name) for name in times.__slots__},
            )
            for number, times in enumerate(parse_times(entry.get("hours", "")))
        ],
        events=[
            _event(event, f"{slug} {number}", today)
            for number, event in enumerate(entry.get("events", []))
        ],
    )


def _event(entry: dict[str, Any], key: str, today: date) -> EventRecord:
    day = today + timedelta(days=entry["in_days"])

    def at(clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=LONDON)

    return EventRecord(
        id=identity("event", key),
        title=entry["title"],
        starts_at=at(entry["from"]),
        ends_at=at(entry["to"]),
        location_id=identity("location", entry["at"]),
        note=entry.get("note", ""),
    )
