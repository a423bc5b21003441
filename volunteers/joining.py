"""Two records of one person, and both volunteer: one of them takes over what hangs on the other.

The record of the person who stays is kept. It gets the rows of the other, except where it has the same
already, and comes as far as the other had come; the other has then left. Taken apart again, each row goes
back to where it was, and who had been joined applies anew.
"""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, transaction

from dcsn.audit import SystemJob
from volunteers.actions.volunteers import move_volunteer
from volunteers.models import Interest, Volunteer, VolunteerChange
from volunteers.refusals import Refused
from volunteers.states import GONE, VolunteerReason, VolunteerState, steps_to

JOINING = SystemJob("joining two records")
# Its steps are history and stay with the record that took them.
_STAYS = frozenset({VolunteerChange})
_JOINED = "joined"


def join(old: Volunteer, current: Volunteer) -> list[str]:
    """Hand over; returns what was moved, for :func:`take_apart`."""
    moved = [*_hand_over(old, current), *_hand_over_likes(old, current)]
    if old.state not in GONE:
        _catch_up(current, old.state)
        move_volunteer(
            volunteer=old, to=VolunteerState.LEFT, by=JOINING, reason_code=VolunteerReason.OTHER
        )
        moved.append(f"{_JOINED}:{old.pk}")
    return moved


def take_apart(current: Volunteer | None, old: Volunteer | None, moved: list[str]) -> None:
    if current is None or old is None:
        return
    for key in moved:
        label, _colon, pk = key.partition(":")
        if label == _JOINED:
            if old.state == VolunteerState.LEFT:
                move_volunteer(volunteer=old, to=VolunteerState.APPLIED, by=JOINING)
        elif label == "likes":
            old.interests.add(Interest.objects.get(pk=pk))
        else:
            model = apps.get_model(label)
            name = _column_of(model)
            with contextlib.suppress(IntegrityError), transaction.atomic():
                model._base_manager.filter(pk=pk, **{name: current.pk}).update(**{name: old.pk})


def is_joined(key: str) -> bool:
    """Whether a key of a merge is one of this module's, not of a record that was moved whole."""
    try:
        UUID(key)
    except ValueError:
        return True
    return False


def _relations() -> list[Any]:
    return [
        one
        for one in Volunteer._meta.related_objects
        if not one.many_to_many and one.related_model not in _STAYS
    ]


def _column_of(model: Any) -> str:
    return next(one.field.attname for one in _relations() if one.related_model is model)


def _hand_over(old: Volunteer, current: Volunteer) -> list[str]:
    moved = []
    for relation in _relations():
        model, name = relation.related_model, relation.field.attname
        rows = model._base_manager.filter(**{name: old.pk})
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            # What the other has too stays where it is.
            with contextlib.suppress(IntegrityError), transaction.atomic():
                model._base_manager.filter(pk=pk).update(**{name: current.pk})
                moved.append(f"{model._meta.label}:{pk}")
    return moved


def _hand_over_likes(old: Volunteer, current: Volunteer) -> list[str]:
    theirs = list(old.interests.all())
    current.interests.add(*theirs)
    return [f"likes:{one.pk}" for one in theirs]


def _catch_up(current: Volunteer, state: str) -> None:
    """She has been helping for years, says the other record."""
    if state == VolunteerState.PAUSED:
        state = VolunteerState.ACTIVE
    if current.state in GONE or state == VolunteerState.REDIRECTED:
        return
    if steps_to(current.state, state):
        with contextlib.suppress(Refused):
            move_volunteer(volunteer=current, to=state, by=JOINING, catch_up=True)
