"""What happens next for a volunteer who waits: there is always something, with a day."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from volunteers.access import check_holds, looks_after
from volunteers.actions.volunteers import locked, renew_next_step
from volunteers.events import NEXT_STEP_DONE, NEXT_STEP_SET
from volunteers.models import NextStep, Volunteer


@transaction.atomic
def set_next_step(
    *, volunteer: Volunteer, what: str, due_on: date, by: Actor, note: str = ""
) -> NextStep:
    """Plan another next step, in place of the open one."""
    current = locked(volunteer)
    _check(by, current)
    NextStep.objects.filter(volunteer=current).open().update(
        done_at=timezone.now(), done_by=by if isinstance(by, User) else None
    )
    step = NextStep.objects.create(
        volunteer=current, what=what, due_on=due_on, note=note.strip()[:300]
    )
    record(
        NEXT_STEP_SET,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"volunteer": current.pk, "what": str(what), "due_on": due_on},
    )
    return step


@transaction.atomic
def finish_next_step(*, step: NextStep, by: Actor) -> NextStep | None:
    """It was done; while they are still not placed, the next one follows at once.

    :returns: the one that follows, if any. A double click finishes nothing twice.
    """
    current = locked(step.volunteer)
    _check(by, current)
    if NextStep.objects.get(pk=step.pk).done_at is not None:
        return NextStep.objects.filter(volunteer=current).open().first()
    record(
        NEXT_STEP_DONE,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"volunteer": current.pk, "what": str(step.what)},
    )
    return renew_next_step(current, by)


def _check(by: Actor, volunteer: Volunteer) -> None:
    if isinstance(by, User) and looks_after(by, volunteer, Permission.VOLUNTEER_MANAGE):
        return
    check_holds(by, Permission.VOLUNTEER_MANAGE, volunteer.organisation_id)
