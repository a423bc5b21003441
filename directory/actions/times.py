"""Changing when a service is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dcsn.audit import Actor, record
from directory.actions.services import ChangedMeanwhileError
from directory.events import TIMES_CHANGED
from directory.models import OpeningRule, ScheduleException, Service
from directory.search import reindex


@dataclass(frozen=True)
class SessionDraft:
    """One repeating session as an editor wants it; ``id`` is None for a new one."""

    id: UUID | None
    service_at_location_id: UUID | None
    freq: str
    interval: int
    weekday: int
    nth: int | None
    anchor: date | None
    opens_at: time | None
    closes_at: time | None
    term_time_only: bool = False
    by_appointment: bool = False


@dataclass(frozen=True)
class ClosureDraft:
    """Days on which the service is closed; ``id`` is None for a new one."""

    id: UUID | None
    starts_on: date
    ends_on: date
    reason: str = ""


def editable_rules(service: Service) -> list[OpeningRule]:
    """The sessions an editor sees as rows: the service's own and those at its places, by weekday.

    A day of the month ("the 15th") and a gap of over four weeks are rare, and kept as imported.
    """
    return list(
        OpeningRule.objects.filter(
            _owned_by(service), weekday__isnull=False, interval__lte=4
        ).order_by("service_at_location", "weekday", "opens_at", "id")
    )


def editable_closures(service: Service) -> list[ScheduleException]:
    return list(
        ScheduleException.objects.filter(service=service, closed=True).order_by("starts_on", "id")
    )


def _owned_by(service: Service) -> Q:
    return Q(service=service) | Q(service_at_location__service=service)


def change_times(
    *,
    service: Service,
    sessions: Sequence[SessionDraft],
    closures: Sequence[ClosureDraft],
    seen: datetime,
    by: Actor,
) -> Service:
    """Make the editable sessions and closures of a service exactly these.

    What is not named is taken away; what is not different is left, so that ids stay the same over
    an export. Nothing is recorded when nothing differs.

    :raises ChangedMeanwhileError: when the service changed since ``seen``.
    :raises ValueError: for a session at another service's place.
    """
    with transaction.atomic():
        locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        if locked.last_modified != seen:
            raise ChangedMeanwhileError(locked)
        places = set(locked.service_at_locations.values_list("pk", flat=True))
        strangers = {s.service_at_location_id for s in sessions} - places - {None}
        if strangers:
            raise ValueError("a session stands at a place that is not this service's")
        changed = _write_sessions(locked, sessions)
        changed |= _write_closures(locked, closures)
        if changed:
            # The service changed for whoever reads or exports it.
            locked.save(update_fields=["last_modified"])
            record(TIMES_CHANGED, by=by, subject=locked.pk, organisation=locked.organisation_id)
            reindex([locked.pk])
    return locked


def _write_sessions(service: Service, drafts: Sequence[SessionDraft]) -> bool:
    existing = {rule.pk: rule for rule in editable_rules(service)}
    changed = False
    for draft in drafts:
        # A row that another editor took away meanwhile is written anew.
        rule = existing.pop(draft.id, None) or OpeningRule()  # type: ignore[arg-type]
        values = {f.name: getattr(draft, f.name) for f in fields(draft) if f.name != "id"}
        values["service_id"] = None if draft.service_at_location_id else service.pk
        if rule._state.adding or any(getattr(rule, k) != v for k, v in values.items()):
            for name, value in values.items():
                setattr(rule, name, value)
            rule.full_clean()
            rule.save()
            changed = True
    if existing:
        OpeningRule.objects.filter(pk__in=existing).delete()
        changed = True
    return changed


def _write_closures(service: Service, drafts: Sequence[ClosureDraft]) -> bool:
    existing = {closure.pk: closure for closure in editable_closures(service)}
    changed = False
    for draft in drafts:
        closure = existing.pop(draft.id, None) or ScheduleException(service=service)  # type: ignore[arg-type]
        values = {"starts_on": draft.starts_on, "ends_on": draft.ends_on, "reason": draft.reason}
        if closure._state.adding or any(getattr(closure, k) != v for k, v in values.items()):
            for name, value in values.items():
                setattr(closure, name, value)
            closure.full_clean()
            closure.save()
            changed = True
    if existing:
        ScheduleException.objects.filter(pk__in=existing).delete()
        changed = True
    return changed
