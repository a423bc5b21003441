"""Shifts of a role: made one by one or week by week, changed, called off."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, EventType, record
from volunteers.access import check_holds
from volunteers.actions.locks import lock_exchanges, lock_shifts, lock_volunteers
from volunteers.actions.opportunities import locked as locked_role
from volunteers.actions.shifts import end_exchanges, lock_all, locked, move_up
from volunteers.booking import Span, clashes
from volunteers.models import Opportunity, Shift, ShiftPlace
from volunteers.refusals import AlreadyBooked, ChangedMeanwhile, NotPossible
from volunteers.rotas.events import SHIFT_CALLED_OFF, SHIFT_CHANGED, SHIFTS_MADE
from volunteers.signals import shift_called_off, shift_changed
from volunteers.states import OpportunityState

_STATE = ShiftPlace.State
_ENDED = (OpportunityState.DONE, OpportunityState.CANCELLED)


@transaction.atomic
def make_shifts(
    *,
    opportunity: Opportunity,
    spans: Sequence[Span],
    by: Actor,
    places: int = 1,
    note: str = "",
    series: uuid.UUID | None = None,
) -> list[Shift]:
    """Shifts of a role, all alike but for their times.

    :param series: the key of the form: the same key again makes nothing and returns what it made.
    :raises NotPossible: when the role is over.
    """
    role = locked_role(opportunity)
    check_holds(by, Permission.VOLUNTEER_MANAGE, role.organisation_id)
    series = series or uuid.uuid4()
    there = list(Shift.objects.filter(series=series, opportunity=role))
    if there:
        return there
    if role.state in _ENDED:
        raise NotPossible(_("This role is over. Open it again first."))
    made = Shift.objects.bulk_create(
        Shift(
            opportunity=role,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            places=places,
            note=note.strip(),
            series=series,
        )
        for span in spans
    )
    record(
        SHIFTS_MADE,
        by=by,
        organisation=role.organisation_id,
        details={"opportunity": role.pk, "shifts": [shift.pk for shift in made]},
    )
    return made


@transaction.atomic
def change_shift(
    *,
    shift: Shift,
    span: Span,
    places: int,
    note: str,
    by: Actor,
    version: int | None = None,
    override_reason: str = "",
) -> Shift:
    """Another time, more or fewer places. Who waits moves up into new places.

    :param override_reason: why it may overlap with something else that those on it have promised.
    :raises ChangedMeanwhile: when somebody else has saved it since the page was opened.
    :raises AlreadyBooked: when somebody who has a place is elsewhere at the new time.
    """
    current = locked(shift)
    check_holds(by, Permission.VOLUNTEER_MANAGE, current.opportunity.organisation_id)
    was = Span(current.starts_at, current.ends_at)
    if (was, current.places, current.note) == (span, places, note.strip()):
        return current
    if version is not None and version != current.version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this shift. Open it again to see how it is now.")
        )
    if current.cancelled_at is not None:
        raise NotPossible(_("This shift was called off."))
    if current.ends_at <= timezone.now():
        raise NotPossible(_("This shift is over."))
    held = lock_all(current)
    confirmed = list(current.shift_places.filter(state=_STATE.CONFIRMED))
    if len(confirmed) > places:
        raise NotPossible(
            ngettext(
                "%(count)d volunteer has a place. Take somebody off first.",
                "%(count)d volunteers have a place. Take somebody off first.",
                len(confirmed),
            )
            % {"count": len(confirmed)}
        )
    if span != was:
        for place in confirmed:
            place.volunteer = held[place.volunteer_id]
            _keep_or_refuse(place, span, by, override_reason.strip()[:300])
    current.starts_at, current.ends_at = span.starts_at, span.ends_at
    current.places, current.note = places, note.strip()
    current.version += 1
    current.save()
    _record(SHIFT_CHANGED, current, by)
    for _free in range(places - len(confirmed)):
        move_up(current)
    if span != was:
        # Nobody agrees to another time than they were asked for.
        end_exchanges([place.pk for place in confirmed], by=by)
        shift_changed.send(sender=Shift, shift=current, was=was, by=by)
    return current


def _keep_or_refuse(place: ShiftPlace, span: Span, by: Actor, override_reason: str) -> None:
    if not clashes(place.volunteer, span, besides=place):
        return
    if not override_reason:
        person = place.volunteer.person
        raise AlreadyBooked(
            _("%(name)s has promised something else at that time.")
            % {"name": person.name if person else place.volunteer.reference}
        )
    place.override_reason = override_reason
    place.override_by = by if isinstance(by, User) else None
    place.save(update_fields=["override_reason", "override_by", "changed_at"])


@transaction.atomic
def cancel_shift(*, shift: Shift, by: Actor, words: str = "") -> Shift:
    """Call it off. Places stay as they are written: who had one is told, and sees that it is off.

    :param words: what those on it are told besides.
    """
    current = locked(shift)
    check_holds(by, Permission.VOLUNTEER_MANAGE, current.opportunity.organisation_id)
    if current.cancelled_at is not None:
        return current
    if current.ends_at <= timezone.now():
        raise NotPossible(_("This shift is over."))
    lock_all(current)
    current.cancelled_at = timezone.now()
    current.version += 1
    current.save(update_fields=["cancelled_at", "version", "changed_at"])
    _record(SHIFT_CALLED_OFF, current, by)
    end_exchanges(current.shift_places.values_list("pk", flat=True), by=by)
    shift_called_off.send(sender=Shift, shift=current, words=words.strip(), by=by)
    return current


def later_in_series(shift: Shift) -> QuerySet[Shift]:
    """The shifts after this one that were made with it and are still to come."""
    if shift.series is None:
        return Shift.objects.none()
    return Shift.objects.filter(
        series=shift.series,
        opportunity=shift.opportunity_id,
        cancelled_at=None,
        starts_at__gt=max(shift.starts_at, timezone.now()),
    )


@transaction.atomic
def cancel_series(*, shift: Shift, by: Actor, words: str = "") -> list[Shift]:
    """Call off this shift and the later ones that were made with it: all of them or none."""
    # All shifts are held before any volunteer is, and both by their keys, as everywhere.
    later = set(later_in_series(shift).values_list("pk", flat=True))
    held = lock_shifts({shift.pk, *later})
    rows = ShiftPlace.objects.filter(shift__in=held, state__in=[_STATE.CONFIRMED, _STATE.WAITING])
    places = list(rows.values_list("pk", "volunteer_id"))
    lock_volunteers({volunteer for _place, volunteer in places})
    lock_exchanges(place for place, _volunteer in places)
    off = [one for key, one in held.items() if key in later and one.cancelled_at is None]
    off.sort(key=lambda one: (one.starts_at, one.pk))
    return [cancel_shift(shift=one, words=words, by=by) for one in (shift, *off)]


def _record(event: EventType, shift: Shift, by: Actor) -> None:
    record(
        event,
        by=by,
        organisation=shift.opportunity.organisation_id,
        details={"shift": shift.pk, "opportunity": shift.opportunity_id},
    )
