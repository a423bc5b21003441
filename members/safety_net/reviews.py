"""Looking at a granted one again when its day has come; and what is forgotten afterwards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import SystemJob, record
from members.models import Concession
from members.safety_net.actions import (
    State,
    granted,
    locked_concession,
    may_decide,
    moved,
    not_about_themselves,
    note,
    unchanged,
)
from members.safety_net.events import SAFETY_NET_TOLD, SAFETY_NET_WIPED
from members.safety_net.refusals import NotYours

RETENTION = SystemJob("retention")


@transaction.atomic
def review(
    *,
    concession: Concession,
    evidence: str,
    by: User,
    review_on: date | None = None,
    version: int | None = None,
) -> Concession:
    """It still holds, for about two years more. Gives no term: that is the renewal's.

    :raises NotYours: staff for anything but a simple check.
    """
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_ASK, current.membership)
    not_about_themselves(current.membership, by)
    unchanged(current, State.GRANTED, version)
    if not may_decide(by, current, evidence=evidence):
        raise NotYours(_("The hub lead or the membership officer has to decide this."))
    current.evidence, current.seen_by, current.seen_on = evidence, by, timezone.localdate()
    granted(current, review_on=review_on)
    moved(current, by=by)
    return current


@transaction.atomic
def end(*, concession: Concession, by: User, version: int | None = None) -> Concession:
    """It is no longer needed. What was given stays: the membership lasts until its last day."""
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_DECIDE, current.membership)
    if current.state == State.ENDED:
        return current
    unchanged(current, State.GRANTED, version)
    current.state = State.ENDED
    moved(current, by=by)
    return current


@transaction.atomic
def note_told(*, concession: Concession, by: User) -> Concession:
    """Somebody rang them, or told them at the desk."""
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_ASK, current.membership)
    if current.to_be_told:
        current.to_be_told = False
        current.save(update_fields=["to_be_told"])
        note(SAFETY_NET_TOLD, current, by)
    return current


def forgettable(before: datetime) -> QuerySet[Concession]:
    """Decided, or past the day of review, for as long as they are kept."""
    closed = [State.NOT_GRANTED, State.UPHELD, State.WITHDRAWN, State.ENDED]
    return Concession.objects.filter(wiped_at=None).filter(
        Q(state__in=closed, version_at__lt=before)
        | Q(state=State.GRANTED, review_on__lt=timezone.localdate(before))
    )


def wipe_concessions(keys: list[Any]) -> int:
    """Forget why and with what words; that something was asked, when, and how it ended stays."""
    rows = Concession.objects.filter(pk__in=keys, wiped_at=None)
    for row in rows:
        record(SAFETY_NET_WIPED, by=RETENTION, details={"concession": row.id})
    return empty(rows)


def empty(rows: QuerySet[Concession]) -> int:
    """The same without a word in the trail, for an erasure, which has its own."""
    rows.filter(state__in=Concession.OPEN).update(state=State.WITHDRAWN)
    return rows.update(
        **dict.fromkeys(Concession.WORDS, ""), to_be_told=False, wiped_at=timezone.now()
    )
