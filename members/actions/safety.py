"""Flags for safety: set, looked at again, taken off."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from members.events import FLAG_ENDED, FLAG_REVIEWED, FLAG_SET
from members.models import Person, SafetyFlag
from members.refusals import Refused


@transaction.atomic
def set_flag(
    *, person: Person, kind: str, what_to_do: str, review_on: date, expires_on: date, by: User
) -> SafetyFlag:
    """Raises ``ValidationError`` for a flag without a last day, or without a look before it."""
    held = Person.objects.select_for_update().get(pk=person.pk, erased_at=None)
    check(by, Permission.SAFETY_FLAG_CHANGE, held)
    flag = SafetyFlag(
        person=held,
        kind=kind,
        what_to_do=what_to_do,
        review_on=review_on,
        expires_on=expires_on,
        set_by=by,
    )
    flag.full_clean()
    flag.save(force_insert=True)
    record(
        FLAG_SET,
        by=by,
        subject=held.id,
        organisation=held.organisation_id,
        details={"flag": flag.id},
    )
    return flag


def _open(flag: SafetyFlag, by: User) -> SafetyFlag:
    current = (
        SafetyFlag.objects.select_for_update(of=("self",)).select_related("person").get(pk=flag.pk)
    )
    check(by, Permission.SAFETY_FLAG_CHANGE, current.person)
    if current.ended_at is not None:
        raise Refused(_("Somebody else has just taken it off."))
    return current


@transaction.atomic
def review_flag(
    *, flag: SafetyFlag, what_to_do: str, review_on: date, expires_on: date, by: User
) -> SafetyFlag:
    """It still holds: with the words and the days as they are from now on."""
    current = _open(flag, by)
    current.what_to_do = what_to_do
    current.review_on = review_on
    current.expires_on = expires_on
    current.reviewed_at = timezone.now()
    current.full_clean()
    current.save()
    record(
        FLAG_REVIEWED,
        by=by,
        subject=current.person_id,
        organisation=current.person.organisation_id,
        details={"flag": current.id},
    )
    return current


@transaction.atomic
def end_flag(*, flag: SafetyFlag, why: str, by: User) -> SafetyFlag:
    """It no longer holds. The row stays until the person's record goes."""
    current = _open(flag, by)
    current.ended_at = timezone.now()
    current.why_ended = why
    current.full_clean()
    current.save()
    record(
        FLAG_ENDED,
        by=by,
        subject=current.person_id,
        organisation=current.person.organisation_id,
        details={"flag": current.id},
    )
    return current
