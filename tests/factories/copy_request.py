"""Requests for a copy, made through the actions.

asked_copy(person, by=user)       asked today, by somebody who is known
gathered_copy(person, by=user)    gathered, nothing read yet
released_copy(person, by=user)    read through and let go, with nothing left out
"""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from dcsn.accounts.models import User
from members.actions.copies import ROWS_AT_ONCE, ask_for_copy, begin_review, read_rows, release
from members.models import CopyRequest, Person


def asked_copy(person: Person, *, by: User, **facts: Any) -> CopyRequest:
    return ask_for_copy(
        person=person,
        by=by,
        **{
            "received_on": timezone.localdate(),
            "how": "desk",
            "size": 18,
            "identity": "known",
            "key": uuid.uuid4(),
            **facts,
        },
    )


def gathered_copy(person: Person, *, by: User, **facts: Any) -> CopyRequest:
    copy = asked_copy(person, by=by, **facts)
    return begin_review(copy=copy, version=copy.version, by=by)


def read_through(copy: CopyRequest, *, by: User) -> None:
    assert copy.gathered_at is not None
    for part in copy.parts.all():
        for start in range(0, len(part.rows), ROWS_AT_ONCE):
            read_rows(part=part, start=start, left_out={}, seen=copy.gathered_at.isoformat(), by=by)


def released_copy(person: Person, *, by: User, **facts: Any) -> CopyRequest:
    copy = gathered_copy(person, by=by, **facts)
    read_through(copy, by=by)
    return release(copy=copy, version=copy.version, by=by)
