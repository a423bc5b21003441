"""Changing what the directory says of a service, and confirming that it is right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor, record
from directory.actions.organisations import set_main_phone
from directory.events import SERVICE_CHANGED, SERVICE_CONFIRMED
from directory.models import Service, TaxonomyTerm
from directory.search import reindex

# What an editor may change here. Identity, source and the date of the check are not among them: an
# edit is not a check, or a spelling mended would make a whole entry look fresh.
EDITABLE = frozenset(
    {
        "name", "alternate_name", "summary", "description", "easy_read_summary", "bsl_video_url",
        "url", "email", "status", "closed_until", "alert", "published", "application_process",
        "required_documents", "interpretation_services", "cost", "fees_description",
        "eligibility_description", "minimum_age", "maximum_age", "delivery", "capacity",
        "wait_time", "bank_holidays", "hours_note",
    }
)  # fmt: skip


class ChangedMeanwhileError(Exception):
    """Somebody else saved the service after this editor had opened it."""

    def __init__(self, current: Service) -> None:
        super().__init__(f"service {current.pk} changed meanwhile")
        self.current = current


def change_service(
    *,
    service: Service,
    values: Mapping[str, Any],
    topics: list[TaxonomyTerm] | None,
    phone: str | None = None,
    seen: datetime,
    by: Actor,
) -> Service:
    """Write ``values`` to a service; nothing is written, and nothing recorded, when none differ.

    :param values: names in :data:`EDITABLE` and their cleaned values.
    :param topics: the terms it shall have, or None to leave them.
    :param phone: its own main number, empty to ring the organisation, or None to leave it.
    :param seen: ``last_modified`` as the editor saw it.
    :raises ChangedMeanwhileError: when it has changed since; nothing is written.
    :raises ValueError: for a name that is not editable.
    """
    refused = set(values) - EDITABLE
    if refused:
        raise ValueError(f"not editable: {', '.join(sorted(refused))}")
    with transaction.atomic():
        locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        if locked.last_modified != seen:
            raise ChangedMeanwhileError(locked)
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        for name in changed:
            setattr(locked, name, values[name])
        if topics is not None:
            wanted = {term.pk for term in topics}
            if wanted != set(locked.terms.values_list("pk", flat=True)):
                locked.terms.set(topics)
                changed.append("terms")
        if phone is not None and set_main_phone(locked, phone):
            changed.append("phones")
        if changed:
            locked.save()
            record(
                SERVICE_CHANGED,
                by=by,
                subject=locked.pk,
                organisation=locked.organisation_id,
                fields=changed,
            )
            reindex([locked.pk])
    return locked


def confirm_service(
    *, service: Service, on: date | None = None, checked_by: str, by: Actor
) -> Service:
    """Say that somebody has checked the facts of a service and they are right.

    :param on: the day of the check; today when not given. Never a day to come.
    :param checked_by: a role or organisation that the public may read, not a person's name.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise ValueError("a check cannot lie in the future")
    with transaction.atomic():
        locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        if locked.checked_on == day and locked.checked_by == checked_by:
            return locked
        locked.checked_on = day
        locked.checked_by = checked_by
        locked.save(update_fields=["checked_on", "checked_by", "last_modified"])
        record(
            SERVICE_CONFIRMED,
            by=by,
            subject=locked.pk,
            organisation=locked.organisation_id,
            fields=["checked_on", "checked_by"],
        )
        reindex([locked.pk])
    return locked
