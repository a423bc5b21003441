"""Who is where, and when: no two promises of one volunteer at the same time.

The rule, which four other projects got wrong: two times clash when they overlap, unless one takes over
from the other within an hour (a handover). A whole day is never blocked because of a part of it. A
manager may override it, with a reason. Times that repeat are laid out by the clock on the wall in
London, so that "every Tuesday at 10" stays at 10 when the clocks change.

Callers hold the volunteer's row (``select_for_update``) while they ask and write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from volunteers.models import Offer, Repeats, ShiftPlace, Visit, Volunteer
from volunteers.states import OfferState

LONDON = ZoneInfo("Europe/London")
HANDOVER = timedelta(hours=1)
# As far ahead as what repeats is laid out.
AHEAD = timedelta(weeks=26)
_EVERY = {Repeats.WEEKLY: 1, Repeats.FORTNIGHTLY: 2}


@dataclass(frozen=True)
class Span:
    """A time from a moment to a moment, in any time zone."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """As long as it really is, the night the clocks change included."""
        return (
            int((self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)).total_seconds())
            // 60
        )


def clash(one: Span, other: Span) -> bool:
    """Whether nobody can do both: they overlap by more than a handover, or one lies within the other."""
    a, b = sorted((one, other), key=lambda span: (span.starts_at, span.ends_at))
    overlap = min(a.ends_at, b.ends_at).astimezone(UTC) - b.starts_at.astimezone(UTC)
    if overlap <= timedelta(0):
        return False
    takes_over = a.starts_at < b.starts_at and a.ends_at < b.ends_at
    return not takes_over or overlap > HANDOVER


def occurrences(span: Span, repeats: str, until: datetime) -> Iterator[Span]:
    """``span`` and its repetitions that begin before ``until``, at the same time of day in London."""
    yield span
    weeks = _EVERY.get(Repeats(repeats))
    if weeks is None:
        return
    begins = span.starts_at.astimezone(LONDON)
    lasts = span.ends_at.astimezone(UTC) - span.starts_at.astimezone(UTC)
    number = 0
    while True:
        number += 1
        wall = begins.replace(tzinfo=None) + timedelta(weeks=weeks * number)
        starts_at = wall.replace(tzinfo=LONDON).astimezone(UTC)
        if starts_at >= until:
            return
        yield Span(starts_at, starts_at + lasts)


def laid_out(
    first: Span | None,
    repeats: str,
    visits: Sequence[Span],
    until: datetime,
    *,
    called_off: Sequence[datetime] = (),
) -> Iterator[Span]:
    """When somebody who said yes is there: the visits that were agreed; and what they promised, for each
    week (for a single task: at all) for which none has been.

    :param called_off: when visits that were cancelled would have begun: nobody is there that week.
    """
    yield from visits
    if first is None:
        return
    if repeats == Repeats.ONCE:
        if not visits:
            yield first
        return
    agreed = {week_of(moment) for moment in (*called_off, *(one.starts_at for one in visits))}
    for span in occurrences(first, repeats, until):
        if week_of(span.starts_at) not in agreed:
            yield span


def week_of(moment: datetime) -> tuple[datetime, datetime]:
    """From Monday 00:00 to the next, by London's clock."""
    day = moment.astimezone(LONDON).date()
    monday = day - timedelta(days=day.weekday())
    return _midnight(monday), _midnight(monday + timedelta(days=7))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON)


def promised(
    volunteer: Volunteer, begins: datetime, ends: datetime, *, besides: Any = None
) -> list[Span]:
    """What the volunteer has promised between two moments: offers they accepted, places on shifts.

    :param besides: an offer or a place on a shift that does not count.
    """
    spans = []
    offers = Offer.objects.filter(volunteer=volunteer, state=OfferState.ACCEPTED)
    places = ShiftPlace.objects.filter(
        volunteer=volunteer,
        state=ShiftPlace.State.CONFIRMED,
        shift__cancelled_at=None,
        shift__starts_at__lt=ends,
        shift__ends_at__gt=begins,
    ).select_related("shift")
    if isinstance(besides, Offer):
        offers = offers.exclude(pk=besides.pk)
    if isinstance(besides, ShiftPlace):
        places = places.exclude(pk=besides.pk)
    visits: dict[Any, list[Span]] = defaultdict(list)
    called_off: dict[Any, list[datetime]] = defaultdict(list)
    for visit in Visit.objects.filter(offer__in=offers):
        if visit.cancelled_at is not None:
            called_off[visit.offer_id].append(visit.starts_at)
        else:
            visits[visit.offer_id].append(Span(visit.starts_at, visit.ends_at))
    for offer in offers:
        first = Span(offer.starts_at, offer.ends_at) if offer.starts_at and offer.ends_at else None
        spans += [
            span
            for span in laid_out(
                first, offer.repeats, visits[offer.pk], ends, called_off=called_off[offer.pk]
            )
            if span.ends_at > begins and span.starts_at < ends
        ]
    spans += [Span(place.shift.starts_at, place.shift.ends_at) for place in places]
    return sorted(spans, key=lambda span: (span.starts_at, span.ends_at))


def clashes(
    volunteer: Volunteer, span: Span, repeats: str = Repeats.ONCE, *, besides: Any = None
) -> list[Span]:
    """What stands in the way of ``span`` (and of its repetitions in the next half year)."""
    until = span.starts_at + AHEAD if repeats != Repeats.ONCE else span.ends_at
    wanted = list(occurrences(span, repeats, until))
    there = promised(volunteer, span.starts_at, max(until, wanted[-1].ends_at), besides=besides)
    return [one for one in there if any(clash(one, other) for other in wanted)]


def minutes_left(volunteer: Volunteer, moment: datetime, *, besides: Any = None) -> int | None:
    """How many minutes they still have in that week; None when they set no limit."""
    if volunteer.minutes_a_week is None:
        return None
    begins, ends = week_of(moment)
    used = sum(
        span.minutes
        for span in promised(volunteer, begins, ends, besides=besides)
        if begins <= span.starts_at < ends
    )
    return max(volunteer.minutes_a_week - used, 0)
