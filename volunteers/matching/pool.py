"""All candidates of a run as columns, so that a rule asks ten thousand of them in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.hours.clock import ONE_DAY
from volunteers.age import old_enough_from
from volunteers.availability import HANDOVER, Span, away_spans, free_spans
from volunteers.matching.candidate import Candidate, Mode, monday_of
from volunteers.matching.need import Need

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Minutes = NDArray[np.int16]
Seconds = tuple[list[int], list[int]]

NEVER = -1
MOST_ROOM = 24 * 60
NO_LIMIT = np.iinfo(np.int64).max
HANDOVER_SECONDS = int(HANDOVER.total_seconds())


class Pool:
    """Candidates in the order of their ids, as numpy arrays; position ``n`` is ``candidates[n]``.

    Free time is worked out for the days that the needs are about. What is asked for often (who is
    free at this time, who is eighteen on this day) is kept, because many requests are about the
    same hours. What a run itself gives to somebody is not in it (:mod:`volunteers.matching.run`).
    """

    def __init__(self, candidates: Iterable[Candidate], needs: Sequence[Need], today: date) -> None:
        self.candidates = sorted(candidates, key=lambda one: one.id)
        self.today = today
        self.position = {one.id: at for at, one in enumerate(self.candidates)}
        if len(self.position) != len(self.candidates):
            raise ValueError("two candidates have one id")
        everyone = self.candidates
        self.latitudes = np.array([c.place.latitude if c.place else np.nan for c in everyone])
        self.longitudes = np.array([c.place.longitude if c.place else np.nan for c in everyone])
        self.reach = np.array([c.reach for c in everyone], dtype=np.float64)
        self.drives = self._flags(c.mode is Mode.CAR for c in everyone)
        self.said_kinds = self._flags(bool(c.kinds) for c in everyone)
        self.said_when_free = self._flags(c.said_when_free for c in everyone)
        self.weekly_minutes = self._integers(
            NO_LIMIT if c.weekly_minutes is None else c.weekly_minutes for c in everyone
        )
        self.days_since_asked = self._integers(
            NEVER if c.last_asked_on is None else max(0, (today - c.last_asked_on).days)
            for c in everyone
        )
        self._having: dict[str, dict[Hashable, Integers]] = {
            "organisation": self._index(lambda c: c.organisations),
            "skill": self._index(lambda c: c.skills),
            "interest": self._index(lambda c: c.interests),
            "gender": self._index(lambda c: (c.gender,) if c.gender else ()),
            "language": self._index(lambda c: c.languages),
            "kind": self._index(lambda c: c.kinds),
            "person": self._index(lambda c: () if c.person is None else (c.person,)),
            "not with": self._index(lambda c: c.not_with),
        }
        self._in_date = self._checks()
        self._work_out_free_times(needs)
        self._work_out_busy_times()
        self._free: dict[Span, Flags] = {}
        self._rooms: dict[Span, Minutes] = {}
        self._of_age: dict[int, Integers] = {}

    def __len__(self) -> int:
        return len(self.candidates)

    # --- Columns ------------------------------------------------------------------------------

    def _flags(self, values: Iterable[bool]) -> Flags:
        return np.fromiter(values, dtype=np.bool_, count=len(self.candidates))

    def _integers(self, values: Iterable[int]) -> Integers:
        return np.fromiter(values, dtype=np.int64, count=len(self.candidates))

    def _index(self, of: Callable[[Candidate], Iterable[Hashable]]) -> dict[Hashable, Integers]:
        found: dict[Hashable, list[int]] = defaultdict(list)
        for at, candidate in enumerate(self.candidates):
            for value in of(candidate):
                found[value].append(at)
        return {value: np.array(places, dtype=np.int64) for value, places in found.items()}

    def _checks(self) -> dict[Hashable, Integers]:
        found: dict[Hashable, Integers] = {}
        for at, candidate in enumerate(self.candidates):
            for code, last in candidate.checks.items():
                if code not in found:
                    found[code] = np.zeros(len(self), dtype=np.int64)
                found[code][at] = date.max.toordinal() if last is None else last.toordinal()
        return found

    def _work_out_free_times(self, needs: Sequence[Need]) -> None:
        """When those who said so are free; of the others when they are away."""
        free, away = _Stretches(), _Stretches()
        if needs:
            first = min(visit.first_day for need in needs for visit in need.visits)
            # A day more, so that the room after a visit does not depend on the other requests.
            last = max(visit.last_day for need in needs for visit in need.visits) + ONE_DAY
            # Many people are free at the same times of the week.
            seen: dict[tuple[Any, ...], Seconds] = {}
            for at, one in enumerate(self.candidates):
                if one.said_when_free:
                    week = (one.windows, one.changes)
                    if week not in seen:
                        seen[week] = _all_seconds(free_spans(one.windows, one.changes, first, last))
                    free.add(at, seen[week])
                elif one.changes:
                    away.add(at, _all_seconds(away_spans(one.changes, first, last)))
        self._free_times, self._away_times = free.columns(), away.columns()

    def _work_out_busy_times(self) -> None:
        """Commitments as columns, and the minutes given in each week."""
        busy = _Stretches()
        self._given: dict[date, Integers] = {}
        for at, candidate in enumerate(self.candidates):
            if not candidate.commitments:
                continue
            busy.add(at, _all_seconds(one.span for one in candidate.commitments))
            for commitment in candidate.commitments:
                monday = monday_of(commitment.span.first_day)
                if monday not in self._given:
                    self._given[monday] = np.zeros(len(self), dtype=np.int64)
                self._given[monday][at] += commitment.span.minutes
        self._busy_times = busy.columns()
        self._overlaps: dict[Span, tuple[Flags, Flags]] = {}

    # --- Questions ----------------------------------------------------------------------------

    def having(self, kind: str, value: Hashable) -> Flags:
        """Who has this organisation, kind of help, skill, interest, gender, language; who is this person;
        or who is not to be with this person."""
        found = np.zeros(len(self), dtype=np.bool_)
        places = self._having[kind].get(value)
        if places is not None:
            found[places] = True
        return found

    def among(self, ids: Iterable[Any]) -> Flags:
        """Who has one of these ids."""
        found = np.zeros(len(self), dtype=np.bool_)
        found[[self.position[one] for one in ids if one in self.position]] = True
        return found

    def in_date(self, code: Hashable, day: date) -> Flags:
        """Whose check is good on this day."""
        last = self._in_date.get(code)
        return np.zeros(len(self), dtype=np.bool_) if last is None else last >= day.toordinal()

    def of_age(self, age: int, day: date) -> Flags:
        """Who has this age on this day; without a date of birth, adults by their word up to 18."""
        if age not in self._of_age:
            self._of_age[age] = self._integers(_old_enough(c, age) for c in self.candidates)
        return self._of_age[age] <= day.toordinal()

    def room(self, visit: Span) -> Minutes:
        """Minutes to spare around the visit in their free time, up to a day; ``NEVER`` when they are not
        free then or it is not known when they are."""
        if visit not in self._rooms:
            begin, end = _seconds(visit)
            rooms = np.full(len(self), NEVER, dtype=np.int16)
            owner, start, stop = self._free_times
            holds = (start <= begin) & (stop >= end)
            spare = (stop[holds] - start[holds]) // 60 - visit.minutes
            rooms[owner[holds]] = np.minimum(spare, MOST_ROOM)
            self._rooms[visit] = rooms
        return self._rooms[visit]

    def free(self, visit: Span) -> Flags:
        """Who is free by what they said; who has not said when they are, is unless away."""
        if visit not in self._free:
            begin, end = _seconds(visit)
            owner, start, stop = self._away_times
            away = np.zeros(len(self), dtype=np.bool_)
            away[owner[(start < end) & (stop > begin)]] = True
            self._free[visit] = np.where(self.said_when_free, self.room(visit) >= 0, ~away)
        return self._free[visit]

    def overlaps(self, visit: Span) -> tuple[Flags, Flags]:
        """Who is not somewhere else then, and who has something within the hour's handover."""
        if visit not in self._overlaps:
            begin, end = _seconds(visit)
            owner, start, stop = self._busy_times
            both = np.minimum(stop, end) - np.maximum(start, begin)
            inside = ((start <= begin) & (stop >= end)) | ((start >= begin) & (stop <= end))
            blocked = (both > 0) & ((both > HANDOVER_SECONDS) | inside)
            handover = (both > 0) & ~blocked
            flags = np.zeros((2, len(self)), dtype=np.bool_)
            flags[0, owner[blocked]] = True
            flags[1, owner[handover]] = True
            self._overlaps[visit] = ~flags[0], flags[1]
        return self._overlaps[visit]

    def minutes_left(self, visit: Span) -> Integers:
        """What they have left to give in the week of the visit."""
        given = self._given.get(monday_of(visit.first_day))
        return self.weekly_minutes if given is None else self.weekly_minutes - given

    def minutes_left_of(self, position: int, visit: Span) -> int:
        """The same for one of them."""
        given = self._given.get(monday_of(visit.first_day))
        return int(self.weekly_minutes[position]) - (0 if given is None else int(given[position]))


def _old_enough(candidate: Candidate, age: int) -> int:
    """From which day on, as an ordinal."""
    since = old_enough_from(candidate.born_on, candidate.is_adult, age)
    return NO_LIMIT if since is None else since.toordinal()


class _Stretches:
    """Times with the position of whose they are, on the way to becoming columns."""

    def __init__(self) -> None:
        self._owners: list[int] = []
        self._starts: list[int] = []
        self._stops: list[int] = []

    def add(self, owner: int, times: Seconds) -> None:
        starts, stops = times
        self._owners.extend([owner] * len(starts))
        self._starts.extend(starts)
        self._stops.extend(stops)

    def columns(self) -> tuple[Integers, Integers, Integers]:
        """Whose, from and until."""
        return (
            np.array(self._owners, dtype=np.int64),
            np.array(self._starts, dtype=np.int64),
            np.array(self._stops, dtype=np.int64),
        )


def _all_seconds(spans: Iterable[Span]) -> Seconds:
    pairs = [_seconds(span) for span in spans]
    return [start for start, _stop in pairs], [stop for _start, stop in pairs]


def _seconds(span: Span) -> tuple[int, int]:
    """Since 1970."""
    return int(span.starts_at.timestamp()), int(span.ends_at.timestamp())
