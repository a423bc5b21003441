"""Compares records with the database, table by table, and writes what differs.

Each organisation, place and service is written in a savepoint of its own, so that one the database
refuses becomes a problem and the rest land. A second run of the same source finds every field equal
and writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal
from uuid import UUID

from django.db import Error, models, transaction
from django.utils.text import slugify

from directory.imports.cleaning import MODELS, empty_confidential, shorten
from directory.imports.positions import positions_of
from directory.imports.records import (
    UNSET,
    AccessFactRecord,
    AddressRecord,
    Batch,
    ContactRecord,
    CostOptionRecord,
    EligibilityRecord,
    EventRecord,
    IdentifierRecord,
    OpeningRuleRecord,
    OrganisationRecord,
    PhoneRecord,
    PlaceRecord,
    ScheduleExceptionRecord,
    ServiceAreaRecord,
    ServicePlaceRecord,
    ServiceRecord,
    TermRecord,
)
from directory.markdown import plain
from directory.models import (
    AccessFact,
    EligibilityRule,
    EligibilityTerm,
    Language,
    Location,
    Organisation,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.models.places import Precision

State = Literal["created", "updated", "unchanged"]
SUMMARY_LENGTH = 300
# Records compared at a time, so that a large source does not hold the whole directory in memory.
CHUNK = 500


@dataclass(frozen=True)
class ChildTable:
    """Rows below a record that have ids of their own; ``owners`` are the columns that may own one."""

    record: type
    owners: tuple[str, ...]


_PLACED = ("service", "service_at_location", "location")
CHILD_TABLES: dict[str, ChildTable] = {
    "phones": ChildTable(PhoneRecord, ("organisation", "service", "location", "contact")),
    "contacts": ChildTable(ContactRecord, ("organisation", "service", "location")),
    "identifiers": ChildTable(IdentifierRecord, ("organisation",)),
    "addresses": ChildTable(AddressRecord, ("location",)),
    "cost_options": ChildTable(CostOptionRecord, ("service",)),
    "service_areas": ChildTable(ServiceAreaRecord, ("service",)),
    "service_at_locations": ChildTable(ServicePlaceRecord, ("service",)),
    "openingrules": ChildTable(OpeningRuleRecord, _PLACED),
    "scheduleexceptions": ChildTable(ScheduleExceptionRecord, _PLACED),
    "events": ChildTable(EventRecord, ("service",)),
}
OWNER_OF: dict[type[models.Model], str] = {
    Organisation: "organisation",
    Location: "location",
    Service: "service",
    ServiceAtLocation: "service_at_location",
}


@dataclass
class Tally:
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, state: State) -> None:
        setattr(self, state, getattr(self, state) + 1)


@dataclass
class Outcome:
    """What a run did. ``touched`` are the services whose page or search entry is now different."""

    organisations: Tally = field(default_factory=Tally)
    places: Tally = field(default_factory=Tally)
    services: Tally = field(default_factory=Tally)
    terms: Tally = field(default_factory=Tally)
    touched: set[UUID] = field(default_factory=set)

    @property
    def wrote(self) -> bool:
        return any(
            tally.created or tally.updated
            for tally in (self.organisations, self.places, self.services, self.terms)
        )


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
        self._language_ids: dict[str, int] = {}
        self._eligibility_ids: dict[str, int] = {}

    def write(self) -> Outcome:
        self._write_terms()
        self._prepare_lookups()
        for organisations in _chunks(self._parents_first()):
            self._write_organisations(organisations)
        for places in _chunks(self.batch.places):
            self._write_places(places)
        for services in _chunks(self.batch.services):
            self._write_services(services)
        self._count_what_stands_around()
        return self.outcome

    # --- Words ----------------------------------------------------------------------------------

    def _write_terms(self) -> None:
        known = Taxonomy.objects.in_bulk([record.id for record in self.batch.taxonomies])
        for taxonomy in self.batch.taxonomies:
            existing = known.get(taxonomy.id)
            if existing is None:
                if Taxonomy.objects.filter(name=taxonomy.name).exists():
                    taxonomy.name = f"{taxonomy.name[:200]} ({self.source[:40]})"
            elif self.only_new:
                continue
            self._save(taxonomy, existing or Taxonomy(id=taxonomy.id), existing is None)
        terms = TaxonomyTerm.objects.in_bulk([record.id for record in self.batch.terms])
        slugs = set(TaxonomyTerm.objects.values_list("slug", flat=True))
        for term in self._terms_parents_first():
            self.progress(1)
            found = terms.get(term.id)
            if found is not None and self.only_new:
                self.outcome.terms.add("unchanged")
                continue
            if found is None:
                found = TaxonomyTerm(id=term.id, is_topic=self.topics)
                found.slug = self._slug_of(term, slugs)
                slugs.add(found.slug)
                term.slug = UNSET
                self.outcome.terms.add(self._save(term, found, True))
            else:
                # Its address is kept for good once it has one.
                term.slug = UNSET
                self.outcome.terms.add(self._save(term, found, False))

    def _terms_parents_first(self) -> list[TermRecord]:
        return _parents_first(self.batch.terms)

    def _parents_first(self) -> list[OrganisationRecord]:
        return _parents_first(self.batch.organisations)

    def _slug_of(self, term: TermRecord, taken: set[str]) -> str:
        wanted = (term.slug or slugify(term.name))[:90].strip("-") or "topic"
        if wanted not in taken:
            return wanted
        return f"{wanted}-{term.id.hex[:8]}"

    def _prepare_lookups(self) -> None:
        languages = {
            code: name for service in self.batch.services for code, name in service.languages or []
        }
        for code, name in languages.items():
            language, _new = Language.objects.get_or_create(code=code[:10], defaults={"name": name})
            self._language_ids[code] = language.pk
        self._eligibility_ids = dict(EligibilityTerm.objects.values_list("slug", "id"))  # type: ignore[arg-type]

    # --- Records --------------------------------------------------------------------------------

    def _write_organisations(self, records: Sequence[OrganisationRecord]) -> None:
        existing = Organisation.objects.in_bulk([record.id for record in records])
        children = self._children_of(records, ("identifiers", "phones", "contacts"))
        for record in records:
            state = self._one(record, existing.get(record.id), children)
            if state:
                self.outcome.organisations.add(state)
                if state == "updated":
                    self._changed_organisations.add(record.id)

    def _write_places(self, records: Sequence[PlaceRecord]) -> None:
        existing = Location.objects.in_bulk([record.id for record in records])
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
        children = self._children_of(
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
        existing = Service.objects.in_bulk([record.id for record in records])
        children = self._children_of(
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

    def _one(self, record: Any, existing: Any, children: _Existing) -> State | None:
        """Write one record with all that is below it; None when the database refused it."""
        self.progress(1)
        if existing is not None and self.only_new:
            return "unchanged"
        model = MODELS[type(record)]
        row = existing or model(id=record.id, source=self.source)
        try:
            with transaction.atomic():
                state = self._save(record, row, existing is None)
                below = self._save_children(record, row, children)
                if below and state == "unchanged":
                    # Anybody who asks "what changed since …" must see it.
                    row.save(update_fields=["last_modified"])
                    state = "updated"
        except (Error, ValueError) as error:
            self.batch.problem(record.whence, "", f"It was left out: {_why(error)}")
            return None
        return state

    def _save(self, record: Any, row: Any, new: bool) -> State:
        changed = self._fill(record, row)
        if new:
            row.save(force_insert=True)
            return "created"
        if not changed:
            return "unchanged"
        if any(column.name == "last_modified" for column in row._meta.concrete_fields):
            changed.append("last_modified")
        row.save(update_fields=changed)
        return "updated"

    @staticmethod
    def _fill(record: Any, row: Any) -> list[str]:
        """Copy what the record says into the row. Returns the names of what differed."""
        changed = []
        columns = {column.attname: column for column in row._meta.concrete_fields}
        for entry in fields(record):
            value = getattr(record, entry.name)
            column = columns.get(entry.name)
            if value is UNSET or column is None or column.primary_key:
                continue
            if getattr(row, column.attname) != value:
                setattr(row, column.attname, value)
                changed.append(column.name)
        return changed

    # --- What is below a record -----------------------------------------------------------------

    def _children_of(self, records: Sequence[Any], names: Iterable[str]) -> _Existing:
        """The rows below ``records`` that are here already, in one query a table."""
        owner = OWNER_OF[MODELS[type(records[0])]] if records else ""
        found = _Existing()
        for name in names:
            table = CHILD_TABLES[name]
            model = MODELS[table.record]
            incoming = [child.id for record in records for child in getattr(record, name) or []]
            owned = models.Q(**{f"{owner}__in": [record.id for record in records]})
            if incoming:
                owned |= models.Q(id__in=incoming)
            for row in model._default_manager.filter(owned):
                found.add(name, row, getattr(row, f"{owner}_id"))
        links = [
            link
            for record in records
            for link in getattr(record, "service_at_locations", None) or []
        ]
        if links:
            found.below = self._children_of(links, ("openingrules", "scheduleexceptions"))
        return found

    def _save_children(self, record: Any, row: models.Model, existing: _Existing) -> bool:
        """Make the rows below ``row`` those of ``record``; True when something was written."""
        wrote = False
        owner = OWNER_OF[type(row)]
        for name, table in CHILD_TABLES.items():
            wanted = getattr(record, name, UNSET)
            if wanted is UNSET:
                continue
            model = MODELS[table.record]
            here = existing.of(name, row.pk)
            owners: dict[str, Any] = {f"{column}_id": None for column in table.owners}
            owners[f"{owner}_id"] = row.pk
            gone = here.keys() - {child.id for child in wanted}
            if gone:
                model._default_manager.filter(id__in=gone).delete()
                wrote = True
            new = []
            for child in wanted:
                found = existing.by_id(name, child.id)
                if found is not None:
                    wrote = self._save_child(child, found, owners, existing) or wrote
                    continue
                fresh = model(pk=child.id, **owners)
                self._fill(child, fresh)
                new.append(fresh)
            if new:
                model._default_manager.bulk_create(new)
                wrote = True
                for child, fresh in zip(
                    [child for child in wanted if existing.by_id(name, child.id) is None],
                    new,
                    strict=True,
                ):
                    if isinstance(child, ServicePlaceRecord):
                        self._save_children(child, fresh, existing.below or _Existing())
        for save in (self._save_facts, self._save_eligibility, self._save_sets):
            wrote = save(record, row) or wrote
        return wrote

    def _save_child(
        self, child: Any, row: models.Model, owners: dict[str, Any], existing: _Existing
    ) -> bool:
        moved = any(getattr(row, column) != value for column, value in owners.items())
        if moved:
            for column, value in owners.items():
                setattr(row, column, value)
            row.save()
        wrote = self._save(child, row, False) != "unchanged" or moved
        if isinstance(child, ServicePlaceRecord):
            wrote = self._save_children(child, row, existing.below or _Existing()) or wrote
        return wrote

    def _save_facts(self, record: Any, row: Any) -> bool:
        wanted: list[AccessFactRecord] = getattr(record, "access_facts", UNSET)
        if wanted is UNSET:
            return False
        wrote = False
        here = {fact.kind: fact for fact in row.access_facts.all()}
        names = {fact.kind for fact in wanted}
        gone = [fact.pk for kind, fact in here.items() if kind not in names]
        if gone:
            AccessFact.objects.filter(pk__in=gone).delete()
            wrote = True
        owner = OWNER_OF[type(row)]
        for fact in wanted:
            found = here.get(fact.kind)
            new = found is None
            known = found or AccessFact(**{f"{owner}_id": row.pk})
            wrote = self._save(fact, known, new) != "unchanged" or wrote
        return wrote

    def _save_eligibility(self, record: Any, row: Any) -> bool:
        wanted: list[EligibilityRecord] = getattr(record, "eligibility", UNSET)
        if wanted is UNSET:
            return False
        wrote = False
        here = {rule.group: rule for rule in row.eligibility_rules.prefetch_related("terms")}
        for group in here.keys() - {rule.group for rule in wanted}:
            here[group].delete()
            wrote = True
        for rule in wanted:
            found = here.get(rule.group)
            terms = {
                self._eligibility_ids[slug] for slug in rule.terms if slug in self._eligibility_ids
            }
            if found is None:
                found = EligibilityRule.objects.create(
                    service=row, group=rule.group, openness=rule.openness
                )
                found.terms.set(terms)
                wrote = True
                continue
            if found.openness != rule.openness:
                found.openness = rule.openness
                found.save(update_fields=["openness"])
                wrote = True
            if {term.pk for term in found.terms.all()} != terms:
                found.terms.set(terms)
                wrote = True
        return wrote

    def _save_sets(self, record: Any, row: Any) -> bool:
        wrote = False
        terms: list[UUID] = getattr(record, "terms", UNSET)
        if terms is not UNSET and isinstance(row, Service):
            ours = {taxonomy.id for taxonomy in self.batch.taxonomies}
            here = dict(row.terms.values_list("id", "taxonomy_id"))
            # Topics that staff gave from another list are not the source's to take away.
            kept = {term for term, taxonomy in here.items() if taxonomy not in ours}
            wanted = kept | set(
                TaxonomyTerm.objects.filter(id__in=terms).values_list("id", flat=True)
            )
            if wanted != here.keys():
                row.terms.set(wanted)  # type: ignore[arg-type]
                wrote = True
        languages: list[tuple[str, str]] = getattr(record, "languages", UNSET)
        if languages is not UNSET and isinstance(row, Service):
            asked = {self._language_ids[code] for code, _name in languages}
            if asked != set(row.languages.values_list("id", flat=True)):
                row.languages.set(asked)
                wrote = True
        return wrote

    def _count_what_stands_around(self) -> None:
        """Services that this source does not hold, at an organisation or place that it changed."""
        if not (self._changed_organisations or self._changed_places):
            return
        around = Service.objects.filter(
            models.Q(organisation_id__in=self._changed_organisations)
            | models.Q(service_at_locations__location_id__in=self._changed_places)
        )
        self.outcome.touched |= set(around.values_list("id", flat=True))


class _Existing:
    """Rows that are here already, by table, owner and id."""

    def __init__(self) -> None:
        self._owned: dict[str, dict[UUID, dict[UUID, models.Model]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        self._by_id: dict[str, dict[UUID, models.Model]] = defaultdict(dict)
        self.below: _Existing | None = None

    def add(self, name: str, row: models.Model, owner: UUID | None) -> None:
        self._by_id[name][row.pk] = row
        if owner is not None:
            self._owned[name][owner][row.pk] = row

    def of(self, name: str, owner: UUID) -> dict[UUID, models.Model]:
        return self._owned[name][owner]

    def by_id(self, name: str, identifier: UUID) -> models.Model | None:
        return self._by_id[name].get(identifier)


def first_sentences(text: str, longest: int) -> str:
    """As many whole sentences from the start as fit, or a cut one: a summary for want of a written one."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    head = text[:longest]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    return head[: end + 1] if end > longest // 4 else shorten(text, longest)


def _parents_first(records: Sequence[Any]) -> list[Any]:
    """So that a row never points at one that is not there yet; a ring is broken where it is met."""
    by_id = {record.id: record for record in records}
    ordered: dict[UUID, Any] = {}
    for record in records:
        chain: list[Any] = []
        seen: set[UUID] = set()
        step = record
        while step is not None and step.id not in ordered:
            if step.id in seen:
                chain[-1].parent_id = None
                break
            seen.add(step.id)
            chain.append(step)
            step = by_id.get(step.parent_id) if step.parent_id else None
        for member in reversed(chain):
            ordered[member.id] = member
    return list(ordered.values())


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
