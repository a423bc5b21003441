"""Opening somebody's record by giving a reason."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import record
from members.access import Standing, organisation_opened_from, standing_of
from members.events import PERSON_OPENED
from members.models import Opening, Person
from members.models.opening import end_of_the_day


@transaction.atomic
def open_record(*, person: Person, by: User, reason: str, words: str = "") -> Opening:
    """Open ``person`` to ``by`` until the end of the day.

    Raises ``Http404`` for somebody whom they may not open, ``ValidationError`` for no reason.
    """
    if standing_of(by, person) is Standing.NONE:
        raise Http404
    now = timezone.now()
    opening = Opening(
        person=person,
        user=by,
        opened_from=organisation_opened_from(by),
        reason=reason,
        words=words.strip(),
        at=now,
        until=end_of_the_day(now),
    )
    opening.full_clean()
    opening.save(force_insert=True)
    record(
        PERSON_OPENED,
        by=by,
        subject=person.id,
        organisation=person.organisation_id,
        details={"reason": str(reason), "opening": opening.id},
    )
    return opening
