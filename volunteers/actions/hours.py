"""Hours: logged by one side, confirmed by the other, settled by a manager when the two do not agree."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.access.acting import StandsFor, register_link
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.audit.types import EventType
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own
from volunteers.booking import Span
from volunteers.giving.events import HOURS_CONFIRMED, HOURS_DISPUTED, HOURS_LOGGED, HOURS_SETTLED
from volunteers.models import (
    HelpRequest,
    Hours,
    Offer,
    Opportunity,
    ShiftPlace,
    Side,
    Visit,
    Volunteer,
)
from volunteers.refusals import NotPossible, ReasonMissing, SameSide
from volunteers.signals import hours_logged
from volunteers.states import OfferState

# The volunteer without an account, by the link in their message (docs/decisions/0075).
BY_LINK = register_link(SystemJob("volunteer hours link"), StandsFor.PERSON)


@transaction.atomic
def log_hours(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    day: date,
    minutes: int,
    by: Actor,
    opportunity: Opportunity | None = None,
    offer: Offer | None = None,
    shift_place: ShiftPlace | None = None,
    key: uuid.UUID | None = None,
) -> Hours:
    """Write down minutes that somebody gave on a day: all of it, or a part.

    :param by: the volunteer (signed in, or by their link), or somebody who confirms hours at
        ``organisation``; the other side confirms.
    :param key: of the page, of the visit (:func:`key_of`) or of the place on the shift: written once,
        whoever is first.
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
    return _log(
        volunteer=volunteer, organisation=organisation, day=day, minutes=minutes, side=side, by=by,
        key=key, opportunity=opportunity, offer=offer, shift_place=shift_place,
    )  # fmt: skip


def key_of(what: Visit | ShiftPlace | Offer) -> uuid.UUID:
    """The one row of hours for a visit, a place on a shift, or help without an agreed visit."""
    return uuid.uuid5(what.pk, "hours")


@transaction.atomic
def log_finished_help(*, help_request: HelpRequest, by: Actor) -> list[Hours]:
    """The help was given: each visit of it, or the help itself where no visit was agreed, is written down for
    the other side to confirm. What somebody wrote down before stays as it is; twice is once.

    The volunteer's own word is theirs; anybody else's (the person, the coordinator, staff on the phone) is
    the organisation's, so that the volunteer confirms it.
    """
    offer = (
        Offer.objects.filter(help_request=help_request, state=OfferState.DONE)
        .select_related("volunteer__person", "help_request__organisation")
        .order_by("-ended_at")
        .first()
    )
    if offer is None or offer.volunteer.person_id is None:
        return []
    side = (
        Side.VOLUNTEER
        if isinstance(by, User) and is_persons_own(by, offer.volunteer.person)
        else Side.ORGANISATION
    )
    now = timezone.now()
    visits = list(offer.visits.filter(cancelled_at=None, starts_at__lte=now).order_by("starts_at"))
    given: list[tuple[uuid.UUID, date, int]] = [
        (
            key_of(visit),
            timezone.localdate(visit.starts_at),
            min(max(round((visit.ends_at - visit.starts_at).total_seconds() / 60), 1), 24 * 60),
        )
        for visit in visits
        # Who came to a door that stayed shut gave their time; who did not come did not.
        if visit.outcome != Visit.Outcome.VOLUNTEER_MISSED
    ]
    if not visits and not Hours.objects.filter(offer=offer).exists():
        given = [(key_of(offer), timezone.localdate(), help_request.minutes)]
    return [
        _log(
            volunteer=offer.volunteer,
            organisation=help_request.organisation,
            day=day,
            minutes=minutes,
            side=side,
            by=by,
            key=key,
            offer=offer,
        )
        for key, day, minutes in given
    ]


def _log(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    day: date,
    minutes: int,
    side: Side,
    by: Actor,
    key: uuid.UUID | None,
    **what: Any,
) -> Hours:
    hours, created = Hours.objects.get_or_create(
        key=key or uuid.uuid4(),
        defaults={
            "volunteer": volunteer,
            "organisation": organisation,
            "day": day,
            "minutes": minutes,
            "minutes_logged": minutes,
            "logged_side": side,
            "logged_by": by if isinstance(by, User) else None,
            **what,
        },
    )
    if hours.volunteer_id != volunteer.pk:
        raise PermissionDenied
    if created:
        _write(HOURS_LOGGED, hours, by)
        hours_logged.send(sender=Hours, hours=hours, by=by)
    return hours


@transaction.atomic
def log_shift(*, place: ShiftPlace, by: Actor) -> Hours:
    """The hours of a shift at which somebody was there, from its beginning to its end. Twice is once.

    :raises NotPossible: before it is over, and for who was not there.
    """
    shift = place.shift
    if place.state != ShiftPlace.State.DONE:
        raise NotPossible(_("Write down first that they were there."))
    if shift.ends_at > timezone.now():
        raise NotPossible(_("This shift is not over yet."))
    return log_hours(
        volunteer=place.volunteer,
        organisation=shift.opportunity.organisation,
        day=timezone.localdate(shift.starts_at),
        minutes=min(Span(shift.starts_at, shift.ends_at).minutes, 24 * 60),
        shift_place=place,
        key=key_of(place),
        by=by,
    )


@transaction.atomic
def confirm_hours(*, hours: Hours, by: Actor, on_the_phone: bool = False) -> Hours:
    """The other side agrees. A double click confirms once.

    :param on_the_phone: staff write down that the volunteer said so, because they have no e-mail; never
        who logged these hours.
    :raises SameSide: for the side that logged them, whoever of it.
    """
    current = _locked(hours)
    if on_the_phone:
        check_holds(by, Permission.HOURS_CONFIRM, current.organisation_id)
        if (
            not isinstance(by, User)
            or current.logged_side != Side.ORGANISATION
            or by.pk == current.logged_by_id
        ):
            raise SameSide(_("Somebody else than who wrote them down must ask the volunteer."))
    else:
        _check_other_side(current, by)
    if current.state in (Hours.State.CONFIRMED, Hours.State.SETTLED):
        return current
    if current.state == Hours.State.DISPUTED:
        raise NotPossible(_("The two sides do not agree on these hours: a manager settles them."))
    current.state = Hours.State.CONFIRMED
    current.confirmed_at = timezone.now()
    current.confirmed_by = by if isinstance(by, User) else None
    current.save()
    _write(HOURS_CONFIRMED, current, by)
    return current


@transaction.atomic
def dispute_hours(*, hours: Hours, by: Actor, words: str, minutes: int | None = None) -> Hours:
    """The other side says that they are not right, and perhaps how many they were; the manager settles it.

    :raises NotPossible: once they were confirmed or settled.
    """
    current = _locked(hours)
    _check_other_side(current, by)
    if current.state == Hours.State.DISPUTED:
        return current
    if current.state != Hours.State.LOGGED:
        raise NotPossible(_("These hours have been confirmed."))
    if not words.strip():
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
def settle_hours(*, hours: Hours, minutes: int, because: str, by: User) -> Hours:
    """A manager says how many they were and why, after hearing both; both sides read it. Who logged them does
    not settle them; where an organisation has one manager alone, the volunteer centre does."""
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
    if not because.strip():
        raise ReasonMissing(_("Say why it is so many: both read it."))
    current.state, current.minutes = Hours.State.SETTLED, minutes
    current.settled_because = because.strip()[:300]
    current.settled_at, current.settled_by = timezone.now(), by
    current.save()
    _write(HOURS_SETTLED, current, by)
    return current


def _side(by: Actor, volunteer: Volunteer, organisation: Organisation) -> Side:
    if isinstance(by, SystemJob):
        # The one job that acts here is the volunteer's link; which volunteer's, the link says.
        if by != BY_LINK:
            raise PermissionDenied
        return Side.VOLUNTEER
    if is_persons_own(by, volunteer.person):
        return Side.VOLUNTEER
    check_holds(by, Permission.HOURS_CONFIRM, organisation.pk)
    return Side.ORGANISATION


def _check_other_side(hours: Hours, by: Actor) -> None:
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
