"""Two volunteers exchange a shift for a shift: asked, answered, and both places change or neither does.

A no costs nothing and needs no reason. By the hard rules of taking a place, each for the shift they would
have, without the one they would give; looked at when it is asked, and again under the locks when it is
answered. Nobody who waits is passed over: no place comes free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.audit import Actor, SystemJob
from volunteers.access import is_persons_own, looks_after
from volunteers.actions.locks import lock_exchanges, lock_shifts, lock_volunteers
from volunteers.actions.shifts import (
    MAY_TAKE,
    check_by,
    check_in_role,
    task_of,
    write_exchange,
    write_place,
)
from volunteers.models import Shift, ShiftExchange, ShiftPlace, Volunteer
from volunteers.refusals import NotPossible, Refused
from volunteers.rules import check_may_help

# So many shifts are asked for with one place before an answer has come.
MOST_ASKED = 5
# Before the same volunteer is asked for the same once more.
ASK_AGAIN = timedelta(days=1)
_STATE = ShiftPlace.State
_EXCHANGE = ShiftExchange.State


@dataclass(frozen=True)
class _Held:
    """Both places with their shifts and volunteers, locked until the transaction ends."""

    offered: ShiftPlace
    wanted: ShiftPlace


@transaction.atomic
def ask_exchange(*, place: ShiftPlace, wanted: ShiftPlace, by: Actor) -> ShiftExchange:
    """Ask one volunteer to have ``place`` for theirs. A double click asks once.

    :param by: the volunteer whose ``place`` it is, or staff for them.
    :raises NotPossible: when one of the places is gone, or they said no to the same before.
    :raises Refused: for each hard rule, of either.
    """
    held = _hold(place, wanted)
    staff = check_by(by, held.offered.shift, held.offered.volunteer)
    there = ShiftExchange.objects.filter(offered=held.offered, wanted=held.wanted)
    if (asked := there.filter(state=_EXCHANGE.ASKED).first()) is not None:
        return asked
    if there.filter(state=_EXCHANGE.DECLINED).exists():
        raise NotPossible(_("They would rather keep that shift, and nobody is asked twice."))
    # Each asking is a message to somebody who is not told whom it comes from.
    taken_back = there.filter(state=_EXCHANGE.WITHDRAWN, ended_at__gt=timezone.now() - ASK_AGAIN)
    if not staff and taken_back.exists():
        raise NotPossible(
            _("You asked for that shift and took it back. You can ask again tomorrow.")
        )
    _check_both(held, by)
    if len(_asked_for(held.offered) | {held.wanted.shift_id}) > MOST_ASKED:
        raise NotPossible(
            _("You have asked for %(count)d shifts already. Wait for an answer, or take one back.")
            % {"count": MOST_ASKED}
        )
    exchange = ShiftExchange(offered=held.offered, wanted=held.wanted)
    return write_exchange(exchange, _EXCHANGE.ASKED, by)


def ask_for_shift(*, place: ShiftPlace, shift: Shift, by: Actor) -> list[ShiftExchange]:
    """Ask whoever is on ``shift`` and could do this one; the first who says yes exchanges.

    :raises Refused: when nobody is asked, with the reason of the asker's own, if it is theirs.
    """
    asked: list[ShiftExchange] = []
    told: Refused | None = None
    others = shift.shift_places.filter(state=_STATE.CONFIRMED).exclude(volunteer=place.volunteer_id)
    with transaction.atomic():
        # Held in the one order of locks before the first is asked.
        lock_shifts({place.shift_id, shift.pk})
        rows = list(others.order_by("pk"))
        lock_volunteers({place.volunteer_id, *(row.volunteer_id for row in rows)})
        for wanted in rows:
            try:
                asked.append(ask_exchange(place=place, wanted=wanted, by=by))
            except OfTheOther:
                continue
            except Refused as refusal:
                told = refusal
    if asked:
        return asked
    raise told or NotPossible(
        _("Nobody who is on that shift could do yours. Choose another, or offer it to all.")
    )


@transaction.atomic
def accept_exchange(*, exchange: ShiftExchange, by: Actor) -> ShiftExchange:
    """Whoever was asked says yes: both places change hands, or neither.

    :param by: the volunteer who was asked, or staff for them.
    :raises Refused: when anything has changed since it was asked; then both keep what they have.
    """
    held, row = _hold_exchange(exchange)
    check_by(by, held.wanted.shift, held.wanted.volunteer)
    if row.state == _EXCHANGE.DONE:
        return row
    if row.state != _EXCHANGE.ASKED:
        raise NotPossible(_over(row))
    _check_both(held, by)
    # Done before the places move: an exchange that is still asked ends with its places.
    write_exchange(row, _EXCHANGE.DONE, by)
    for gives, takes in ((held.offered, held.wanted), (held.wanted, held.offered)):
        write_place(gives, _STATE.GIVEN_BACK, by, exchanged=True)
        new = (
            gives.shift.shift_places.filter(volunteer=takes.volunteer, state=_STATE.WAITING).first()
            or ShiftPlace()
        )
        new.shift, new.volunteer, new.instead_of = gives.shift, takes.volunteer, gives
        write_place(new, _STATE.CONFIRMED, by, exchanged=True)
    return row


@transaction.atomic
def decline_exchange(*, exchange: ShiftExchange, by: Actor) -> ShiftExchange:
    """They keep theirs, and that is all right."""
    held, row = _hold_exchange(exchange)
    check_by(by, held.wanted.shift, held.wanted.volunteer)
    if row.state == _EXCHANGE.DONE:
        raise NotPossible(_("It is exchanged already. You can still give your shift back."))
    if row.state != _EXCHANGE.ASKED:
        return row
    return write_exchange(row, _EXCHANGE.DECLINED, by)


@transaction.atomic
def withdraw_exchange(*, exchange: ShiftExchange, by: Actor) -> ShiftExchange:
    """Whoever asked does not want it any more: of nobody who is on that shift."""
    held, row = _hold_exchange(exchange)
    check_by(by, held.offered.shift, held.offered.volunteer)
    if row.state == _EXCHANGE.DONE:
        raise NotPossible(_("It is exchanged already. You can still give your shift back."))
    asked = ShiftExchange.objects.filter(
        offered=held.offered, wanted__shift=held.wanted.shift_id, state=_EXCHANGE.ASKED
    )
    for one in asked.select_for_update(of=("self",)).order_by("pk"):
        write_exchange(one, _EXCHANGE.WITHDRAWN, by)
    row.refresh_from_db()
    return row


class OfTheOther(Refused):
    """It is the other volunteer who could not: nothing of why is for whoever asks."""


def _hold(offered: ShiftPlace, wanted: ShiftPlace) -> _Held:
    shifts = lock_shifts({offered.shift_id, wanted.shift_id})
    people = lock_volunteers({offered.volunteer_id, wanted.volunteer_id})
    rows = {
        row.pk: row
        for row in ShiftPlace.objects.select_for_update()
        .filter(pk__in=[offered.pk, wanted.pk])
        .order_by("pk")
    }
    for row in rows.values():
        row.shift, row.volunteer = shifts[row.shift_id], people[row.volunteer_id]
    return _Held(rows[offered.pk], rows[wanted.pk])


def _hold_exchange(exchange: ShiftExchange) -> tuple[_Held, ShiftExchange]:
    held = _hold(exchange.offered, exchange.wanted)
    # With all that a yes ends, before the first is written.
    places = (exchange.offered_id, exchange.wanted_id)
    row = lock_exchanges(places, also=[exchange.pk])[exchange.pk]
    row.offered, row.wanted = held.offered, held.wanted
    return held, row


def _check_both(held: _Held, by: Actor) -> None:
    now = timezone.now()
    for place in (held.offered, held.wanted):
        if place.state != _STATE.CONFIRMED:
            raise NotPossible(
                _("One of the two places is not theirs any more. Both stay as they are.")
            )
        if place.shift.cancelled_at is not None:
            raise NotPossible(_("One of the two shifts was called off. Both stay as they are."))
        if place.shift.starts_at <= now:
            raise NotPossible(_("One of the two shifts has begun. Both stay as they are."))
    if held.offered.volunteer_id == held.wanted.volunteer_id:
        raise NotPossible(_("Both shifts are yours already."))
    for gives, takes in ((held.offered, held.wanted), (held.wanted, held.offered)):
        try:
            _check_may(gives.volunteer, takes.shift, gives)
        except Refused as refusal:
            if _may_hear(by, gives.volunteer):
                raise
            raise OfTheOther(
                _("The other volunteer cannot do it at the moment. Both shifts stay as they are.")
            ) from refusal


def _may_hear(by: Actor, volunteer: Volunteer) -> bool:
    """Why somebody cannot come is for themself and for who looks after them."""
    return (
        isinstance(by, SystemJob)
        or is_persons_own(by, volunteer.person)
        or looks_after(by, volunteer, Permission.VOLUNTEER_MANAGE)
    )


def _check_may(volunteer: Volunteer, shift: Shift, gives: ShiftPlace) -> None:
    check_in_role(shift, volunteer)
    if shift.shift_places.filter(volunteer=volunteer, state=_STATE.CONFIRMED).exists():
        raise NotPossible(_("They are on this shift already."))
    check_may_help(volunteer, task_of(shift), besides=gives, states=MAY_TAKE)


def _asked_for(place: ShiftPlace) -> set[Any]:
    # Of a shift that has begun no answer comes any more.
    rows = ShiftExchange.objects.waiting().filter(offered=place)
    return set(rows.values_list("wanted__shift", flat=True))


def _over(row: ShiftExchange) -> str:
    if row.state == _EXCHANGE.WITHDRAWN:
        return _("They do not want to exchange any more. You keep your shift.")
    if row.state == _EXCHANGE.DECLINED:
        return _("The answer was no a moment ago. Both keep their shifts.")
    return _("This cannot be exchanged any more: one of the shifts has changed. You keep yours.")
