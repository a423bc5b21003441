"""What was promised for a day, and stands on the access point's first page until it is done."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from referrals.actions.enquiries import locked
from referrals.events import ENQUIRY_SAVED, PROMISE_KEPT
from referrals.models import Enquiry
from referrals.refusals import NotPossible
from referrals.signals import promise_done


@transaction.atomic
def keep_promise(
    *, enquiry: Enquiry, by: User | SystemJob, promised_on: date | None = None
) -> Enquiry:
    """What was promised for a day has been done; again changes nothing.

    :param promised_on: the day that stood on the page: a second click does not tick off what is promised
        next for the same person.
    :raises NotPossible: nothing was promised, or it is promised for another day by now.
    """
    current = locked(enquiry)
    if not isinstance(by, SystemJob) and not can(by, Permission.FOLLOW_UP_ASK, current):
        raise PermissionDenied
    if current.promised_on is None:
        raise NotPossible(_("Nothing was promised."))
    if promised_on is not None and promised_on != current.promised_on:
        raise NotPossible(
            _(
                "That was ticked off or changed a moment ago. What is promised now comes up on its own day."
            )
        )
    if current.promise_kept_at is not None:
        return current
    current.promise_kept_at = timezone.now()
    current.save(update_fields=["promise_kept_at"])
    record(
        PROMISE_KEPT,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"enquiry": current.id},
    )
    promise_done.send(Enquiry, enquiry=current, by=by)
    return current


@transaction.atomic
def promise_next(*, enquiry: Enquiry, on: date, promise: str, by: Actor) -> Enquiry:
    """What is to be done next for the same person, and on which day; also when the enquiry is finished."""
    current = locked(enquiry)
    if (current.promised_on, current.promise, current.promise_kept_at) == (on, promise, None):
        return current
    current.promised_on, current.promise, current.promise_kept_at = on, promise, None
    current.version += 1
    current.full_clean(exclude=["key"])
    current.save()
    record(
        ENQUIRY_SAVED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        fields=["promise", "promised_on"],
        details={"enquiry": current.id},
    )
    return current
