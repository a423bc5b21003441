"""What belongs to an organisation, a place or a service: telephones, prices, times, topics…

Rows with ids of their own are compared by id; what has none (facts, eligibility, topics, languages)
by what it says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from directory.imports.cleaning import MODELS
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
    PhoneRecord,
    ScheduleExceptionRecord,
    ServiceAreaRecord,
    ServicePlaceRecord,
)
from directory.imports.writing.rows import fill, save
from directory.models import (
    AccessFact,
    EligibilityRule,
    EligibilityTerm,
    Language,
    Location,
    Organisation,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)


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


class Existing:
    """Rows that are here already, by table, owner and id."""

    def __init__(self) -> None:
        self._owned: dict[str, dict[UUID, dict[UUID, models.Model]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        self._by_id: dict[str, dict[UUID, models.Model]] = defaultdict(dict)
        self.below: Existing | None = None

    def add(self, name: str, row: models.Model, owner: UUID | None) -> None:
        self._by_id[name][row.pk] = row
        if owner is not None:
            self._owned[name][owner][row.pk] = row

    def of(self, name: str, owner: UUID) -> dict[UUID, models.Model]:
        return self._owned[name][owner]

    def by_id(self, name: str, identifier: UUID) -> models.Model | None:
        return self._by_id[name].get(identifier)


class Below:
    """Reads and writes what is below the records of one batch."""

    def __init__(self, batch: Batch) -> None:
        self._taxonomies = {taxonomy.id for taxonomy in batch.taxonomies}
        self._eligibility = {term.slug: term for term in EligibilityTerm.objects.all()}
        self._term_ids = set(TaxonomyTerm.objects.values_list("id", flat=True))
        self._language_ids: dict[str, int] = {}
        languages = dict(pair for service in batch.services for pair in service.languages or [])
        for code, name in languages.items():
            language, _new = Language.objects.get_or_create(code=code, defaults={"name": name})
            self._language_ids[code] = language.pk

    def existing(self, records: Sequence[Any], names: Iterable[str]) -> Existing:
        """The rows below ``records`` that are here already, in one query a table."""
        owner = OWNER_OF[MODELS[type(records[0])]] if records else ""
        found = Existing()
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
            found.below = self.existing(links, ("openingrules", "scheduleexceptions"))
        return found

    def save(
        self, record: Any, row: models.Model, existing: Existing, *, new: bool = False
    ) -> bool:
        """Make the rows below ``row`` those of ``record``; True when something was written.

        A row that is not ``new`` should come with its terms, languages, facts and eligibility
        prefetched: it is asked for each.
        """
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
            added: list[models.Model] = []
            for child in wanted:
                found = existing.by_id(name, child.id)
                if found is not None:
                    wrote = self._save_child(child, found, owners, existing) or wrote
                    continue
                fresh = model(pk=child.id, **owners)
                fill(child, fresh)
                added.append(fresh)
            if added:
                model._default_manager.bulk_create(added)
                wrote = True
                for child, fresh in zip(
                    [child for child in wanted if existing.by_id(name, child.id) is None],
                    added,
                    strict=True,
                ):
                    if isinstance(child, ServicePlaceRecord):
                        self.save(child, fresh, existing.below or Existing(), new=True)
        for step in (self._save_facts, self._save_eligibility, self._save_sets):
            wrote = step(record, row, new) or wrote
        return wrote

    def _save_child(
        self, child: Any, row: models.Model, owners: dict[str, Any], existing: Existing
    ) -> bool:
        moved = any(getattr(row, column) != value for column, value in owners.items())
        if moved:
            for column, value in owners.items():
                setattr(row, column, value)
            row.save()
        wrote = save(child, row, False) != "unchanged" or moved
        if isinstance(child, ServicePlaceRecord):
            wrote = self.save(child, row, existing.below or Existing()) or wrote
        return wrote

    def _save_facts(self, record: Any, row: Any, new: bool) -> bool:
        wanted: list[AccessFactRecord] = getattr(record, "access_facts", UNSET)
        if wanted is UNSET:
            return False
        wrote = False
        here = {} if new else {fact.kind: fact for fact in row.access_facts.all()}
        names = {fact.kind for fact in wanted}
        gone = [fact.pk for kind, fact in here.items() if kind not in names]
        if gone:
            AccessFact.objects.filter(pk__in=gone).delete()
            wrote = True
        owner = OWNER_OF[type(row)]
        for fact in wanted:
            found = here.get(fact.kind)
            known = found or AccessFact(**{f"{owner}_id": row.pk})
            wrote = save(fact, known, found is None) != "unchanged" or wrote
        return wrote

    def _save_eligibility(self, record: Any, row: Any, new: bool) -> bool:
        wanted: list[EligibilityRecord] = getattr(record, "eligibility", UNSET)
        if wanted is UNSET:
            return False
        wrote = False
        here: dict[str, EligibilityRule] = (
            {} if new else {rule.group: rule for rule in row.eligibility_rules.all()}
        )
        for group in here.keys() - {rule.group for rule in wanted}:
            here[group].delete()
            wrote = True
        for rule in wanted:
            found = here.get(rule.group)
            terms = {self._eligibility[slug] for slug in rule.terms if slug in self._eligibility}
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
            if set(found.terms.all()) != terms:
                found.terms.set(terms)
                wrote = True
        return wrote

    def _save_sets(self, record: Any, row: Any, new: bool) -> bool:
        wrote = False
        terms: list[UUID] = getattr(record, "terms", UNSET)
        if terms is not UNSET and isinstance(row, Service):
            here = {} if new else {term.id: term.taxonomy_id for term in row.terms.all()}
            # Topics that staff gave from another list are not the source's to take away.
            kept = {term for term, taxonomy in here.items() if taxonomy not in self._taxonomies}
            given = kept | (self._term_ids & set(terms))
            if given != here.keys():
                row.terms.set(given)  # type: ignore[arg-type]
                wrote = True
        languages: list[tuple[str, str]] = getattr(record, "languages", UNSET)
        if languages is not UNSET and isinstance(row, Service):
            asked: set[int] = {self._language_ids[code] for code, _name in languages}
            spoken = set() if new else {language.pk for language in row.languages.all()}
            if asked != spoken:
                row.languages.set(asked)
                wrote = True
        return wrote
