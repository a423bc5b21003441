"""Services with what lists and the search index say about them, in few queries.

``prefetch_related`` asks one query for each relation and builds a QuerySet for each service and
relation, which is most of the time of a page of twenty results: opening times alone hang on a
service, on its places and on the links between them. Here each *table* is asked once, and the rows
are handed to where Django looks for prefetched ones, so that everything that reads
``service.phones.all()`` works the same. ``tests/directory/test_loading.py`` holds the two against each
other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from directory.models import (
    AccessFact,
    Address,
    CostOption,
    EligibilityRule,
    EligibilityTerm,
    Event,
    Language,
    Location,
    OpeningRule,
    Organisation,
    Phone,
    ScheduleException,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)


def services_for_cards(ids: Iterable[UUID]) -> list[Service]:
    """The publishable ones of these, ready for :func:`directory.cards.card_of`: seven queries."""
    services = list(
        Service.objects.publishable().filter(id__in=list(ids)).select_related("organisation")
    )
    if services:
        _load_phones(services)
        _hand_out(services, "cost_options", CostOption, "service_id")
        _load_places_and_hours(services)
    return services


def load_for_index(services: Sequence[Service], topics: dict[UUID, TaxonomyTerm]) -> None:
    """Everything that search keeps about these services; ``topics`` are all there are, by id."""
    if not services:
        return
    locations = _load_places_and_hours(services)
    facts = AccessFact.objects.filter(
        Q(service__in=_ids(services)) | Q(location__in=_ids(locations))
    )
    by_service, by_location = _by_owner(facts, "service_id"), _by_owner(facts, "location_id")
    _give(services, "access_facts", AccessFact, lambda s: by_service[s.id])
    _give(locations, "access_facts", AccessFact, lambda place: by_location[place.id])
    _hand_out(locations, "addresses", Address, "location_id")
    tagged: dict[Any, list[TaxonomyTerm]] = defaultdict(list)
    through = Service.terms.through.objects.filter(service__in=_ids(services))
    for service_id, term_id in through.values_list("service_id", "taxonomyterm_id"):
        tagged[service_id].append(topics[term_id])
    _give(services, "terms", TaxonomyTerm, lambda s: tagged[s.id])
    _hand_out_linked(services, "languages", Language, Service.languages.through, "service_id")
    rules = _hand_out(services, "eligibility_rules", EligibilityRule, "service_id")
    _hand_out_linked(
        rules, "terms", EligibilityTerm, EligibilityRule.terms.through, "eligibilityrule_id"
    )


def _load_phones(services: Sequence[Service]) -> None:
    """The numbers of services and of their organisations."""
    organisations = [service.organisation for service in services]
    phones = Phone.objects.filter(
        Q(service__in=_ids(services)) | Q(organisation__in=_ids(organisations))
    )
    by_service = _by_owner(phones, "service_id")
    by_organisation = _by_owner(phones, "organisation_id")
    _give(services, "phones", Phone, lambda s: by_service[s.id])
    _give(organisations, "phones", Phone, lambda o: by_organisation[o.id])


def _load_places_and_hours(services: Sequence[Service]) -> list[Location]:
    """What :meth:`ServiceQuerySet.with_hours` fetches, in four queries; returns the places."""
    links = list(
        ServiceAtLocation.objects.filter(service__in=_ids(services))
        .select_related("location")
        .order_by("id")
    )
    linked = _by_owner(links, "service_id")
    _give(services, "service_at_locations", ServiceAtLocation, lambda s: linked[s.id])
    locations = [link.location for link in links]
    model: type[OpeningRule] | type[ScheduleException]
    for name, model in (("openingrules", OpeningRule), ("scheduleexceptions", ScheduleException)):
        rows = list(
            model.objects.filter(
                Q(service__in=_ids(services))
                | Q(service_at_location__in=_ids(links))
                | Q(location__in=_ids(locations))
            )
        )
        for owners, key in (
            (services, "service_id"),
            (links, "service_at_location_id"),
            (locations, "location_id"),
        ):
            owned = _by_owner(rows, key)
            _give(owners, name, model, lambda owner, owned=owned: owned[owner.id])  # type: ignore[misc]
    yesterday = timezone.now() - timedelta(days=1)
    events = _by_owner(
        Event.objects.filter(
            Q(starts_at__gte=yesterday) | Q(ends_at__gte=yesterday), service__in=_ids(services)
        ),
        "service_id",
    )
    for service in services:
        service.upcoming_events = events[service.id]  # type: ignore[attr-defined]
    return locations


def _hand_out(owners: Sequence[Any], name: str, model: type[Model], key: str) -> list[Any]:
    """Fetch the rows of one table and give each owner its own; returns them all."""
    rows = list(model._default_manager.filter(**{f"{key}__in": _ids(owners)}))
    owned = _by_owner(rows, key)
    _give(owners, name, model, lambda owner: owned[owner.id])
    return rows


def _hand_out_linked(
    owners: Sequence[Any], name: str, model: type[Model], through: Any, key: str
) -> None:
    """The same for a many-to-many relation: two queries."""
    far = next(f.attname for f in through._meta.fields if f.is_relation and f.attname != key)
    pairs = list(through.objects.filter(**{f"{key}__in": _ids(owners)}).values_list(key, far))
    rows = model._default_manager.in_bulk([far_id for _owner, far_id in pairs])
    owned: dict[Any, list[Any]] = defaultdict(list)
    for owner_id, far_id in pairs:
        owned[owner_id].append(rows[far_id])
    _give(owners, name, model, lambda owner: owned[owner.id])


def _ids(rows: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(row.pk for row in rows))


def _by_owner(rows: Iterable[Any], key: str) -> dict[Any, list[Any]]:
    owned: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        owned[getattr(row, key)].append(row)
    return owned


def _give(
    owners: Iterable[Service | Organisation | Location | ServiceAtLocation | EligibilityRule],
    name: str,
    model: type[Model],
    rows_of: Callable[[Any], list[Any]],
) -> None:
    """Put rows where ``owner.name.all()`` looks first, as ``prefetch_related`` does."""
    empty = _evaluated(model, [])
    for owner in owners:
        rows = rows_of(owner)
        cache = owner.__dict__.setdefault("_prefetched_objects_cache", {})
        cache[name] = _evaluated(model, rows) if rows else empty


def _evaluated(model: type[Model], rows: list[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = QuerySet(model=model)
    found._result_cache = rows
    found._prefetch_done = True  # type: ignore[attr-defined]
    return found
