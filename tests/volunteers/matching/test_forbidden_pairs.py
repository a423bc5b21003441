"""Forbidden pairs never appear: neither in the assignment nor in any list of whom to ask next.

What is forbidden is written down here a second time, in another way: nothing is reckoned with spans,
columns or ordinals, but every five minutes are looked at one by one, on London's clocks. So a fault in
the rules of ``volunteers.matching`` is not repeated here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from volunteers.availability import Change, Commitment, Span, Window
from volunteers.matching import (
    RULES,
    Candidate,
    Mode,
    Need,
    Place,
    Preference,
    PreferenceKind,
    suggest,
)

LONDON = ZoneInfo("Europe/London")
TICK = timedelta(minutes=5)
# The clocks go back in the night to Sunday, 25 October 2026.
TODAY = date(2026, 10, 23)
FIRST = datetime(2026, 10, 23, 22, tzinfo=UTC)
WOMAN = Preference(PreferenceKind.GENDER, "woman", "a woman", "help with washing")
POLISH = Preference(PreferenceKind.LANGUAGE, "pl", "speaks Polish", "she speaks no English")
AT_MOST = {Mode.FOOT: 1.5, Mode.CYCLE: 4, Mode.BUS: 6, Mode.CAR: 12, Mode.NOT_KNOWN: 3}
# Not within the hour that comes twice: what "until 1am" means in that night is tested elsewhere.
TIMES = [time(0), time(3), time(9), time(12), time(14), time(17, 45), time(22)]


# --- The rules once more ------------------------------------------------------------------------------


def ticks(span: Span) -> frozenset[datetime]:
    """The beginnings of its five minutes."""
    found, at = set(), span.starts_at
    while at < span.ends_at:
        found.add(at)
        at += TICK
    return frozenset(found)


def on_the_wall(at: datetime) -> tuple[date, time]:
    local = at.astimezone(LONDON)
    return local.date(), local.time()


def within(at: time, starts: time, ends: time, *, of_the_day_before: bool) -> bool:
    """Whether it is in these hours of this day, or of the day before where they go on past midnight."""
    if ends == time(0):
        return at >= starts and not of_the_day_before
    if ends > starts:
        return starts <= at < ends and not of_the_day_before
    return at < ends if of_the_day_before else at >= starts


def said(candidate: Candidate, at: datetime, *, free: bool) -> bool:
    """Whether the days that differ say so of this moment."""
    day, wall = on_the_wall(at)
    return any(
        change.first <= of <= change.last
        and within(wall, change.starts, change.ends, of_the_day_before=of != day)
        for change in candidate.changes
        if change.free is free
        for of in (day, day - timedelta(days=1))
    )


def weekly(candidate: Candidate, at: datetime) -> bool:
    day, wall = on_the_wall(at)
    return any(
        window.weekday == of.isoweekday()
        and within(wall, window.starts, window.ends, of_the_day_before=of != day)
        for window in candidate.windows
        for of in (day, day - timedelta(days=1))
    )


def miles(one: Place, other: Place) -> float:
    """Over the round earth."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    part = (
        sin(north / 2) ** 2
        + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    )
    return 2 * 3958.76 * asin(sqrt(part))


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def cannot_do_both(one: Span, other: Span) -> bool:
    a, b = ticks(one), ticks(other)
    both = a & b
    return bool(both) and (both in (a, b) or len(both) * TICK > timedelta(hours=1))


def week(span: Span) -> tuple[int, int]:
    day, _wall = on_the_wall(span.starts_at)
    return day.isocalendar()[:2]


def hours_are_left(candidate: Candidate, wanted: list[Span]) -> bool:
    if candidate.weekly_minutes is None:
        return True
    spent: Counter[tuple[int, int]] = Counter()
    for span in (*(one.span for one in candidate.commitments), *wanted):
        spent[week(span)] += 5 * len(ticks(span))
    return all(spent[week(span)] <= candidate.weekly_minutes for span in wanted)


def met(candidate: Candidate, preference: Preference) -> bool:
    if preference.kind is PreferenceKind.GENDER:
        return candidate.gender == preference.value
    return preference.value in candidate.languages


def is_of_age(candidate: Candidate, need: Need, visit: Span) -> bool:
    if not need.minimum_age:
        return True
    if candidate.born_on is None:
        return candidate.is_adult and need.minimum_age <= 18
    return age_on(candidate.born_on, on_the_wall(visit.starts_at)[0]) >= need.minimum_age


def is_free(candidate: Candidate, visit: Span) -> bool:
    has_said = candidate.windows or any(change.free for change in candidate.changes)
    return all(
        not said(candidate, at, free=False)
        and (not has_said or weekly(candidate, at) or said(candidate, at, free=True))
        for at in ticks(visit)
    )


def broken(candidate: Candidate, need: Need, visit: Span) -> set[str]:
    """The names of all hard rules that this pair breaks at this time."""
    wanted = [visit, *need.later]
    last = on_the_wall(max(ticks(visit)))[0]
    until = [candidate.checks.get(code, date.min) for code in need.checks]
    far = (
        need.place is not None
        and candidate.place is not None
        and miles(need.place, candidate.place)
        > (AT_MOST[candidate.mode] if candidate.miles is None else candidate.miles)
    )
    wrong = {
        "shared": need.organisation not in candidate.organisations,
        "self": candidate.person is not None and candidate.person == need.person,
        "not-with": candidate.id in need.not_with or need.person in candidate.not_with,
        "said-no": candidate.id in need.said_no,
        "preference": not all(met(candidate, one) for one in need.preferences),
        "car": need.needs_car and candidate.mode is not Mode.CAR,
        "reach": far,
        "age": not is_of_age(candidate, need, visit),
        "check": any(day is not None and day < last for day in until),
        "free": not is_free(candidate, visit),
        "elsewhere": any(
            cannot_do_both(one, other.span) for one in wanted for other in candidate.commitments
        ),
        "hours": not hours_are_left(candidate, wanted),
    }
    return {name for name, is_so in wrong.items() if is_so}


# --- Worlds -------------------------------------------------------------------------------------------

PLACES = st.integers(-10, 10).map(lambda steps: Place(54.524 + steps * 0.02, -1.555))
ORGANISATIONS = ["a", "b"]
PEOPLE = [f"person {n}" for n in range(4)]
MOMENTS = st.integers(0, 6 * 24 * 10).map(lambda tens: FIRST + timedelta(minutes=10 * tens))
CLOCKS = st.tuples(st.sampled_from(TIMES), st.sampled_from(TIMES))


@st.composite
def spans(draw: Any, lasts: int | None = None) -> Span:
    begins = draw(MOMENTS)
    return Span(begins, begins + timedelta(minutes=lasts or draw(st.integers(1, 24)) * 10))


@st.composite
def changes(draw: Any) -> Change:
    first = TODAY + timedelta(days=draw(st.integers(0, 9)))
    starts, ends = draw(CLOCKS)
    return Change(
        first, first + timedelta(days=draw(st.integers(0, 2))), draw(st.booleans()), starts, ends
    )


@st.composite
def needs(draw: Any, number: int, volunteers: int) -> Need:
    lasts = draw(st.sampled_from([20, 60, 90, 150]))
    visits = tuple(draw(st.lists(spans(lasts=lasts), min_size=1, max_size=3, unique=True)))
    later: tuple[Span, ...] = ()
    if len(visits) == 1 and draw(st.booleans()):
        later = (weeks_on(visits[0]),)
    some = st.frozensets(st.integers(0, volunteers), max_size=2)
    return Need(
        id=number,
        organisation=draw(st.sampled_from(ORGANISATIONS)),
        person=draw(st.sampled_from(PEOPLE)),
        visits=visits,
        later=later,
        asked_on=TODAY - timedelta(days=draw(st.integers(0, 60))),
        place=draw(st.none() | PLACES),
        needs_car=draw(st.integers(0, 4)) == 0,
        minimum_age=draw(st.sampled_from([0, 0, 16, 18, 21])),
        checks=draw(st.sampled_from([{}, {"dbs": "a check"}, {"dbs": "a check", "car": "papers"}])),
        preferences=draw(st.sampled_from([(), (), (WOMAN,), (POLISH,), (WOMAN, POLISH)])),
        not_with=draw(some),
        said_no=draw(some),
        urgent=draw(st.booleans()),
    )


def weeks_on(span: Span) -> Span:
    return Span(span.starts_at + timedelta(days=7), span.ends_at + timedelta(days=7))


@st.composite
def candidates(draw: Any, number: int) -> Candidate:
    days = st.none() | st.integers(0, 9).map(lambda n: TODAY + timedelta(days=n))
    return Candidate(
        id=number,
        organisations=draw(st.frozensets(st.sampled_from(ORGANISATIONS), min_size=1)),
        person=draw(st.none() | st.sampled_from(PEOPLE)),
        born_on=draw(st.none() | st.dates(date(2004, 1, 1), date(2011, 1, 1))),
        is_adult=draw(st.booleans()),
        place=draw(st.none() | PLACES),
        mode=draw(st.sampled_from(list(Mode))),
        miles=draw(st.sampled_from([None, None, 0.0, 3.0, 20.0])),
        windows=tuple(
            Window(day, *clocks)
            for day, clocks in draw(st.lists(st.tuples(st.integers(1, 7), CLOCKS), max_size=6))
        ),
        changes=tuple(draw(st.lists(changes(), max_size=2))),
        commitments=tuple(
            Commitment(span, "the choir", n)
            for n, span in enumerate(draw(st.lists(spans(), max_size=2)))
        ),
        weekly_minutes=draw(st.sampled_from([None, None, 60, 200, 400])),
        checks=draw(st.dictionaries(st.sampled_from(["dbs", "car"]), days)),
        gender=draw(st.sampled_from(["woman", "man", ""])),
        languages=draw(st.frozensets(st.sampled_from(["pl", "ur"]))),
        not_with=draw(st.frozensets(st.sampled_from(PEOPLE), max_size=1)),
    )


def fits(number: int, need: Need) -> Candidate:
    """A volunteer who breaks no rule for this request, at none of its times."""
    return Candidate(
        id=number,
        organisations=frozenset(ORGANISATIONS),
        born_on=date(1980, 5, 17),
        place=need.place,
        mode=Mode.CAR,
        windows=tuple(Window(day, time(0), time(0)) for day in range(1, 8)),
        weekly_minutes=10_000,
        checks=dict.fromkeys(need.checks),
        gender="woman",
        languages=frozenset({"pl"}),
    )


def asks_for_all(need: Need) -> Need:
    """So that each rule can be broken; nobody is named yet."""
    return replace(
        need,
        place=need.place or Place(54.524, -1.555),
        needs_car=True,
        minimum_age=18,
        checks={"dbs": "a check"},
        preferences=(WOMAN, POLISH),
        not_with=frozenset(),
        said_no=frozenset(),
    )


# For each hard rule how somebody who fits comes to break it, and it alone.
BREAKS: dict[str, Callable[[Candidate, Need], dict[str, Any]]] = {
    "shared": lambda who, need: {"organisations": who.organisations - {need.organisation}},
    "self": lambda who, need: {"person": need.person},
    "not-with": lambda who, need: {"not_with": frozenset({need.person})},
    "said-no": lambda who, need: {},  # the request says so
    "preference": lambda who, need: {"languages": frozenset({"ur"})},
    "car": lambda who, need: {"mode": Mode.BUS, "miles": 20.0},
    "reach": lambda who, need: {"place": Place(need.place.latitude + 0.2, -1.555)},  # type: ignore[union-attr]
    "age": lambda who, need: {"born_on": date(2008, 11, 30)},
    "check": lambda who, need: {"checks": {"dbs": TODAY - timedelta(days=1)}},
    "free": lambda who, need: {"changes": (Change(TODAY, TODAY + timedelta(days=40)),)},
    "elsewhere": lambda who, need: {
        "commitments": tuple(Commitment(visit, "the choir") for visit in need.visits)
    },
    "hours": lambda who, need: {"weekly_minutes": need.minutes - 5},
}


def test_the_rules_of_this_file_are_all_the_rules() -> None:
    assert set(BREAKS) == {rule.name for rule in RULES}


@settings(max_examples=150)
@given(st.data())
def test_forbidden_pairs_never_appear(data: st.DataObject) -> None:
    """In any world in which every hard rule is broken by somebody who breaks no other."""
    # Given random requests, of which the first asks for everything
    number = len(BREAKS) + 5
    wanted = [data.draw(needs(n, number)) for n in range(data.draw(st.integers(1, 4)))]
    first = asks_for_all(wanted[0])
    # and for each rule a volunteer who breaks it for the first; one who fits; and random others
    ids = data.draw(st.permutations(range(number)))
    first = replace(first, said_no=frozenset({ids[list(BREAKS).index("said-no")]}))
    wanted[0] = first
    people = []
    for which, (name, change) in zip(ids, BREAKS.items(), strict=False):
        who = fits(which, first)
        people.append(replace(who, **change(who, first)))
        for visit in first.visits:
            assert broken(people[-1], first, visit) == {name}
    people.append(fits(ids[len(BREAKS)], first))
    assert not any(broken(people[-1], first, visit) for visit in first.visits)
    people += [data.draw(candidates(which)) for which in ids[len(BREAKS) + 1 :]]
    by_id = {one.id: one for one in people}

    # When all requests are looked at together
    found = suggest(people, wanted, today=TODAY)

    given_to: dict[int, list[tuple[Need, Span]]] = {}
    for outcome, need in zip(found.outcomes, wanted, strict=True):
        # Then nobody who may not be asked is on any list
        for one in outcome.suggestions:
            assert one.visit in need.visits
            assert broken(by_id[one.candidate_id], need, one.visit) == set()
        # nor kept from it who may be
        may = [who for who in people if any(not broken(who, need, v) for v in need.visits)]
        assert outcome.possible == len(may)
        assert bool(outcome.suggestions) == bool(may)
        if outcome.best is not None:
            given_to.setdefault(outcome.best.candidate_id, []).append((need, outcome.best.visit))
    # and what the assignment gives to one volunteer breaks none together
    for which, mine in given_to.items():
        for at, (need, visit) in enumerate(mine):
            besides = [
                Commitment(span)
                for other, (theirs, when) in enumerate(mine)
                if other != at
                for span in (when, *theirs.later)
            ]
            who = by_id[which]
            busy = replace(who, commitments=(*who.commitments, *besides))
            assert broken(busy, need, visit) == set()
