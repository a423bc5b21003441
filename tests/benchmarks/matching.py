"""How fast and how well volunteers are matched: ``python -m tests.benchmarks.matching [--sizes 10000x1000]``.

Invents volunteers and open requests around one town (no database: what the run is given), and prints
for each size what making the suggestions took by the clock and in processor time, the most memory
the process had, how many requests were filled, and the total cost beside what going through the list
one request after the other would cost. Each size runs in a process of its own, so that the peak is its own.

Nothing is asserted: a busy machine would fail a test that is right.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time as clock
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import django

SIZES = "1000x100,10000x1000,10000x1000:scarce"
TODAY = date(2026, 11, 23)
TOWN = (54.524, -1.555)
SKILLS = ("gardening", "cooking", "computers", "forms", "sewing", "lifting", "driving", "reading")
INTERESTS = (
    "football",
    "chess",
    "music",
    "gardens",
    "trains",
    "films",
    "dogs",
    "history",
    "knitting",
)


def near(chance: Random, spread: float) -> Any:
    """Somewhere about the town: most near the middle, as people live."""
    from volunteers.matching import Place

    return Place(TOWN[0] + chance.gauss(0, spread), TOWN[1] + chance.gauss(0, spread * 1.7))


def volunteers(number: int, chance: Random) -> list[Any]:
    from volunteers.availability import Change, Commitment, Span, Window
    from volunteers.matching import Candidate, Mode

    made = []
    for at in range(number):
        windows = tuple(
            Window(chance.randrange(1, 8), time(begins), time(begins + chance.choice((3, 4, 5))))
            for begins in chance.choices((9, 10, 12, 13, 14, 17), k=chance.choice((0, 1, 2, 3, 4)))
        )
        away = ()
        if chance.random() < 0.15:
            first = TODAY + timedelta(days=chance.randrange(20))
            away = (Change(first, first + timedelta(days=chance.randrange(10))),)
        commitments = []
        for _time in range(chance.choice((0, 0, 0, 1, 2))):
            day = TODAY + timedelta(days=chance.randrange(14))
            begins = datetime(day.year, day.month, day.day, chance.randrange(9, 19), tzinfo=UTC)
            commitments.append(
                Commitment(Span(begins, begins + timedelta(hours=2)), id=len(commitments))
            )
        asked = chance.choice((None, chance.randrange(120)))
        made.append(
            Candidate(
                id=at,
                organisations=frozenset({0} if chance.random() < 0.9 else {1}),
                born_on=date(chance.randrange(1940, 2011), chance.randrange(1, 13), 1),
                place=near(chance, 0.03) if chance.random() < 0.97 else None,
                mode=chance.choice(list(Mode)),
                miles=chance.choice((None, None, 2.0, 5.0)),
                windows=windows,
                changes=away,
                commitments=tuple(commitments),
                weekly_minutes=chance.choice((None, 60, 120, 180, 240)),
                checks={"dbs": TODAY + timedelta(days=chance.randrange(-100, 900))}
                if chance.random() < 0.7
                else {},
                skills=frozenset(chance.sample(SKILLS, chance.randrange(4))),
                interests=frozenset(chance.sample(INTERESTS, chance.randrange(4))),
                gender=chance.choice(("woman", "man", "")),
                languages=frozenset({"pl"} if chance.random() < 0.05 else ()),
                not_with=frozenset({chance.randrange(5000)} if chance.random() < 0.02 else ()),
                last_asked_on=None if asked is None else TODAY - timedelta(days=asked),
                last_helped_on=None if asked is None else TODAY - timedelta(days=asked),
            )
        )
    return made


def requests(number: int, people: int, chance: Random) -> list[Any]:
    from volunteers.availability import Span
    from volunteers.matching import Need, Preference, PreferenceKind, visits_within

    made = []
    for at in range(number):
        length = chance.choice((60, 60, 60, 90, 120))
        spans = []
        for _time in range(1 if chance.random() < 0.6 else 3):
            day = TODAY + timedelta(days=chance.randrange(1, 14))
            begins = datetime(day.year, day.month, day.day, chance.randrange(9, 18), tzinfo=UTC)
            spans.append((begins, length))
        if len(spans) == 1:
            visits = visits_within([Span(b, b + timedelta(minutes=m)) for b, m in spans], length)
        else:
            visits = visits_within([Span(b, b + timedelta(hours=3)) for b, _m in spans], length)
        preferences = ()
        if chance.random() < 0.1:
            preferences = (
                Preference(PreferenceKind.GENDER, "woman", "a woman", "help with washing"),
            )
        made.append(
            Need(
                id=at,
                organisation=0,
                person=chance.randrange(5000),
                visits=visits,
                asked_on=TODAY - timedelta(days=chance.randrange(20)),
                place=near(chance, 0.03) if chance.random() < 0.9 else None,
                needs_car=chance.random() < 0.25,
                minimum_age=18,
                checks={"dbs": "an enhanced DBS check"} if chance.random() < 0.6 else {},
                skills={skill: skill for skill in chance.sample(SKILLS, chance.randrange(3))},
                interests={one: one for one in chance.sample(INTERESTS, chance.randrange(3))},
                preferences=preferences,
                said_no=frozenset(chance.sample(range(people), 2)),
                helped_before_by=frozenset(chance.sample(range(people), 1)),
                urgent=chance.random() < 0.1,
            )
        )
    return made


def measure(size: str) -> str:
    """One line of the table."""
    from volunteers.matching import suggest

    numbers, _colon, kind = size.partition(":")
    people, asked = map(int, numbers.split("x"))
    chance = Random(2026)
    some = volunteers(people, chance)
    if kind == "scarce":
        # So few are free that the requests compete for the same people.
        some = [one for one in some if one.windows][: max(1, asked // 2)]
    needs = requests(asked, len(some), chance)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, busy = clock.perf_counter(), clock.process_time()
    found = suggest(some, needs, today=TODAY)
    wall, busy = clock.perf_counter() - wall, clock.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    possible = sum(outcome.possible for outcome in found.outcomes)
    saved = 100 * (found.greedy_total - found.total) / found.greedy_total
    return (
        f"| {len(some):,} × {asked:,} | {possible:,} | {wall:.1f} | {busy:.1f} | {peak:,.0f} | "
        f"{before:,.0f} | {found.filled:,} | {found.greedy_filled:,} | {found.total:,} | "
        f"{found.greedy_total:,} | {saved:.1f} % |"
    )


HEAD = (
    "| volunteers × requests | permitted pairs | s | processor s | peak MB | before | filled | "
    "one by one | total cost | one by one | less |\n" + "| --- " + "| ---: " * 10 + "|"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
        django.setup()
        print(measure(options.one), flush=True)
        return
    print(HEAD, flush=True)
    for size in options.sizes.split(","):
        command = [sys.executable, "-m", "tests.benchmarks.matching", "--one", size]
        subprocess.run(command, check=True)
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
