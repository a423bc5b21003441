"""Places on a rota: taken, waited for, given back, swapped. The last place is given once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from volunteers.access import check_holds, is_persons_own, looks_after
from volunteers.actions.locks import (
    lock_exchanges,
    lock_shifts,
    lock_volunteers,
    places_to_come,
)
from volunteers.actions.opportunities import ENDED
from volunteers.actions.volunteers import locked as locked_volunteer
from volunteers.booking import Span
from volunteers.models import (
    Application,
    Opportunity,
    Shift,
    ShiftExchange,
    ShiftPlace,
    Volunteer,
)
from volunteers.refusals import NotPossible, PlaceTaken, Refused
from volunteers.rotas.events import SHIFT_EXCHANGE_MOVED, SHIFT_PLACE_MOVED, SHIFT_SWAP_OFFERED
from volunteers.rules import Task, check_may_help, reasons_against
from volunteers.signals import shift_exchange_moved, shift_place_moved, shift_swap_offered
from volunteers.states import VolunteerState

MAY_TAKE = (VolunteerState.CLEARED, VolunteerState.INDUCTED, VolunteerState.ACTIVE)
_STATE = ShiftPlace.State


def locked(shift: Shift) -> Shift:
    """The row as it is now, held until the transaction ends."""
    return (
        Shift.objects.select_for_update(of=("self",), no_key=True)
        .select_related("opportunity__organisation")
        .get(pk=shift.pk)
    )


@transaction.atomic
def take_shift_place(
    *,
    shift: Shift,
    volunteer: Volunteer,
    by: Actor,
    or_wait: bool = False,
    override_reason: str = "",
) -> ShiftPlace:
    """A place on a shift, for somebody who has a place in its role. A double click takes one.

    :param or_wait: go on the waiting list when there is none left.
    :param override_reason: a manager lets it overlap.
    :raises PlaceTaken: when the last place is gone and ``or_wait`` is False.
    :raises Refused: for each hard rule.
    """
    current = locked(shift)
    held = locked_volunteer(volunteer)
    staff = check_by(by, current, held)
    there = current.shift_places.filter(
        volunteer=held, state__in=[_STATE.CONFIRMED, _STATE.WAITING]
    ).first()
    if there is not None and (there.state == _STATE.CONFIRMED or or_wait):
        return there
    check_open(current)
    check_in_role(current, held)
    overriding = bool(staff and override_reason.strip())
    check_may_help(held, task_of(current), overriding=overriding, besides=there, states=MAY_TAKE)
    free = current.places - current.shift_places.filter(state=_STATE.CONFIRMED).count()
    # Nobody passes those who wait.
    if free <= current.shift_places.filter(state=_STATE.WAITING).exclude(volunteer=held).count():
        if there is not None or not or_wait:
            raise PlaceTaken(_("The last place was taken a moment ago."))
        return write_place(ShiftPlace(shift=current, volunteer=held), _STATE.WAITING, by)
    place = there or ShiftPlace(shift=current, volunteer=held)
    if overriding:
        place.override_reason = override_reason.strip()[:300]
        place.override_by = by if isinstance(by, User) else None
    return write_place(place, _STATE.CONFIRMED, by)


@transaction.atomic
def give_back_place(*, place: ShiftPlace, by: Actor) -> ShiftPlace:
    """They cannot come, and that is all right; the first of those who wait moves up."""
    current = locked(place.shift)
    held = lock_all(current, place.volunteer)[place.volunteer_id]
    check_by(by, current, held, unseen=True)
    row = ShiftPlace.objects.select_for_update().get(pk=place.pk)
    row.shift, row.volunteer = current, held
    if row.state not in (_STATE.CONFIRMED, _STATE.WAITING):
        return row
    freed = row.state == _STATE.CONFIRMED
    write_place(row, _STATE.GIVEN_BACK, by)
    if freed:
        move_up(current)
    return row


@transaction.atomic
def offer_swap(*, place: ShiftPlace, by: Actor, offered: bool = True) -> ShiftPlace:
    """Somebody else of the role may have this place; until one takes it over, it stays theirs.

    :param offered: False: they keep it after all.
    :raises NotPossible: when somebody waits for a place anyway: then it is given back, and they have it.
    """
    current = locked(place.shift)
    held = locked_volunteer(place.volunteer)
    check_by(by, current, held)
    row = ShiftPlace.objects.select_for_update().get(pk=place.pk)
    if (row.swap_offered_at is not None) == offered:
        return row
    if row.state != _STATE.CONFIRMED:
        raise NotPossible(_("This place is not yours any more."))
    if offered:
        check_open(current)
        if current.shift_places.filter(state=_STATE.WAITING).exists():
            raise NotPossible(
                _("Somebody waits for a place already. Give it back, and it is theirs.")
            )
    row.swap_offered_at = timezone.now() if offered else None
    row.save(update_fields=["swap_offered_at", "changed_at"])
    record(
        SHIFT_SWAP_OFFERED,
        by=by,
        subject=held.person_id,
        organisation=current.opportunity.organisation_id,
        details={"volunteer": held.pk, "shift": current.pk, "offered": offered},
    )
    if offered:
        row.shift, row.volunteer = current, held
        shift_swap_offered.send(sender=ShiftPlace, place=row, by=by)
    return row


@transaction.atomic
def mark_place(*, place: ShiftPlace, came: bool, by: Actor) -> ShiftPlace:
    """Whether they were there; a slip is put right by saying the other.

    :raises NotPossible: before the shift begins, or for who had no place.
    """
    current = locked(place.shift)
    held = locked_volunteer(place.volunteer)
    if not check_by(by, current, held, unseen=True):
        raise PermissionDenied
    row = ShiftPlace.objects.select_for_update().get(pk=place.pk)
    row.shift, row.volunteer = current, held
    to = _STATE.DONE if came else _STATE.NO_SHOW
    if row.state == to:
        return row
    if row.state not in (_STATE.CONFIRMED, _STATE.DONE, _STATE.NO_SHOW):
        raise NotPossible(_("They had no place on this shift."))
    if current.cancelled_at is not None:
        raise NotPossible(_("This shift was called off."))
    if current.starts_at > timezone.now():
        raise NotPossible(_("This shift has not begun yet."))
    return write_place(row, to, by)


@transaction.atomic
def swap_place(*, place: ShiftPlace, volunteer: Volunteer, by: Actor) -> ShiftPlace:
    """Another volunteer takes over this place; those who wait are not passed over, since no place is free.

    :param by: staff, or the volunteer who takes it over, once the other has offered it.
    :raises PlaceTaken: when somebody else has taken it over, or it is no longer offered.
    """
    current = locked(place.shift)
    held = lock_volunteers({place.volunteer_id, volunteer.pk})
    old_volunteer, new_volunteer = held[place.volunteer_id], held[volunteer.pk]
    staff = check_by(by, current, new_volunteer)
    row = ShiftPlace.objects.select_for_update().get(pk=place.pk)
    taken = current.shift_places.filter(volunteer=new_volunteer, instead_of=row).first()
    if taken is not None:
        return taken
    if row.state != _STATE.CONFIRMED or old_volunteer.pk == new_volunteer.pk:
        raise PlaceTaken(_("This place cannot be swapped any more."))
    if not staff and row.swap_offered_at is None:
        raise PlaceTaken(_("They keep this place after all."))
    check_open(current)
    check_in_role(current, new_volunteer)
    live = current.shift_places.filter(volunteer=new_volunteer)
    if live.filter(state=_STATE.CONFIRMED).exists():
        raise NotPossible(_("They are on this shift already."))
    check_may_help(new_volunteer, task_of(current), states=MAY_TAKE)
    row.shift, row.volunteer = current, old_volunteer
    write_place(row, _STATE.GIVEN_BACK, by)
    waiting = live.filter(state=_STATE.WAITING).first()
    new = waiting or ShiftPlace(shift=current, volunteer=new_volunteer)
    new.instead_of = row
    return write_place(new, _STATE.CONFIRMED, by)


def give_back_all(
    *, volunteer: Volunteer, by: Actor, opportunity: Opportunity | None = None
) -> None:
    """Places on shifts to come, of somebody who leaves or has a break, or whose place in that role ends.
    Hold :func:`~volunteers.actions.locks.lock_what_goes_to_others`."""
    places = list(places_to_come(volunteer, opportunity).order_by("shift_id"))
    shifts = lock_shifts(place.shift_id for place in places)
    lock_exchanges(place.pk for place in places)
    for place in places:
        current = shifts[place.shift_id]
        row = ShiftPlace.objects.select_for_update().get(pk=place.pk)
        row.shift, row.volunteer = current, volunteer
        freed = row.state == _STATE.CONFIRMED
        write_place(row, _STATE.GIVEN_BACK, by)
        if freed:
            move_up(current)


def could_step_in(shift: Shift) -> list[Volunteer]:
    """Who has a place in the role, is not on this shift, and may come by every rule."""
    placed = Application.objects.filter(
        opportunity=shift.opportunity_id, outcome=Application.Outcome.PLACED
    )
    there = shift.shift_places.exclude(state=_STATE.GIVEN_BACK)
    rows = (
        Volunteer.objects.filter(pk__in=placed.values("volunteer"), state__in=MAY_TAKE)
        .exclude(pk__in=there.values("volunteer"))
        .select_related("person")
        .order_by("created_at", "id")
    )
    return [one for one in rows if not reasons_not_to(shift, one)]


def reasons_not_to(shift: Shift, volunteer: Volunteer) -> list[Refused]:
    """Every rule that keeps this volunteer from this shift, in words."""
    return reasons_against(volunteer, task_of(shift), states=MAY_TAKE)


def lock_all(shift: Shift, *besides: Volunteer) -> dict[Any, Volunteer]:
    """Whoever has a place or waits, and ``besides``: held, in one order, so that no two shifts that are
    given back at once wait for each other. Hold the shift: nobody can join it meanwhile."""
    rows = shift.shift_places.filter(state__in=[_STATE.CONFIRMED, _STATE.WAITING])
    return lock_volunteers(
        {*rows.values_list("volunteer_id", flat=True), *(one.pk for one in besides)}
    )


def move_up(shift: Shift) -> None:
    """The first who waits and may come gets the place. Hold the shift and who waits for it."""
    if shift.cancelled_at is not None or shift.starts_at <= timezone.now():
        return
    for row in shift.shift_places.filter(state=_STATE.WAITING).order_by("joined_at", "id"):
        held = locked_volunteer(row.volunteer)
        try:
            check_may_help(held, task_of(shift), besides=row, states=MAY_TAKE)
        except Refused:
            continue
        row.shift, row.volunteer = shift, held
        write_place(row, _STATE.CONFIRMED, SystemJob("waiting list"))
        return


def task_of(shift: Shift) -> Task:
    return Task.of_opportunity(shift.opportunity, Span(shift.starts_at, shift.ends_at))


def check_in_role(shift: Shift, volunteer: Volunteer) -> None:
    if not Application.objects.filter(
        volunteer=volunteer, opportunity=shift.opportunity, outcome=Application.Outcome.PLACED
    ).exists():
        raise NotPossible(_("They have no place in this role yet."))


def check_open(shift: Shift) -> None:
    if shift.cancelled_at is not None:
        raise NotPossible(_("This shift was called off."))
    if shift.opportunity.state in ENDED:
        raise NotPossible(_("This role is over: nobody is needed for the shift."))
    if shift.ends_at <= timezone.now():
        raise NotPossible(_("This shift is over."))


def check_by(by: Actor, shift: Shift, volunteer: Volunteer, *, unseen: bool = False) -> bool:
    """Whether ``by`` is staff; the volunteer themself is not.

    :param unseen: whoever manages the rota takes somebody off it, or writes down who came, whom their
        organisation does not see any more.
    :raises PermissionDenied: for anybody else.
    """
    if isinstance(by, SystemJob):
        return True
    if is_persons_own(by, volunteer.person):
        return False
    check_holds(by, Permission.VOLUNTEER_MANAGE, shift.opportunity.organisation_id)
    if not unseen and not looks_after(by, volunteer, Permission.VOLUNTEER_MANAGE):
        raise PermissionDenied
    return True


def write_place(place: ShiftPlace, state: str, by: Actor, *, exchanged: bool = False) -> ShiftPlace:
    """The one way in which a place changes. Hold its shift and its volunteer."""
    place.state = state
    place.swap_offered_at = None
    place.save()
    record(
        SHIFT_PLACE_MOVED,
        by=by,
        subject=place.volunteer.person_id,
        organisation=place.shift.opportunity.organisation_id,
        details={
            "volunteer": place.volunteer_id,
            "shift": place.shift_id,
            "to": str(state),
            "overridden": bool(place.override_reason),
        },
    )
    shift_place_moved.send(sender=ShiftPlace, place=place, by=by, exchanged=exchanged)
    if state == _STATE.GIVEN_BACK:
        end_exchanges([place.pk], by=by)
    return place


def end_exchanges(places: Iterable[Any], *, by: Actor) -> None:
    """What was asked for with these places comes to nothing: they are gone, or at another time."""
    for exchange in lock_exchanges(places).values():
        write_exchange(exchange, ShiftExchange.State.OVER, by)


def write_exchange(exchange: ShiftExchange, state: str, by: Actor) -> ShiftExchange:
    """The one way in which an exchange changes; hold one of its shifts, and its row."""
    exchange.state = state
    exchange.ended_at = None if state == ShiftExchange.State.ASKED else timezone.now()
    exchange.save()
    record(
        SHIFT_EXCHANGE_MOVED,
        by=by,
        subject=exchange.offered.volunteer.person_id,
        organisation=exchange.offered.shift.opportunity.organisation_id,
        details={
            "volunteer": exchange.offered.volunteer_id,
            "exchange": exchange.pk,
            "shift": exchange.offered.shift_id,
            "for_shift": exchange.wanted.shift_id,
            "to": str(state),
        },
    )
    shift_exchange_moved.send(sender=ShiftExchange, exchange=exchange, by=by)
    return exchange
