"""How well and how fast people are found: ``python -m tests.benchmarks.finding [--sizes 1000,10000,100000]``.

Makes a database of its own with made-up people, and prints

* recall and precision of what is put before staff as "very likely the same person", over pairs of records
  of which the test data know whether they are one person, and by what was wrong with the record;
* p50 and p95 in milliseconds of a search (the whole page, as a browser asks for it), of looking for one
  record's duplicates, and how many queries each takes.

Nothing is asserted: a busy machine would fail a test that is right. That recall stays above 0.9 at a
precision above 0.95 is asserted on a smaller set by ``tests/members/test_finding_is_good_enough.py``.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time as clock
import warnings
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import django

SIZES = (1_000, 10_000, 100_000)
ASKS = 40
BATCH = 5_000


def quality(people: int, seed: int) -> None:
    """Fill an empty database with labelled people and print how well their doubles are found."""
    from members.finding.duplicates import strong_pairs
    from members.finding.scoring import STRONG
    from members.models import Person
    from tests.factories.labelled_people import labelled, pairs

    records = labelled(random.Random(seed), people)
    ids = store(records)
    at = {identifier: place for place, identifier in enumerate(ids)}
    found: set[tuple[int, int]] = set()
    for person in Person.objects.filter(id__in=ids):
        for other in strong_pairs(person):
            one, two = sorted((at[person.id], at[other]))
            found.add((one, two))
    truth = set(pairs(records))
    right = found & truth
    print(
        f"\n{len(records):,} records of {people:,} people, {len(truth):,} true pairs, seed {seed}"
    )
    print(f"  threshold {STRONG}   recall {len(right) / len(truth):.3f}   "
          f"precision {len(right) / max(1, len(found)):.3f}")  # fmt: skip
    of_kind: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for one, two in truth:
        for why in {*records[one].why, *records[two].why} or {"nothing wrong"}:
            of_kind[why] += 1
            missed[why] += (one, two) not in found
    print(f"\n  {'what was wrong with a record':<34}{'pairs':>7}{'found':>9}")
    for why, number in of_kind.most_common():
        print(f"  {why:<34}{number:>7}{1 - missed[why] / number:>9.2f}")
    wrong: Counter[str] = Counter()
    for one, two in found - truth:
        wrong[", ".join(sorted({*records[one].why, *records[two].why})) or "chance"] += 1
    near: Counter[str] = Counter(
        why for r in records for why in r.why if why.startswith(("a ", "born"))
    )
    print(f"\n  {'taken for one person wrongly':<52}{'pairs':>7}")
    for why, number in wrong.most_common(8):
        print(f"  {why:<52}{number:>7}")
    print(f"  (beside whom stood {', '.join(f'{n} {why}' for why, n in near.most_common())})")


def store(records: list[Any]) -> list[Any]:
    """Put records into the database in bulk, with their other names and keys."""
    from directory.models.identity import sort_key_of
    from members.finding import rebuild_keys
    from members.models import OtherName, Person
    from tests.factories.person import access_point

    desk = access_point(DESK, name="A desk")
    people = [Person(organisation=desk, **record.facts) for record in records]
    for person in people:
        person.sort_key = sort_key_of(f"{person.family_name} {person.given_name}")
    Person.objects.bulk_create(people, batch_size=BATCH)
    OtherName.objects.bulk_create(
        [
            OtherName(person=person, use="maiden", family_name=record.former)
            for person, record in zip(people, records, strict=True)
            if record.former
        ]
    )
    rebuild_keys()
    return [person.id for person in people]


def speed(size: int, seed: int) -> None:
    """Fill up to ``size`` people and print how long searches take."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from members.finding.duplicates import strong_pairs
    from members.models import Person
    from tests.benchmarks.search import processor_seconds
    from tests.factories.labelled_people import labelled

    have = Person.objects.count()
    chance = random.Random(seed)
    started = clock.perf_counter()
    store_more = labelled(random.Random(seed + size), max(0, int((size - have) / 1.24)))
    store(store_more)
    filled = clock.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE members_person")
        cursor.execute("VACUUM ANALYZE members_personkeys")
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('members_personkeys'))")
        weight = cursor.fetchone()[0]
    print(f"\n{Person.objects.count():,} people (filled in {filled:.0f} s; keys take {weight})")
    client = signed_in()
    people = [
        Person.objects.order_by("id")[chance.randrange(Person.objects.count())] for _ in range(ASKS)
    ]
    for name, words in KINDS.items():
        took, asked = [], 0
        busy = processor_seconds()
        for person in people:
            client.post("/desk/people/", {"q": words(person)})
            with CaptureQueriesContext(connection) as queries:
                start = clock.perf_counter()
                page = client.get("/desk/people/")
                took.append((clock.perf_counter() - start) * 1000)
            assert page.status_code == 200
            asked = max(asked, len(queries))
        say(f"search: {name}", took, asked, processor_seconds() - busy)
    took, asked = [], 0
    busy = processor_seconds()
    for person in people:
        with CaptureQueriesContext(connection) as queries:
            start = clock.perf_counter()
            strong_pairs(person)
            took.append((clock.perf_counter() - start) * 1000)
        asked = max(asked, len(queries))
    say("duplicates of one record", took, asked, processor_seconds() - busy)


KINDS = {
    "name and date of birth": lambda p: f"{p.given_name} {p.family_name} {_day(p)}",
    "name, misspelt": lambda p: f"{p.given_name} {p.family_name[:2]}{p.family_name[3:]}",
    "last name": lambda p: p.family_name,
    "the commonest last name": lambda p: "Smith",
    "the commonest first name": lambda p: "Margaret",
    "date of birth": lambda p: _day(p),
    "postcode": lambda p: p.postcode or "DL3 7XX",
    "year of birth": lambda p: str(p.date_of_birth.year) if p.date_of_birth else "1941",
}


def _day(person: Any) -> str:
    day = person.date_of_birth or date(1941, 4, 3)
    return f"{day:%d %m %Y}"


def say(name: str, took: list[float], queries: int, busy: float) -> None:
    """Milliseconds by the clock; and of processor time, that of sending the form too, which other work on
    the machine disturbs less."""
    worst = statistics.quantiles(took, n=20)[-1]
    busy = busy * 1000 / len(took)
    print(f"  {name:<36}{statistics.median(took):>8.0f}{worst:>8.0f}{busy:>11.0f}{queries:>10}")


def signed_in() -> Any:
    """Somebody who works at the access point of everybody."""
    from django.test import Client

    from tests.conftest import sign_in
    from tests.factories.user import UserFactory

    user = UserFactory(role="access_point_staff", role__organisation_id=DESK, second_factor=True)
    return sign_in(Client(), user)


DESK = UUID("5f3b6f0e-5c58-4d5e-9b43-0c1f6f4d8f11")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--people", type=int, default=4_000, help="for recall and precision")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    os.environ.setdefault("DCSN_DEVELOPMENT", "true")
    django.setup()
    warnings.simplefilter("ignore")
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    from members.actions import looking

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = "dcsn_benchmark_finding"
    looking.AT_MOST = looking.Rate(10**9, looking.AT_MOST.every)
    settings.STATIC_ROOT = None
    setup_test_environment(debug=False)
    # The test environment keeps every template's context, which costs more than the page.
    from django.template import Template

    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[method-assign]
    previous = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        quality(options.people, options.seed)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE members_person CASCADE")
        print(f"\n{'milliseconds':<38}{'p50':>8}{'p95':>8}{'processor':>11}{'queries':>10}")
        for size in (int(size) for size in options.sizes.split(",")):
            speed(size, options.seed)
        print(
            f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
    finally:
        connection.creation.destroy_test_db(previous, verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
