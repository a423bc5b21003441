"""Adding organisations and services, and changing what is said of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from dcsn.audit import Actor, record
from directory.events import ORGANISATION_ADDED, ORGANISATION_CHANGED, SERVICE_ADDED
from directory.models import Organisation, Phone, Service
from directory.search import reindex

EDITABLE = frozenset(
    {"name", "alternate_name", "description", "url", "email", "is_access_point", "published"}
)


def add_organisation(*, values: Mapping[str, Any], phone: str, by: Actor) -> Organisation:
    """A new organisation with its main number."""
    with transaction.atomic():
        organisation = Organisation(**_checked(values))
        organisation.full_clean(exclude=["short_id", "slug", "sort_key"])
        organisation.save()
        set_main_phone(organisation, phone)
        record(ORGANISATION_ADDED, by=by, subject=organisation.pk, organisation=organisation.pk)
    return organisation


def change_organisation(
    *, organisation: Organisation, values: Mapping[str, Any], phone: str, by: Actor
) -> Organisation:
    """Write ``values`` and the main number; nothing is recorded when nothing differs."""
    with transaction.atomic():
        locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        changed = [n for n, v in _checked(values).items() if getattr(locked, n) != v]
        for name in changed:
            setattr(locked, name, values[name])
        if set_main_phone(locked, phone):
            changed.append("phones")
        if changed:
            locked.save()
            record(
                ORGANISATION_CHANGED,
                by=by,
                subject=locked.pk,
                organisation=locked.pk,
                fields=changed,
            )
            reindex(list(locked.services.values_list("pk", flat=True)))
    return locked


def add_service(*, organisation: Organisation, name: str, by: Actor) -> Service:
    """A new service, not shown to the public until somebody says so."""
    with transaction.atomic():
        service = Service(organisation=organisation, name=name, published=False)
        service.full_clean(exclude=["short_id", "slug", "sort_key"])
        service.save()
        record(SERVICE_ADDED, by=by, subject=service.pk, organisation=organisation.pk)
    return service


def _checked(values: Mapping[str, Any]) -> Mapping[str, Any]:
    refused = set(values) - EDITABLE
    if refused:
        raise ValueError(f"not editable: {', '.join(sorted(refused))}")
    return values


def main_phone(owner: Organisation | Service) -> Phone | None:
    """The number that stands under the name: the first public one for speaking."""
    voice = owner.phones.filter(kind=Phone.Kind.VOICE, is_public=True)
    return voice.order_by("position", "number", "id").first()


def set_main_phone(owner: Organisation | Service, number: str) -> bool:
    """Write, change or (for an empty ``number``) take away the main number; True when it changed."""
    phone = main_phone(owner)
    if phone is None:
        if number:
            key = "organisation" if isinstance(owner, Organisation) else "service"
            Phone.objects.create(number=number, **{key: owner})
        return bool(number)
    if "".join(phone.number.split()) == "".join(number.split()):
        # Only spaced otherwise, as the form writes every number: not a change.
        return False
    if number:
        phone.number = number
        phone.save(update_fields=["number"])
    else:
        phone.delete()
    return True
