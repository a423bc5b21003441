"""The secret address of a volunteer's calendar: made, made anew, ended. Only the volunteer does."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dcsn.accounts.models import User
from dcsn.audit import record
from volunteers.access import is_persons_own
from volunteers.actions.volunteers import locked
from volunteers.models import CalendarFeed, Volunteer
from volunteers.rotas.events import CALENDAR_FEED_CHANGED


@transaction.atomic
def make_feed(
    *, volunteer: Volunteer, by: User, instead_of: CalendarFeed | None = None
) -> CalendarFeed:
    """An address; the one that there is, when there is one.

    :param instead_of: the address that is to open no more. Sent twice, it makes one new address.
    """
    held = locked(volunteer)
    if not is_persons_own(by, held.person):
        raise PermissionDenied
    there = CalendarFeed.objects.filter(volunteer=held).first()
    if there is not None and (instead_of is None or there.pk != instead_of.pk):
        return there
    if there is not None:
        there.delete()
    feed = CalendarFeed.objects.create(volunteer=held)
    _record(held, by, ends=there is not None)
    return feed


@transaction.atomic
def end_feed(*, volunteer: Volunteer, by: User) -> None:
    """The address opens no more, at once."""
    held = locked(volunteer)
    if not is_persons_own(by, held.person):
        raise PermissionDenied
    if CalendarFeed.objects.filter(volunteer=held).delete()[0]:
        _record(held, by, ends=True)


def _record(volunteer: Volunteer, by: User, *, ends: bool) -> None:
    record(
        CALENDAR_FEED_CHANGED,
        by=by,
        subject=volunteer.person_id,
        organisation=volunteer.organisation_id,
        details={"volunteer": volunteer.pk, "ends": ends},
    )
