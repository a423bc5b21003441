"""Looking for people: what every page goes through that shows who may be meant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.limits.rates import Rate, seconds_to_wait_for_user
from members.events import PEOPLE_SEARCHED
from members.finding import Found, Typed, find_among, find_people
from members.models import Person
from members.refusals import LookedTooOften

# More than a busy desk asks, and too few to read a register by.
AT_MOST = Rate(100, timedelta(minutes=10))


def look_for_people(*, typed: Typed, by: User, without: Collection[UUID] = ()) -> Found:
    """Find, and write down who was shown, masked ones too. What was typed is written nowhere.

    :raises LookedTooOften: for more searches than anybody's work needs, from whatever page.
    """
    _not_too_often(by)
    return _written_down(find_people(by, typed, without=without), by)


def look_among(*, typed: Typed, people: QuerySet[Person], by: User) -> Found:
    """Find among people whom ``by`` may see for another reason than the register, and write it down.

    :raises LookedTooOften: as :func:`look_for_people`; both count together.
    """
    _not_too_often(by)
    return _written_down(find_among(typed, people), by)


def _not_too_often(by: User) -> None:
    wait = seconds_to_wait_for_user(by.pk, "look for people", AT_MOST)
    if wait:
        raise LookedTooOften(wait)


def _written_down(found: Found, by: User) -> Found:
    record(
        PEOPLE_SEARCHED,
        by=by,
        details={
            "people": [match.person.id for match in found.own],
            "masked": [match.person_id for match in found.elsewhere],
            "count": len(found.ids),
        },
    )
    return found
