"""Looking for people: what every page goes through that shows who may be meant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.limits.rates import Rate, seconds_to_wait_for_user
from members.events import PEOPLE_SEARCHED
from members.finding import Found, Typed, find_people
from members.refusals import LookedTooOften

# More than a busy desk asks, and too few to read a register by.
AT_MOST = Rate(100, timedelta(minutes=10))


def look_for_people(*, typed: Typed, by: User, without: Collection[UUID] = ()) -> Found:
    """Find, and write down who was shown, masked ones too. What was typed is written nowhere.

    :raises LookedTooOften: for more searches than anybody's work needs, from whatever page.
    """
    wait = seconds_to_wait_for_user(by.pk, "look for people", AT_MOST)
    if wait:
        raise LookedTooOften(wait)
    found = find_people(by, typed, without=without)
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
