"""Counts of how people come to volunteer, from their histories. Each is one query, however many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from volunteers.models import Hours, Volunteer, VolunteerChange
from volunteers.states import VolunteerState

S = VolunteerState
# How far somebody came, whatever became of them afterwards.
STEPS = (S.INTERESTED, S.APPLIED, S.CHECKING, S.CLEARED, S.INDUCTED, S.ACTIVE)
AWAY = (S.LEFT, S.REDIRECTED, S.NOT_SUITABLE)
HELPING = (S.ACTIVE, S.PAUSED)
AFTER_MONTHS = (3, 6, 12)


@dataclass(frozen=True)
class Came:
    """Some who came in the period: as many as ``count`` with the same band, route and fate."""

    band: str
    route: str
    furthest: int
    state: str
    count: int


def came(volunteers: Any) -> list[Came]:
    """How far they came: ``furthest`` is a place in ``STEPS``."""
    ranks = [When(to_state=step, then=Value(n)) for n, step in enumerate(STEPS)]
    furthest = (
        VolunteerChange.objects.filter(volunteer=OuterRef("pk"))
        .order_by()
        .values("volunteer")
        .annotate(n=Max(Case(*ranks, default=Value(0), output_field=IntegerField())))
        .values("n")
    )
    rows = (
        volunteers.order_by()
        .annotate(furthest=Coalesce(Subquery(furthest), 0))
        .values("age_band", "route", "furthest", "state")
        .annotate(n=Count("pk"))
    )
    return [
        Came(row["age_band"], row["route"], row["furthest"], row["state"], row["n"]) for row in rows
    ]


def dropped_out(volunteers: Any) -> dict[str, Counter[str]]:
    """Who went, by the state in which they stood: ``{from_state: {to_state: how many}}``. Somebody who
    came back and went again counts each time."""
    rows = (
        VolunteerChange.objects.filter(volunteer__in=volunteers.order_by().values("pk"))
        .filter(to_state__in=AWAY)
        .exclude(from_state="")
        .order_by()
        .values("from_state", "to_state")
        .annotate(n=Count("pk"))
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row["from_state"]][row["to_state"]] += row["n"]
    return found


@dataclass(frozen=True)
class Waited:
    """One volunteer: days from the first word to the first task that both sides agree was done."""

    band: str
    route: str
    days: int


def days_to_first_task(volunteers: Any) -> list[Waited]:
    """Only those who have done something: hours that count, the earliest day of them."""
    first = (
        Hours.objects.counted()
        .filter(volunteer=OuterRef("pk"))
        .order_by()
        .values("volunteer")
        .annotate(first=Min("day"))
        .values("first")
    )
    rows = (
        volunteers.order_by()
        .annotate(first=Subquery(first))
        .exclude(first=None)
        .values_list("age_band", "route", "created_at__date", "first")
    )
    return [Waited(band, route, max((day - came_on).days, 0)) for band, route, came_on, day in rows]


def median_days(waited: Iterable[Waited]) -> int | None:
    days = [one.days for one in waited]
    return median_low(days) if days else None


@dataclass(frozen=True)
class Kept:
    """Of those who began to help at least so long ago, how many still did after that time."""

    months: int
    began: int
    stayed: int


def kept(volunteers: Any, *, now: datetime) -> list[Kept]:
    """A break is not an end. Whoever came back since counts as having stayed."""
    steps = VolunteerChange.objects.filter(volunteer=OuterRef("pk")).order_by().values("volunteer")
    active = steps.filter(to_state=S.ACTIVE).annotate(at=Min("at")).values("at")
    ended = steps.filter(to_state__in=AWAY).annotate(at=Max("at")).values("at")
    rows = list(
        volunteers.order_by()
        .annotate(began=Subquery(active), ended=Subquery(ended))
        .exclude(began=None)
        .values_list("began", "ended", "state")
    )
    found = []
    for months in AFTER_MONTHS:
        span = timedelta(days=round(months * 365.25 / 12))
        long_ago = [row for row in rows if row[0] + span <= now]
        stayed = sum(
            1
            for began, went, state in long_ago
            if state not in AWAY or went is None or went - began >= span
        )
        found.append(Kept(months, len(long_ago), stayed))
    return found


def barriers(volunteers: Any) -> Counter[tuple[str, str]]:
    """``{(barrier, age band): how many named it}``."""
    found: Counter[tuple[str, str]] = Counter()
    rows = (
        volunteers.exclude(barriers=[])
        .order_by()
        .values(band=F("age_band"), named=F("barriers"))
        .annotate(n=Count("pk"))
    )
    for row in rows:
        for barrier in set(row["named"]):
            found[barrier, row["band"]] += row["n"]
    return found


def of_period(first: date, after: date, among: Any = None) -> Any:
    """Volunteers whose first word came in the period; forgotten ones are counted too."""
    volunteers = Volunteer.objects.all() if among is None else among
    return volunteers.filter(created_at__date__gte=first, created_at__date__lt=after)
