"""Changing where a service is given. A confidential place loses its address the moment it is one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dcsn.audit import Actor, record
from directory.actions.printing import discard_prints
from directory.events import PLACE_CHANGED, PLACE_REMOVED
from directory.imports.positions import positions_of
from directory.models import Address, Location, Service, ServiceAtLocation
from directory.search import reindex


@dataclass(frozen=True)
class PlaceDraft:
    """A place as an editor wants it."""

    name: str
    address_1: str
    address_2: str
    city: str
    postal_code: str
    transportation: str
    is_confidential: bool


def save_place(
    *, service: Service, location_id: UUID | None, draft: PlaceDraft, by: Actor
) -> Location:
    """Add a place to a service, or change one of its places.

    The position is looked up from the postcode; one that came with an import as a position of its
    own is kept while the postcode stays. A place that becomes confidential loses address, position,
    directions and facts about getting in, in the database and not only on the page.

    :raises Location.DoesNotExist: for a place that is not the service's.
    """
    with transaction.atomic():
        # The service's row orders two editors of its places one after the other.
        locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        if location_id is None:
            location = Location(organisation_id=service.organisation_id)
        else:
            location = Location.objects.select_for_update(of=("self",)).get(
                pk=location_id, service_at_locations__service=service
            )
        location.is_confidential = draft.is_confidential
        if draft.is_confidential:
            _forget_where(location)
            location.save()
            location.addresses.all().delete()
            location.access_facts.all().delete()
            discard_prints()
        else:
            _write_where(location, draft)
        ServiceAtLocation.objects.get_or_create(service=service, location=location)
        locked.save(update_fields=["last_modified"])
        record(
            PLACE_CHANGED,
            by=by,
            subject=service.pk,
            organisation=service.organisation_id,
            details={"place": location.pk},
        )
        _index_again(location)
    return location


def _forget_where(location: Location) -> None:
    location.name = location.alternate_name = location.description = ""
    location.transportation = location.url = location.precision = ""
    location.latitude = location.longitude = None


def _write_where(location: Location, draft: PlaceDraft) -> None:
    address = (
        Address.objects.filter(location=location, address_type=Address.Kind.PHYSICAL).first()
        if not location._state.adding
        else None
    ) or Address(location=location)
    moved = address.postal_code != draft.postal_code or location.latitude is None
    address.address_1, address.address_2 = draft.address_1, draft.address_2
    address.city, address.postal_code = draft.city, draft.postal_code
    location.name, location.transportation = draft.name, draft.transportation
    if moved:
        position = positions_of([draft.postal_code]).get(draft.postal_code)
        location.latitude = position.latitude if position else None
        location.longitude = position.longitude if position else None
        location.precision = position.precision if position else ""
    location.full_clean()
    location.save()
    address.save()


def remove_place(*, service: Service, location_id: UUID, by: Actor) -> None:
    """Say that a service is no longer given at a place; the place goes when nothing else is there."""
    with transaction.atomic():
        locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        link = ServiceAtLocation.objects.filter(service=service, location_id=location_id).first()
        if link is None:
            return
        link.delete()
        locked.save(update_fields=["last_modified"])
        record(
            PLACE_REMOVED,
            by=by,
            subject=service.pk,
            organisation=service.organisation_id,
            details={"place": location_id},
        )
        if not ServiceAtLocation.objects.filter(location_id=location_id).exists():
            Location.objects.filter(pk=location_id).delete()
        reindex([service.pk])


def _index_again(location: Location) -> None:
    """Every service of the place: a change of address moves them all."""
    reindex(list(location.service_at_locations.values_list("service_id", flat=True)))
