"""How fast and how well volunteers are matched:
``python -m tests.benchmarks.matching [--sizes 10000x1000] [--tables 10000x1000]``.

Invents volunteers and open requests around one town (no database: what the run is given), and prints
for each size what making the suggestions took by the clock and in processor time, the most memory
the process had, how many requests were filled, and the total cost beside what going through the list
one request after the other would cost. Each size runs in a process of its own, so that the peak is its own.

``--tables`` does the whole from a database of its own instead: reading, matching and writing the suggestions.

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


def from_tables(size: str) -> None:
    """Fill a database and print what reading takes, and what all of it does."""
    import warnings

    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    from dcsn.audit import SystemJob
    from tests.benchmarks.search import processor_seconds

    warnings.simplefilter("ignore")
    settings.DATABASES["default"]["TEST"]["NAME"] = "benchmark_dcsn"
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        people, asked = map(int, size.split("x"))
        organisation = fill(people, asked, Random(2026))
        from volunteers.actions.suggesting import look_for_volunteers
        from volunteers.matching.gather import gather
        from volunteers.models import HelpRequest

        def whole() -> None:
            look_for_volunteers(organisation=organisation, by=SystemJob("benchmark"))

        print("| volunteers × requests | what | s | processor s | SQL queries |")
        print("| --- | --- | ---: | ---: | ---: |")
        for name, do in (
            ("reading", lambda: gather(HelpRequest.objects.seeking())),
            ("reading, matching, writing", whole),
            ("the same again", whole),
        ):
            wall, busy = clock.perf_counter(), processor_seconds()
            with CaptureQueriesContext(connection) as queries:
                do()
            wall, busy = clock.perf_counter() - wall, processor_seconds() - busy
            print(
                f"| {people:,} × {asked:,} | {name} | {wall:.1f} | {busy:.1f} | {len(queries):,} |",
                flush=True,
            )
    finally:
        connection.creation.destroy_test_db("dcsn", verbosity=0)


def fill(people: int, asked: int, chance: Random) -> Any:
    """Volunteers who help at one organisation, and requests for which somebody is looked for."""
    from django.db import connection
    from django.utils import timezone

    from directory.models import PostcodePlace
    from members.models import Person
    from tests.factories.organisation import OrganisationFactory
    from volunteers.models import Availability, Check, HelpRequest, Volunteer, VolunteerPlace

    here = OrganisationFactory()
    codes = [
        f"DL{a} {b}{x}{y}" for a in range(1, 6) for b in range(1, 9) for x in "AB" for y in "ABDE"
    ]
    PostcodePlace.objects.bulk_create(
        [
            PostcodePlace(code=code, level="unit", latitude=at.latitude, longitude=at.longitude)
            for code in codes
            for at in [near(chance, 0.03)]
        ]
    )
    everybody = [
        Person(
            organisation=here,
            given_name="Made",
            family_name=f"Up {number}",
            date_of_birth=date(1970, 1, 1),
            postcode=chance.choice(codes),
        )
        for number in range(people + asked)
    ]
    Person.objects.bulk_create(everybody, batch_size=2000)
    now = timezone.now()
    tomorrow = timezone.localtime(now).replace(hour=9, minute=0) + timedelta(days=1)
    with connection.cursor() as cursor:
        # Rows without the history that the actions would write beside them.
        cursor.execute("SET session_replication_role = replica")
    some = [
        Volunteer(
            person=person,
            organisation=here,
            state="active",
            transport=["drive"],
            minutes_a_week=120,
        )
        for person in everybody[:people]
    ]
    Volunteer.objects.bulk_create(some, batch_size=2000)
    VolunteerPlace.objects.bulk_create(
        [VolunteerPlace(volunteer=one, organisation=here) for one in some], batch_size=2000
    )
    Availability.objects.bulk_create(
        [
            Availability(
                volunteer=one, weekday=day, starts=time(chance.randrange(8, 15)), ends=time(20)
            )
            for one in some
            for day in chance.sample(range(1, 8), 2)
        ],
        batch_size=2000,
    )
    decided = {
        "state": "decision-recorded",
        "decision": "suitable",
        "seen_at": now,
        "decided_at": now,
    }
    Check.objects.bulk_create(
        [
            Check(volunteer=one, organisation=here, kind="dbs", level="enhanced", **decided)
            for one in some
        ],
        batch_size=2000,
    )
    rows = []
    for person in everybody[people:]:
        begins = tomorrow + timedelta(days=chance.randrange(13), hours=chance.randrange(9))
        rows.append(
            HelpRequest(
                person=person,
                organisation=here,
                channel="phone",
                kind="lift",
                what="To the surgery",
                state="triaged",
                starts_at=begins,
                ends_at=begins + timedelta(hours=1),
            )
        )
    HelpRequest.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return here


HEAD = (
    "| volunteers × requests | permitted pairs | s | processor s | peak MB | before | filled | "
    "one by one | total cost | one by one | less |\n" + "| --- " + "| ---: " * 10 + "|"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--tables", help="Do the whole from a database: volunteers x requests.")
    options = parser.parse_args()
    if options.one or options.tables:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
        django.setup()
    if options.tables:
        from_tables(options.tables)
        return
    if options.one:
        print(measure(options.one), flush=True)
        return
    print(HEAD, flush=True)
    for size in options.sizes.split(","):
        command = [sys.executable, "-m", "tests.benchmarks.matching", "--one", size]
        subprocess.run(command, check=True)
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
