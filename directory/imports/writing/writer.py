"""Writes a whole batch: words first, then organisations, places and services.

Each organisation, place and service is written in a savepoint of its own, so that one the database
refuses becomes a problem and the rest land. A second run of the same source finds every field equal
and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import Error, models, transaction

from directory.imports.cleaning import MODELS, empty_confidential, shorten
from directory.imports.positions import positions_of
from directory.imports.records import (
    UNSET,
    Batch,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
)
from directory.imports.writing.below import Below, Existing
from directory.imports.writing.outcome import Outcome, State
from directory.imports.writing.rows import save
from directory.imports.writing.terms import parents_first, write_terms
from directory.markdown import plain
from directory.models import Location, Organisation, Service
from directory.models.places import Precision

SUMMARY_LENGTH = 300
# Records compared at a time, so that a large source does not hold the whole directory in memory.
CHUNK = 500


class Writer:
    """Writes one batch, inside the transaction of its caller."""

    def __init__(
        self,
        batch: Batch,
        *,
        source: str,
        only_new: bool = False,
        topics: bool = False,
        progress: Callable[[int], None] = lambda records: None,
    ) -> None:
        self.batch = batch
        self.source = source[:100]
        self.only_new = only_new
        self.topics = topics
        self.progress = progress
        self.outcome = Outcome()
        self._changed_organisations: set[UUID] = set()
        self._changed_places: set[UUID] = set()

    def write(self) -> Outcome:
        write_terms(
            self.batch,
            source=self.source,
            only_new=self.only_new,
            topics=self.topics,
            tally=self.outcome.terms,
            progress=self.progress,
        )
        self._below = Below(self.batch)
        for organisations in _chunks(parents_first(self.batch.organisations)):
            self._write_organisations(organisations)
        for places in _chunks(self.batch.places):
            self._write_places(places)
        for services in _chunks(self.batch.services):
            self._write_services(services)
        self._count_what_stands_around()
        return self.outcome

    # --- Records --------------------------------------------------------------------------------

    def _write_organisations(self, records: Sequence[OrganisationRecord]) -> None:
        existing = Organisation.objects.in_bulk([record.id for record in records])
        children = self._below.existing(records, ("identifiers", "phones", "contacts"))
        for record in records:
            state = self._one(record, existing.get(record.id), children)
            if state:
                self.outcome.organisations.add(state)
                if state == "updated":
                    self._changed_organisations.add(record.id)

    def _write_places(self, records: Sequence[PlaceRecord]) -> None:
        existing = Location.objects.prefetch_related("access_facts").in_bulk(
            [record.id for record in records]
        )
        positions = positions_of(
            {
                address.postal_code
                for record in records
                if record.latitude is UNSET
                for address in record.addresses or []
            }
        )
        for record in records:
            found = existing.get(record.id)
            if found is not None and found.is_confidential:
                # Confidential once, confidential always: only a person here may undo it.
                empty_confidential(record)
            elif record.latitude is UNSET:
                self._locate(record, found, positions)
        children = self._below.existing(
            records, ("addresses", "phones", "contacts", "openingrules", "scheduleexceptions")
        )
        for record in records:
            state = self._one(record, existing.get(record.id), children)
            if state:
                self.outcome.places.add(state)
                if state == "updated":
                    self._changed_places.add(record.id)

    @staticmethod
    def _locate(record: PlaceRecord, found: Location | None, positions: dict[str, Any]) -> None:
        if found is not None and found.precision == Precision.GIVEN:
            return
        for address in record.addresses or []:
            position = positions.get(address.postal_code)
            if position is not None:
                record.latitude, record.longitude = position.latitude, position.longitude
                record.precision = position.precision
                return

    def _write_services(self, records: Sequence[ServiceRecord]) -> None:
        existing = Service.objects.prefetch_related(
            "terms", "languages", "access_facts", "eligibility_rules__terms"
        ).in_bulk([record.id for record in records])
        children = self._below.existing(
            records,
            (
                "phones",
                "contacts",
                "cost_options",
                "service_areas",
                "service_at_locations",
                "openingrules",
                "scheduleexceptions",
                "events",
            ),
        )
        for record in records:
            found = existing.get(record.id)
            if found is None:
                for name, value in record.worked_out.items():
                    setattr(record, name, value)
                if not record.summary and record.description:
                    record.summary = first_sentences(plain(record.description), SUMMARY_LENGTH)
            elif not record.summary:
                # The source has none: the one made above, or written here since, stays; unless it
                # speaks of an address that has become confidential.
                tells = any(pattern.search(found.summary) for pattern in self.batch.hidden)
                record.summary = (
                    first_sentences(plain(record.description or ""), SUMMARY_LENGTH)
                    if tells
                    else UNSET
                )
            state = self._one(record, found, children)
            if state is None:
                continue
            if state != "unchanged":
                self.outcome.touched.add(record.id)
            around = record.organisation_id in self._changed_organisations or any(
                link.location_id in self._changed_places
                for link in record.service_at_locations or []
            )
            if state == "unchanged" and around:
                state = "updated"
                self.outcome.touched.add(record.id)
            self.outcome.services.add(state)

    def _one(self, record: Any, existing: Any, children: Existing) -> State | None:
        """Write one record with all that is below it; None when the database refused it."""
        self.progress(1)
        if existing is not None and self.only_new:
            return "unchanged"
        model = MODELS[type(record)]
        row = existing or model(id=record.id, source=self.source)
        try:
            with transaction.atomic():
                state = save(record, row, existing is None)
                below = self._below.save(record, row, children, new=existing is None)
                if below and state == "unchanged":
                    # Anybody who asks "what changed since …" must see it.
                    row.save(update_fields=["last_modified"])
                    state = "updated"
        except (Error, ValueError) as error:
            self.batch.problem(record.whence, "", f"It was left out: {_why(error)}")
            return None
        return state

    def _count_what_stands_around(self) -> None:
        """Services that this source does not hold, at an organisation or place that it changed."""
        if not (self._changed_organisations or self._changed_places):
            return
        around = Service.objects.filter(
            models.Q(organisation_id__in=self._changed_organisations)
            | models.Q(service_at_locations__location_id__in=self._changed_places)
        )
        self.outcome.touched |= set(around.values_list("id", flat=True))


def first_sentences(text: str, longest: int) -> str:
    """As many whole sentences from the start as fit, or a cut one: a summary for want of a written one."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    head = text[:longest]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    return head[: end + 1] if end > longest // 4 else shorten(text, longest)


def _chunks(records: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(records), CHUNK):
        yield records[start : start + CHUNK]


def _why(error: Exception) -> str:
    """A plain reason without any value: the database's own message can quote the row."""
    name = getattr(getattr(error, "__cause__", None), "diag", None)
    constraint = getattr(name, "constraint_name", None)
    if constraint:
        return f"the database refused it by its rule {constraint}."
    return f"the database refused it ({type(error).__name__})."
