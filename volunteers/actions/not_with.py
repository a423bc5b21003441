"""Two people who are not to be brought together."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from members.models import Person
from volunteers.access import party_to_volunteer
from volunteers.actions.volunteers import locked
from volunteers.events import NOT_WITH_LIFTED, NOT_WITH_RECORDED
from volunteers.models import NotWith, Volunteer
from volunteers.states import Party


@transaction.atomic
def keep_apart(
    *, volunteer: Volunteer, person: Person, said_by: str, by: Actor, reason: str = ""
) -> NotWith:
    """From now on they are not suggested for each other. Nobody but staff sees the list."""
    current = locked(volunteer)
    if party_to_volunteer(by, current) is Party.VOLUNTEER:
        raise PermissionDenied
    row, created = NotWith.objects.get_or_create(
        volunteer=current,
        person=person,
        defaults={
            "said_by": said_by,
            "reason": reason.strip()[:300],
            "recorded_by": by if isinstance(by, User) else None,
        },
    )
    if created:
        record(
            NOT_WITH_RECORDED,
            by=by,
            subject=current.person_id,
            organisation=current.organisation_id,
            details={"volunteer": current.pk},
        )
    return row


@transaction.atomic
def lift_keep_apart(*, row: NotWith, by: Actor) -> None:
    """Whoever asked for it no longer minds."""
    current = locked(row.volunteer)
    if party_to_volunteer(by, current) is Party.VOLUNTEER:
        raise PermissionDenied
    if NotWith.objects.filter(pk=row.pk).delete()[0]:
        record(
            NOT_WITH_LIFTED,
            by=by,
            subject=current.person_id,
            organisation=current.organisation_id,
            details={"volunteer": current.pk},
        )
