"""The order of cleaning, and what concerns a whole record rather than one text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from directory.imports.cleaning.confidential import hide_confidential
from directory.imports.cleaning.texts import clean_fields, plain_text
from directory.imports.records import UNSET, Batch, PlaceRecord, ServiceRecord
from directory.models import Location, Organisation

OLDEST = 120


def clean(batch: Batch, *, known_confidential: Iterable[UUID] = ()) -> None:
    """Repair or refuse, in place. Nothing of a confidential address is left afterwards.

    :param known_confidential: places that somebody here has marked so: a source that still has
        the address must not bring it back.
    """
    # First of all, so that no later step can speak of what must not be known.
    hide_confidential(batch, set(known_confidential))
    for group in (
        batch.taxonomies,
        batch.terms,
        batch.organisations,
        batch.places,
        batch.services,
    ):
        kept = []
        for record in cast(list[Any], group):
            clean_fields(record, record.whence, batch.problems)
            if hasattr(record, "name") and not isinstance(record, PlaceRecord) and not record.name:
                batch.problem(record.whence, "name", "It has no name and was left out.")
                continue
            kept.append(record)
        group[:] = kept  # type: ignore[assignment]
    for place in batch.places:
        _check_position(place, batch)
    for service in batch.services:
        _check_service(service, batch)
    _refuse_orphans(batch)


def _check_position(place: PlaceRecord, batch: Batch) -> None:
    latitude, longitude = place.latitude, place.longitude
    if place.is_confidential or (latitude is UNSET and longitude is UNSET):
        return
    none = latitude in (None, UNSET) and longitude in (None, UNSET)
    if none or (latitude == 0 and longitude == 0):
        # 0, 0 lies in the sea off Africa: some programs write it for "not known".
        place.latitude = place.longitude = UNSET
        place.precision = UNSET
        return
    good = (
        isinstance(latitude, int | float)
        and isinstance(longitude, int | float)
        and -90 <= latitude <= 90
        and -180 <= longitude <= 180
    )
    if not good:
        batch.problem(
            place.whence, "latitude", "Its position is not on the earth and was left out."
        )
        place.latitude = place.longitude = UNSET
        place.precision = UNSET
    elif place.precision is UNSET:
        place.precision = "given"


def _check_service(service: ServiceRecord, batch: Batch) -> None:
    for name in ("minimum_age", "maximum_age"):
        age = getattr(service, name)
        if age not in (UNSET, None) and not 0 <= age <= OLDEST:
            batch.problem(service.whence, name, "It is not an age and was left out.")
            setattr(service, name, None)
    low, high = service.minimum_age, service.maximum_age
    if low not in (UNSET, None) and high not in (UNSET, None) and low > high:
        batch.problem(
            service.whence, "minimum_age", "The youngest age is above the oldest: both left out."
        )
        service.minimum_age = service.maximum_age = None
    if service.checked_by and service.checked_on in (UNSET, None):
        service.checked_by = ""
    if service.closed_until not in (UNSET, None) and service.status != "temporarily closed":
        service.closed_until = None
    for option in service.cost_options or []:
        if option.valid_from and option.valid_to and option.valid_from > option.valid_to:
            batch.problem(
                service.whence, "valid_to", "A price ends before it begins: its dates left out."
            )
            option.valid_from = option.valid_to = None
    if service.languages:
        cleaned = ((plain_text(code), plain_text(name)) for code, name in service.languages)
        service.languages = [(code[:10], name[:100]) for code, name in cleaned if code and name]
    seen: set[UUID] = set()
    if service.service_at_locations is not UNSET:
        for link in list(service.service_at_locations):
            if link.location_id in seen:
                service.service_at_locations.remove(link)
            seen.add(link.location_id)


def _refuse_orphans(batch: Batch) -> None:
    """Records that point at what is neither in the source nor here already."""
    taxonomies = {taxonomy.id for taxonomy in batch.taxonomies}
    batch.terms[:] = [term for term in batch.terms if term.taxonomy_id in taxonomies]
    terms = {term.id for term in batch.terms}
    for term in batch.terms:
        if term.parent_id and term.parent_id not in terms:
            term.parent_id = None
    organisations = {record.id for record in batch.organisations}
    wanted = {service.organisation_id for service in batch.services} | {
        place.organisation_id for place in batch.places if place.organisation_id
    }
    organisations |= set(
        Organisation.objects.filter(id__in=wanted - organisations).values_list("id", flat=True)
    )
    for place in batch.places:
        if place.organisation_id and place.organisation_id not in organisations:
            batch.problem(
                place.whence,
                "organisation_id",
                "Its organisation is not in the source: the place was kept without one.",
            )
            place.organisation_id = None
    kept = []
    for service in batch.services:
        if service.organisation_id in organisations:
            kept.append(service)
        else:
            batch.problem(
                service.whence,
                "organisation_id",
                "Its organisation is not in the source: the service was left out.",
            )
    batch.services[:] = kept
    for organisation in batch.organisations:
        if organisation.parent_id and organisation.parent_id not in organisations:
            organisation.parent_id = None
    places = {place.id for place in batch.places}
    asked = {
        link.location_id
        for service in batch.services
        for link in service.service_at_locations or []
    }
    places |= set(Location.objects.filter(id__in=asked - places).values_list("id", flat=True))
    for service in batch.services:
        for link in list(service.service_at_locations or []):
            if link.location_id not in places:
                batch.problem(
                    service.whence,
                    "location_id",
                    "One of its places is not in the source and was left out.",
                )
                service.service_at_locations.remove(link)
                if not service.service_at_locations and "delivery" in service.worked_out:
                    service.worked_out["delivery"] = []
        for event in service.events or []:
            if event.location_id not in places:
                event.location_id = None
