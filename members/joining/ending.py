"""Taking back a code: by whoever made it, or with the money that was paid for it.

Apart from ``codes``, which knows people: the payments call this one.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor, record
from members.actions.memberships import void_source
from members.joining.events import JOIN_CODE_ENDED
from members.models import JoinCode, Term


@transaction.atomic
def end_code(*, code: JoinCode, by: Actor) -> JoinCode:
    """It was lost, or is not wanted any more, or the money went back: it cannot be taken up from now on.

    What a gift has brought already is taken back; a share that was taken up stays.
    """
    current = JoinCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    if current.ended_at is not None:
        return current
    if current.kind == JoinCode.Kind.GIFT:
        void_source(source=Term.Source.GIFT, source_id=current.id, by=by)
    current.ended_at = timezone.now()
    current.save(update_fields=["ended_at"])
    note_code(JOIN_CODE_ENDED, current, by, current.giver_id)
    return current


def note_code(event: Any, code: JoinCode, by: Actor, subject: UUID | None) -> None:
    record(
        event,
        by=by,
        subject=subject,
        organisation=code.organisation_id,
        details={"code": code.id, "kind": str(code.kind)},
    )
