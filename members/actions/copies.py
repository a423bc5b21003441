"""Copies of what is known about somebody: asking, the clock, reading through, letting go."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.network import network
from dcsn.privacy import all_ids_of
from dcsn.privacy.exporting import gather
from members.copy_files import is_file, make_parts
from members.events import (
    COPY_ASKED,
    COPY_CHANGED,
    COPY_CLOSED,
    COPY_GATHERED,
    COPY_READ,
    COPY_RELEASED,
)
from members.models import CopyPart, CopyRequest, Person
from members.refusals import CopyChanged, NotReadYet, Refused

State = CopyRequest.State
ROWS_AT_ONCE = 20


@transaction.atomic
def ask_for_copy(
    *,
    person: Person,
    received_on: date,
    how: str,
    size: int,
    identity: str,
    key: uuid.UUID,
    by: User,
) -> CopyRequest:
    """Write down that somebody asked. The same ``key`` is the same request, and so is a second one while
    the first is under way: it is returned as it is."""
    person = Person.objects.select_for_update().get(pk=person.pk, erased_at=None)
    check(by, Permission.PERSON_EXPORT, person)
    known = CopyRequest.objects.filter(key=key).first()
    known = known or CopyRequest.objects.open().filter(person=person).first()
    if known is not None:
        return known
    copy = CopyRequest(
        key=key,
        person=person,
        organisation=person.organisation,
        how=how,
        size=size,
        identity=identity,
        received_on=received_on,
        taken_by=by,
    )
    copy.set_clock()
    copy.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
    except IntegrityError as error:
        raise CopyChanged(_("Somebody else wrote this request down a moment ago.")) from error
    _record(COPY_ASKED, copy, by)
    return copy


def _record(event: Any, copy: CopyRequest, by: User, **details: Any) -> None:
    record(
        event,
        by=by,
        subject=copy.person_id,
        organisation=copy.organisation_id,
        details={"copy": copy.id, **details},
    )


def _locked(copy: CopyRequest, by: User, permission: Permission, *, version: int) -> CopyRequest:
    """The row as it is, if ``by`` may and nobody changed it since it was shown."""
    current = CopyRequest.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    check(by, permission, current)
    if current.version != version or not current.is_open:
        raise CopyChanged(
            _("Somebody else has changed this request meanwhile: it is %(state)s now.")
            % {"state": current.get_state_display()}
        )
    current.version += 1
    return current


@transaction.atomic
def confirm_identity(*, copy: CopyRequest, identity: str, version: int, by: User) -> CopyRequest:
    """It is known who is asking."""
    current = _locked(copy, by, Permission.PERSON_EXPORT, version=version)
    current.identity = CopyRequest.Identity(identity).value
    current.save()
    _record(COPY_CHANGED, current, by, what="identity")
    return current


@transaction.atomic
def stop_clock(
    *, copy: CopyRequest, why: str, version: int, by: User, on: date | None = None
) -> CopyRequest:
    """They were asked what they mean, or who they are: the clock stands still until they answer."""
    current = _locked(copy, by, Permission.PERSON_EXPORT, version=version)
    if current.stopped_since is not None:
        raise CopyChanged(_("The clock stands still already."))
    current.stopped_since, current.stopped_why = on or timezone.localdate(), why
    current.save()
    _record(COPY_CHANGED, current, by, what="stopped")
    return current


@transaction.atomic
def start_clock(
    *, copy: CopyRequest, version: int, by: User, on: date | None = None
) -> CopyRequest:
    """They answered: the days that passed are added."""
    current = _locked(copy, by, Permission.PERSON_EXPORT, version=version)
    if current.stopped_since is None:
        raise CopyChanged(_("The clock runs already."))
    day = on or timezone.localdate()
    current.stopped_days += max(0, (day - current.stopped_since).days)
    current.stopped_since, current.stopped_why = None, ""
    current.save()
    _record(COPY_CHANGED, current, by, what="started")
    return current


@transaction.atomic
def extend(*, copy: CopyRequest, why: str, version: int, by: User) -> CopyRequest:
    """Two months more, once, because it is complex. They must be told within the first month."""
    current = _locked(copy, by, Permission.COPY_REVIEW, version=version)
    if current.extended_why:
        raise Refused(_("It has been extended already. It cannot be extended twice."))
    if timezone.localdate() > current.due_on:
        raise Refused(_("The month is over: it can only be extended before its last day."))
    current.extended_why = why
    current.save()
    _record(COPY_CHANGED, current, by, what="extended")
    return current


@transaction.atomic
def begin_review(*, copy: CopyRequest, version: int, by: User) -> CopyRequest:
    """Gather every row about them, so that what is read is what is given. Again: anew, from the start.

    Raises :class:`Refused` while it is not known who is asking.
    """
    current = _locked(copy, by, Permission.COPY_REVIEW, version=version)
    if not current.identity or current.person_id is None:
        raise Refused(_("Make sure who is asking before you gather anything."))
    current.parts.all().delete()
    parts = gather(all_ids_of(current.person_id))
    CopyPart.objects.bulk_create(
        CopyPart(
            copy=current,
            position=number,
            table=part.model,
            heading=part.heading,
            rows=part.fields,
        )
        for number, part in enumerate(parts, start=1)
    )
    person = Person.objects.get(pk=current.person_id)
    CopyPart.objects.bulk_create(make_parts(current, person, after=len(parts)))
    current.state, current.gathered_at = State.REVIEW, timezone.now()
    current.save()
    _record(COPY_GATHERED, current, by, rows=sum(len(part.rows) for part in parts))
    return current


@transaction.atomic
def read_rows(
    *,
    part: CopyPart,
    start: int,
    left_out: Mapping[str, str],
    seen: str,
    by: User,
) -> CopyPart:
    """Keep what a reviewer decided about :data:`ROWS_AT_ONCE` rows from ``start``.

    ``left_out``: ``{"row:field": why}`` of these rows. ``seen``: when the rows were gathered, as the
    page had it: gathered anew since, they are others. Raises :class:`CopyChanged`.
    """
    copy = CopyRequest.objects.select_for_update(of=("self",)).get(pk=part.copy_id)
    check(by, Permission.COPY_REVIEW, copy)
    current = CopyPart.objects.select_for_update().filter(pk=part.pk).first()
    gathered = copy.gathered_at.isoformat() if copy.gathered_at else ""
    if current is None or copy.state != State.REVIEW or gathered != seen:
        raise CopyChanged(
            _("It was gathered anew or given meanwhile. Begin again from the request.")
        )
    end = min(start + ROWS_AT_ONCE, len(current.rows))
    here = {
        f"{number}:{place}"
        for number in range(start, end)
        for place in range(len(current.rows[number]))
    }
    current.left_out = {key: why for key, why in current.left_out.items() if key not in here} | {
        key: CopyPart.Why(why).value for key, why in left_out.items() if key in here
    }
    # Read from the beginning without a gap, else a page that was skipped would count as read.
    if start <= current.rows_read:
        current.rows_read = max(current.rows_read, end)
    current.read_by = by
    current.save()
    _record(COPY_READ, copy, by, table=current.table.lower(), left_out=len(current.left_out))
    return current


@transaction.atomic
def release(*, copy: CopyRequest, version: int, by: User) -> CopyRequest:
    """Everything has been read: it may be given. Raises :class:`NotReadYet`, :class:`Refused`."""
    current = _locked(copy, by, Permission.COPY_REVIEW, version=version)
    if current.state != State.REVIEW:
        raise NotReadYet(_("Nothing has been gathered yet."))
    if current.stopped_since is not None:
        raise Refused(_("The clock stands still: they have not answered yet."))
    parts = list(current.parts.select_for_update())
    unread = [part.heading for part in parts if not part.is_read]
    if unread:
        raise NotReadYet(_("Not read yet: %(parts)s.") % {"parts": ", ".join(unread)})
    current.state, current.decided_by, current.closed_at = State.RELEASED, by, timezone.now()
    current.save()
    _record(COPY_RELEASED, current, by, left_out=sum(len(part.left_out) for part in parts))
    return current


@transaction.atomic
def close_copy(*, copy: CopyRequest, state: str, why: str, version: int, by: User) -> CopyRequest:
    """Refused, with the reason that they are told; or taken back. What was gathered is deleted."""
    if state not in (State.REFUSED, State.WITHDRAWN):
        raise ValueError(state)
    permission = Permission.COPY_REVIEW if state == State.REFUSED else Permission.PERSON_EXPORT
    current = _locked(copy, by, permission, version=version)
    current.parts.all().delete()
    current.state, current.decided_by, current.closed_at = state, by, timezone.now()
    current.closed_why, current.stopped_since, current.stopped_why = why, None, ""
    current.save()
    _record(COPY_CLOSED, current, by, state=str(state))
    return current


def as_json(copy: CopyRequest) -> str:
    """For a machine: names of tables and fields as they are in the portal, without what was left out."""
    return json.dumps(
        {
            "person": copy.person_id,
            "reference": copy.reference,
            "made_at": copy.gathered_at,
            "network": network().name,
            "parts": [
                {
                    "table": part.table,
                    "heading": part.heading,
                    "rows": [
                        {
                            field["key"]: {"left_out": field["left_out"]}
                            if "left_out" in field
                            else field["value"]
                            for field in row
                        }
                        for row in part.given
                    ],
                }
                for part in copy.parts.all()
                if not is_file(part)
            ],
        },
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
        indent=2,
    )


def wipe_copies(keys: list[Any]) -> int:
    """Delete what was gathered: one that was never finished is gathered anew when it is gone on with."""
    rows = CopyRequest.objects.filter(pk__in=keys)
    CopyPart.objects.filter(copy__in=rows).delete()
    unfinished = rows.filter(state=State.REVIEW).update(state=State.RECEIVED, gathered_at=None)
    return unfinished + rows.exclude(closed_at=None).update(wiped_at=timezone.now())


def forget_copies(person: uuid.UUID) -> int:
    """At an erasure: what was gathered, and everything that was written about the request."""
    rows = CopyRequest.objects.filter(person=person)
    CopyPart.objects.filter(copy__in=rows).delete()
    rows.filter(closed_at=None).update(
        state=State.WITHDRAWN, closed_at=timezone.now(), stopped_since=None
    )
    return rows.update(
        person=None, extended_why="", stopped_why="", closed_why="–", wiped_at=timezone.now()
    )
