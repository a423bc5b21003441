"""``record()``: the one way in which an event is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection

from dcsn.audit import types
from dcsn.audit.actors import Actor, SystemJob

if TYPE_CHECKING:
    from dcsn.audit.models import Event

# Ids, codes, field names and dates. No spaces, no capitals, no @: a name, an address, an e-mail address or
# a sentence somebody wrote does not pass by accident.
PLAIN_VALUE = re.compile(r"^[a-z0-9][a-z0-9:_./+-]{0,199}$|^$")
FIELD_NAME = re.compile(r"^[a-z][a-z0-9_.]{0,99}$")


class AnonymousAuditError(TypeError):
    """An event without an actor: it must be a saved user or a ``SystemJob``."""


class NotInTransactionError(RuntimeError):
    """An event about a change, recorded outside the change's transaction."""


def record(
    event_type: types.EventType,
    *,
    by: Actor,
    subject: UUID | None = None,
    organisation: UUID | None = None,
    fields: Iterable[str] = (),
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Write down that something happened, in the transaction of the change itself.

    :param by: the signed-in user, or the ``SystemJob``, that did it.
    :param subject: the id of what it happened to; for a person, the Person's id.
    :param organisation: the organisation that it concerns, where there is one.
    :param fields: names of the fields that changed or were shown, never their values.
    :param details: ids, codes and counts under the keys that the event type declares.
    :raises AnonymousAuditError: for no actor, an anonymous one or an unsaved one.
    :raises UnknownEventTypeError: for a type that is not registered.
    :raises NotInTransactionError: for a change recorded outside a transaction.
    :raises ValueError: for a detail that is not declared or looks like something personal.
    """
    from dcsn.audit.models import Event  # models are not ready when this package is imported

    if types.get(event_type.name) is not event_type:
        raise types.UnknownEventTypeError(f"{event_type.name} is not the registered type.")
    if not event_type.reading and not connection.in_atomic_block:
        raise NotInTransactionError(
            f"{event_type.name} changes something: record it inside transaction.atomic(), "
            f"together with the change."
        )
    event = Event(
        type=event_type.name,
        subject=subject,
        organisation=organisation,
        fields=_checked_fields(fields),
        details=_checked_details(event_type, details or {}),
        **_actor_columns(by),
    )
    event.save(force_insert=True)
    return event


def _actor_columns(by: Actor) -> dict[str, Any]:
    if isinstance(by, SystemJob):
        return {"actor_job": by.name}
    if isinstance(by, get_user_model()) and by.pk and not by._state.adding:
        return {"actor_user": by.pk}
    raise AnonymousAuditError(
        f"{by!r} cannot be the actor of an event: a saved user or a SystemJob is needed."
    )


def _checked_fields(fields: Iterable[str]) -> list[str]:
    if isinstance(fields, str):
        raise TypeError("fields is a list of field names, not one string.")
    names = list(fields)
    for name in names:
        if not FIELD_NAME.match(name):
            raise ValueError(f"{name!r} is not a field's name.")
    return names


def _checked_details(event_type: types.EventType, details: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(details) - set(event_type.details))
    if unknown:
        raise ValueError(
            f"{event_type.name} does not declare the details {', '.join(unknown)}: say in its "
            f"EventType what an erasure does to them."
        )
    return {key: _plain(event_type, key, value) for key, value in details.items()}


def _plain(event_type: types.EventType, key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat().lower()
    if isinstance(value, str) and PLAIN_VALUE.match(value):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(event_type, key, item) for item in value]
    raise ValueError(
        f"{event_type.name}: the detail {key} must be an id, a code, a number or a date. "
        f"What a person wrote or is called does not belong in the audit trail."
    )
