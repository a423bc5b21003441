"""Hours: logged by one side, confirmed by the other, settled by a manager when the two do not agree."""

from __future__ import annotations

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from dcsn.audit.types import EventType
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own
from volunteers.events import HOURS_CONFIRMED, HOURS_DISPUTED, HOURS_LOGGED, HOURS_SETTLED
from volunteers.models import Hours, Offer, Opportunity, ShiftPlace, Side, Volunteer
from volunteers.refusals import NotPossible, ReasonMissing, SameSide


@transaction.atomic
def log_hours(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    day: date,
    minutes: int,
    by: User,
    opportunity: Opportunity | None = None,
    offer: Offer | None = None,
    shift_place: ShiftPlace | None = None,
    key: uuid.UUID | None = None,
) -> Hours:
    """Write down minutes that somebody gave on a day: all of it, or a part.

    :param by: the volunteer, or somebody who confirms hours at ``organisation``; the other side confirms.
    :param key: of the page; sent twice, it is written once.
    """
    side = _side(by, volunteer, organisation)
    if not 0 < minutes <= 24 * 60:
        raise NotPossible(_("Give between 1 minute and 24 hours."))
    if day > timezone.localdate():
        raise NotPossible(_("That day is still to come."))
    if not volunteer.standings.filter(organisation=organisation).exists() and offer is None:
        raise NotPossible(_("They have nothing to do with this organisation."))
    for what in (opportunity, offer, shift_place):
        if what is not None and not _is_theirs(what, volunteer, organisation):
            raise PermissionDenied
    hours, created = Hours.objects.get_or_create(
        key=key or uuid.uuid4(),
        defaults={
            "volunteer": volunteer,
            "organisation": organisation,
            "day": day,
            "minutes": minutes,
            "minutes_logged": minutes,
            "opportunity": opportunity,
            "offer": offer,
            "shift_place": shift_place,
            "logged_side": side,
            "logged_by": by,
        },
    )
    if created:
        _write(HOURS_LOGGED, hours, by)
    return hours


@transaction.atomic
def confirm_hours(*, hours: Hours, by: User) -> Hours:
    """The other side agrees. A double click confirms once.

    :raises SameSide: for the side that logged them, whoever of it.
    """
    current = _locked(hours)
    _check_other_side(current, by)
    if current.state in (Hours.State.CONFIRMED, Hours.State.SETTLED):
        return current
    current.state = Hours.State.CONFIRMED
    current.confirmed_at, current.confirmed_by = timezone.now(), by
    current.save()
    _write(HOURS_CONFIRMED, current, by)
    return current


@transaction.atomic
def dispute_hours(*, hours: Hours, by: User, words: str, minutes: int | None = None) -> Hours:
    """The other side says that they are not right, and perhaps how many they were; the manager settles it.

    :raises NotPossible: once they were confirmed or settled.
    """
    current = _locked(hours)
    _check_other_side(current, by)
    if current.state == Hours.State.DISPUTED:
        return current
    if current.state != Hours.State.LOGGED:
        raise NotPossible(_("These hours have been confirmed."))
    if not words.strip() and minutes is None:
        raise ReasonMissing(_("Say what is not right."))
    if minutes is not None and not 0 <= minutes <= 24 * 60:
        raise NotPossible(_("Give between 0 minutes and 24 hours."))
    current.state = Hours.State.DISPUTED
    current.disputed_at = timezone.now()
    current.minutes_disputed, current.dispute_words = minutes, words.strip()[:300]
    current.save()
    _write(HOURS_DISPUTED, current, by)
    return current


@transaction.atomic
def settle_hours(*, hours: Hours, minutes: int, by: User) -> Hours:
    """A manager says how many they were, after hearing both. Who logged them does not settle them; where an
    organisation has one manager alone, the volunteer centre does."""
    current = _locked(hours)
    check_holds(by, Permission.HOURS_CONFIRM, current.organisation_id)
    if current.state == Hours.State.SETTLED and current.minutes == minutes:
        return current
    if current.state != Hours.State.DISPUTED:
        raise NotPossible(_("Nobody disputes these hours."))
    if current.logged_by_id == by.pk or is_persons_own(by, current.volunteer.person):
        raise SameSide(_("Somebody else must settle these hours."))
    if not 0 <= minutes <= 24 * 60:
        raise NotPossible(_("Give between 0 minutes and 24 hours."))
    current.state, current.minutes = Hours.State.SETTLED, minutes
    current.settled_at, current.settled_by = timezone.now(), by
    current.save()
    _write(HOURS_SETTLED, current, by)
    return current


def _side(by: User, volunteer: Volunteer, organisation: Organisation) -> Side:
    if is_persons_own(by, volunteer.person):
        return Side.VOLUNTEER
    check_holds(by, Permission.HOURS_CONFIRM, organisation.pk)
    return Side.ORGANISATION


def _check_other_side(hours: Hours, by: User) -> None:
    if _side(by, hours.volunteer, hours.organisation) == hours.logged_side:
        raise SameSide(
            _("Hours are confirmed by the other side than the one that wrote them down.")
        )


def _is_theirs(
    what: Opportunity | Offer | ShiftPlace, volunteer: Volunteer, organisation: Organisation
) -> bool:
    if isinstance(what, Opportunity):
        return what.organisation_id == organisation.pk
    if isinstance(what, Offer):
        there = what.help_request.organisation_id
    else:
        there = what.shift.opportunity.organisation_id
    return what.volunteer_id == volunteer.pk and there == organisation.pk


def _locked(hours: Hours) -> Hours:
    return (
        Hours.objects.select_for_update(of=("self",))
        .select_related("volunteer__person", "organisation")
        .get(pk=hours.pk)
    )


def _write(event: EventType, hours: Hours, by: Actor) -> None:
    record(
        event,
        by=by,
        subject=hours.volunteer.person_id,
        organisation=hours.organisation_id,
        details={"volunteer": hours.volunteer_id, "hours": hours.pk, "minutes": hours.minutes},
    )
