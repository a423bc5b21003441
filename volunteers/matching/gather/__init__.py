"""From the tables to what matching takes: the only part of this package that knows the database.

However many volunteers and requests there are, it asks the same few questions (a test doubles both).
Names, numbers and addresses are not read; a postcode becomes a position and goes no further.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from directory.hours.clock import london_date
from volunteers.matching.candidate import Candidate
from volunteers.matching.gather.candidates import candidates_of, volunteers_at
from volunteers.matching.gather.needs import needs_of
from volunteers.matching.gather.pieces import places_of
from volunteers.matching.need import Need
from volunteers.models import HelpRequest


@dataclass(frozen=True)
class Gathered:
    """What a run is given. ``past`` are requests whose only time is over: somebody has to ask the
    person again, no volunteer can be found for yesterday."""

    candidates: tuple[Candidate, ...]
    needs: tuple[Need, ...]
    past: tuple[UUID, ...]


def gather(requests: QuerySet[HelpRequest], *, now: datetime | None = None) -> Gathered:
    """The requests, and every volunteer who helps at one of their organisations."""
    at = now or timezone.now()
    rows = list(requests.filter(anonymised_at=None).select_related("person").order_by("id"))
    people = volunteers_at({row.organisation_id for row in rows})
    places = places_of(
        [row.person.postcode for row in rows if row.person and not row.from_home]
        + [person["person__postcode"] for person in people]
    )
    needs, past = needs_of(rows, places, at)
    last = max(
        (one.last_day for need in needs for one in (*need.visits, *need.later)), default=None
    )
    candidates = candidates_of(people, places, at, last or london_date(at))
    return Gathered(tuple(candidates), tuple(needs), tuple(past))
