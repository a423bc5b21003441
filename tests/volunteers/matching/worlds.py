"""Small made-up worlds in which every rule has something to do: around the night when the clocks go
back, with odd minutes, unknowns on every side and requests that compete."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from volunteers.availability import Change, Commitment, Span, Window
from volunteers.matching import (
    Candidate,
    Mode,
    Need,
    Place,
    Preference,
    PreferenceKind,
    visits_within,
)

# The Friday before the clocks go back on 25 October 2026.
TODAY = date(2026, 10, 23)
TIMES = (
    time(0),
    time(1),
    time(1, 30),
    time(9),
    time(10, 20),
    time(12),
    time(14),
    time(17, 45),
    time(22),
)
CHECKS = {"dbs": "an enhanced DBS check", "drive": "a right-to-drive check"}
SKILLS = {"garden": "gardening", "cook": "cooking", "forms": "filling in forms"}
INTERESTS = {"chess": "chess", "dogs": "dogs"}
HERE = Place(54.524, -1.555)


def somewhere(chance: Random) -> Place:
    return Place(54.524 + chance.uniform(-0.1, 0.1), -1.555 + chance.uniform(-0.1, 0.1))


def moment(chance: Random) -> datetime:
    return datetime(2026, 10, 24, tzinfo=UTC) + timedelta(
        days=chance.choice((0, 1, 2, 3, 3, 8)), minutes=10 * chance.randrange(24 * 6)
    )


def span(chance: Random, most: int = 240) -> Span:
    begins = moment(chance)
    return Span(begins, begins + timedelta(minutes=chance.randrange(10, most, 10)))


def candidate(number: int, chance: Random, people: int = 12) -> Candidate:
    changes = []
    if chance.random() < 0.3:
        first = TODAY + timedelta(days=chance.randrange(4))
        changes.append(
            Change(
                first,
                first + timedelta(days=chance.randrange(2)),
                free=chance.random() < 0.4,
                starts=chance.choice(TIMES),
                ends=chance.choice(TIMES),
            )
        )
    return Candidate(
        id=number,
        organisations=frozenset(chance.sample(["a", "b"], chance.choice((1, 1, 2)))),
        person=chance.randrange(people) if chance.random() < 0.3 else None,
        is_adult=chance.random() < 0.5,
        kinds=frozenset(one for one in ("lift", "visit") if chance.random() < 0.4),
        born_on=None if chance.random() < 0.1 else date(2008, 10, chance.randrange(20, 31)),
        place=somewhere(chance) if chance.random() < 0.9 else None,
        mode=chance.choice(list(Mode)),
        miles=chance.choice((None, 0.0, 3.0, 20.0)),
        windows=tuple(
            Window(chance.randrange(1, 8), chance.choice(TIMES), chance.choice(TIMES))
            for _ in range(chance.randrange(8))
        ),
        changes=tuple(changes),
        commitments=tuple(
            Commitment(span(chance), "the lunch club", n) for n in range(chance.randrange(3))
        ),
        weekly_minutes=chance.choice((None, None, 60, 200, 400)),
        checks={
            code: chance.choice((None, TODAY + timedelta(days=chance.randrange(6))))
            for code in CHECKS
            if chance.random() < 0.7
        },
        skills=frozenset(code for code in SKILLS if chance.random() < 0.4),
        interests=frozenset(code for code in INTERESTS if chance.random() < 0.4),
        gender=chance.choice(("woman", "man", "")),
        languages=frozenset(code for code in ("pl", "ur") if chance.random() < 0.3),
        not_with=frozenset(p for p in range(people) if chance.random() < 0.05),
        last_asked_on=chance.choice((None, TODAY - timedelta(days=chance.randrange(100)))),
    )


def need(number: int, chance: Random, candidates: int) -> Need:
    length = chance.choice((20, 60, 90, 150))
    wide = [span(chance, 300) for _ in range(chance.choice((1, 1, 3)))]
    begins = moment(chance)
    preferences = []
    if chance.random() < 0.15:
        preferences.append(
            Preference(PreferenceKind.GENDER, "woman", "a woman", "help with washing")
        )
    if chance.random() < 0.15:
        preferences.append(
            Preference(PreferenceKind.LANGUAGE, "pl", "speaks Polish", "she speaks no English")
        )
    visits = visits_within(wide, length) or (Span(begins, begins + timedelta(minutes=length)),)
    later: tuple[Span, ...] = ()
    if chance.random() < 0.2:
        visits = visits[:1]
        (one,) = visits
        later = (Span(one.starts_at + timedelta(days=7), one.ends_at + timedelta(days=7)),)
    return Need(
        id=number,
        organisation=chance.choice(("a", "a", "b")),
        person=number % 12,
        visits=visits,
        later=later,
        kind=chance.choice((None, "lift", "visit")),
        asked_on=TODAY - timedelta(days=chance.randrange(90)),
        place=somewhere(chance) if chance.random() < 0.8 else None,
        needs_car=chance.random() < 0.2,
        minimum_age=chance.choice((0, 0, 16, 18)),
        checks={code: name for code, name in CHECKS.items() if chance.random() < 0.25},
        skills={code: name for code, name in SKILLS.items() if chance.random() < 0.3},
        interests={code: name for code, name in INTERESTS.items() if chance.random() < 0.3},
        preferences=tuple(preferences),
        not_with=frozenset(n for n in range(candidates) if chance.random() < 0.05),
        said_no=frozenset(n for n in range(candidates) if chance.random() < 0.05),
        helped_before_by=frozenset(n for n in range(candidates) if chance.random() < 0.1),
        urgent=chance.random() < 0.2,
    )


def world(seed: int, candidates: int = 12, needs: int = 8) -> tuple[list[Candidate], list[Need]]:
    chance = Random(seed)
    return (
        [candidate(number, chance) for number in range(candidates)],
        [need(number, chance, candidates) for number in range(needs)],
    )
