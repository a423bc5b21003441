"""Loading what every network begins with: bank holidays, who help is for, and the starter topics."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from dcsn.audit import Actor
from directory.actions.imports import ImportReport, write_batch
from directory.imports.identity import Identities
from directory.imports.records import Batch, TaxonomyRecord, TermRecord, Whence
from directory.models import Calendar, CalendarDay, EligibilityTerm

FOLDER = Path(__file__).parent.parent / "reference"
TOPICS_SOURCE = "Starter topics"

_ids = partial(Identities, TOPICS_SOURCE)


def read(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        return tomllib.load(handle)


def load_reference_data() -> None:
    """Bank holidays and the answers to "who is it for?", where they are missing.

    What is there is left as somebody may have changed it. Nothing in it is about anybody, so it
    leaves no audit event.
    """
    with transaction.atomic():
        load_calendars(FOLDER / "bank_holidays.toml")
        for group, terms in read(FOLDER / "who.toml").items():
            for position, (slug, entry) in enumerate(terms.items(), start=1):
                EligibilityTerm.objects.get_or_create(
                    slug=slug,
                    defaults={
                        "group": group,
                        "name": entry["name"],
                        "minimum_age": entry.get("minimum"),
                        "maximum_age": entry.get("maximum"),
                        "position": position * 10,
                    },
                )


def load_calendars(path: Path) -> None:
    """Calendars and their days from a file; a later ``covers_until`` extends one that is here."""
    for entry in read(path)["calendar"]:
        calendar, _new = Calendar.objects.get_or_create(
            slug=entry["slug"],
            defaults={
                "name": entry["name"],
                "kind": entry["kind"],
                "covers_until": entry["covers_until"],
            },
        )
        if calendar.covers_until is None or calendar.covers_until < entry["covers_until"]:
            calendar.covers_until = entry["covers_until"]
            calendar.save(update_fields=["covers_until"])
        spans = entry.get("terms") or [(day, day, name) for day, name in entry["days"]]
        known = set(calendar.days.values_list("starts_on", flat=True))
        CalendarDay.objects.bulk_create(
            CalendarDay(calendar=calendar, starts_on=first, ends_on=last, name=name)
            for first, last, name in spans
            if first not in known
        )


def topic_id(slug: str) -> UUID:
    """The id that a starter topic has on every machine."""
    return _ids().of("taxonomy_term", slug)


def starter_topics() -> Batch:
    """The topics as the records that an import writes."""
    batch = Batch()
    whence = Whence("topics.toml", 1)
    taxonomy = _ids().of("taxonomy", "topics")
    batch.taxonomies.append(
        TaxonomyRecord(id=taxonomy, whence=whence, name="Topics", description="Of the network.")
    )

    def add(entry: dict[str, Any], parent: UUID | None, position: int) -> UUID:
        term = TermRecord(
            id=topic_id(entry["slug"]),
            whence=whence,
            taxonomy_id=taxonomy,
            name=entry["name"],
            slug=entry["slug"],
            parent_id=parent,
            description=entry.get("description", ""),
            synonyms=entry.get("words", []),
            phrases=entry.get("said", []),
            position=position,
        )
        batch.terms.append(term)
        return term.id

    for place, topic in enumerate(read(FOLDER / "topics.toml")["topic"], start=1):
        above = add(topic, None, place * 10)
        for below, entry in enumerate(topic["below"], start=1):
            add(entry, above, below * 10)
    return batch


def load_topics(*, by: Actor) -> ImportReport:
    """The starter topics that are missing; words that editors changed are left as they are."""
    return write_batch(
        batch=starter_topics(), source=TOPICS_SOURCE, by=by, only_new=True, topics=True
    )
