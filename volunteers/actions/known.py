"""What is known of a volunteer, and when they are free: changed by themself or by staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dcsn.audit import Actor, record
from volunteers.access import party_to_volunteer
from volunteers.actions.volunteers import locked
from volunteers.events import VOLUNTEER_CHANGED
from volunteers.models import Availability, Away, EmergencyContact, Interest, Volunteer
from volunteers.refusals import ChangedMeanwhile

CHANGEABLE = frozenset(
    {
        "hopes", "support_needs", "languages", "help_kinds", "transport", "travel_miles",
        "minutes_a_week", "gender",
    }
)  # fmt: skip
MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class Emergency:
    """Whom to ring; an empty name takes the one that is known away."""

    name: str
    phone: str
    relation: str = ""


@transaction.atomic
def change_volunteer(
    *,
    volunteer: Volunteer,
    by: Actor,
    version: int,
    facts: Mapping[str, Any],
    interests: Iterable[str] | None = None,
    free: Iterable[tuple[int, time, time]] | None = None,
    away: Iterable[tuple[date, date]] | None = None,
    emergency: Emergency | None = None,
) -> Volunteer:
    """Change what is known; what is not given stays. Nothing is written where nothing differs.

    :param version: the volunteer's, on the page that was filled in.
    :param facts: of :data:`CHANGEABLE`.
    :param interests: slugs.
    :param free: weekday, from, until (00:00 for midnight): all their times; those that touch become one.
    :param away: all their times away, both days included.
    :raises ChangedMeanwhile: when somebody else has changed the record since.
    """
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not a fact about a volunteer: {', '.join(sorted(unknown))}")
    current = locked(volunteer)
    party_to_volunteer(by, current)
    if version != current.version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this since you opened it. Open the page again.")
        )
    changed = [name for name, value in facts.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, facts[name])
    if interests is not None and _set_interests(current, set(interests)):
        changed.append("interests")
    if free is not None and _set_free(current, joined(free)):
        changed.append("availability")
    if away is not None and _set_away(current, set(away)):
        changed.append("away")
    if emergency is not None and _set_emergency(current, emergency):
        changed.append("emergency_contacts")
    if not changed:
        return current
    current.version += 1
    current.save()
    record(
        VOLUNTEER_CHANGED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        fields=sorted(changed),
        details={"volunteer": current.pk},
    )
    return current


def joined(free: Iterable[tuple[int, time, time]]) -> list[tuple[int, time, time]]:
    """Times of one day that overlap or touch become one, in the order of the week."""
    found: list[list[int]] = []
    for day, starts, ends in sorted(free, key=lambda row: (row[0], row[1])):
        begin, end = _minutes(starts), _minutes(ends) or MIDNIGHT
        if found and found[-1][0] == day and begin <= found[-1][2]:
            found[-1][2] = max(found[-1][2], end)
        else:
            found.append([day, begin, end])
    return [(day, _time(begin), _time(end)) for day, begin, end in found]


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _time(minutes: int) -> time:
    hours, rest = divmod(minutes % MIDNIGHT, 60)
    return time(hours, rest)


def _set_interests(volunteer: Volunteer, slugs: set[str]) -> bool:
    if set(volunteer.interests.values_list("slug", flat=True)) == slugs:
        return False
    volunteer.interests.set(Interest.objects.filter(slug__in=slugs))
    return True


def _set_free(volunteer: Volunteer, free: list[tuple[int, time, time]]) -> bool:
    rows = volunteer.availability.all()
    if set(rows.values_list("weekday", "starts", "ends")) == set(free):
        return False
    rows.delete()
    Availability.objects.bulk_create(
        Availability(volunteer=volunteer, weekday=day, starts=starts, ends=ends)
        for day, starts, ends in free
    )
    return True


def _set_away(volunteer: Volunteer, away: set[tuple[date, date]]) -> bool:
    rows = volunteer.away.all()
    if set(rows.values_list("from_on", "until_on")) == away:
        return False
    rows.delete()
    Away.objects.bulk_create(
        Away(volunteer=volunteer, from_on=first, until_on=last) for first, last in sorted(away)
    )
    return True


def _set_emergency(volunteer: Volunteer, said: Emergency) -> bool:
    """The first that is known is the one on the form."""
    there = volunteer.emergency_contacts.first()
    if there is None:
        if not said.name:
            return False
        EmergencyContact.objects.create(
            volunteer=volunteer, name=said.name, phone=said.phone, relation=said.relation
        )
        return True
    if not said.name:
        there.delete()
        return True
    if (there.name, there.phone, there.relation) == (said.name, said.phone, said.relation):
        return False
    there.name, there.phone, there.relation = said.name, said.phone, said.relation
    there.save()
    return True
