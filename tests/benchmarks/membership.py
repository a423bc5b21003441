"""How fast the officer's pages are with 20,000 members: ``python -m tests.benchmarks.membership``.

Makes a database of its own with the demonstration network and invented members (``make_members``), asks for
whole pages as the membership officer, makes a renewal run and prints its letters, and prints for each p50 and
p95 in milliseconds, by the clock and in processor time, and how many queries one takes. Nothing is asserted:
a machine that is busy with something else would fail a test that is right.

``--letters`` also prints a run of that many letters through the shards and says the time, the memory and the
pages (2,000 take some minutes).
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import threading
import time as clock
import uuid
import warnings
from collections.abc import Iterator
from io import StringIO
from itertools import cycle
from pathlib import Path
from typing import Any

import django

from tests.benchmarks.casework import Took, measure

SIZES = (2_000, 20_000)


def pages(client: Any) -> Iterator[Took]:
    """Each page in turn; what is searched for differs from time to time."""
    from members.models import Card, Membership, Person

    def nothing() -> None:
        from dcsn.limits.models import Tally

        Tally.objects.all().delete()

    people = Person.objects.filter(memberships__plan__code__startswith="made-").order_by("id")
    names = cycle(list(people.values_list("family_name", flat=True)[:40]))
    references = cycle(list(Membership.objects.values_list("reference", flat=True)[:40]))
    numbers = cycle(list(Card.objects.values_list("number", flat=True)[:40]))

    def typed(words: Any) -> Any:
        def ask() -> None:
            nothing()
            client.post("/desk/members/", {"q": next(words)})

        return ask

    def roll(**query: Any) -> Any:
        return lambda: client.get("/desk/members/", query)

    client.post("/desk/members/", {"q": "", "all": "1"})
    yield measure("list", roll(), nothing)
    yield measure("list, the 100th page", roll(page=100), nothing)
    yield measure("list, just run out", roll(status="grace"), nothing)
    yield measure("list, ends within 30 days", roll(ends=30), nothing)
    yield measure("search by name", roll(), typed(names))
    yield measure("search by reference", roll(), typed(references))
    yield measure("search by card", roll(), typed(numbers))
    client.post("/desk/members/", {"q": "", "all": "1"})
    yield measure("letters: who is due", lambda: client.get("/desk/members/letters/"), nothing)
    yield measure("sums", lambda: client.get("/desk/sums/"), nothing)
    yield measure("sums by month", lambda: client.get("/desk/sums/", {"by": "month"}), nothing)


def renewal_run(officer: Any) -> tuple[Any, float, int]:
    """Put one together: the run, seconds, queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from members.letters.actions import make_run

    with CaptureQueriesContext(connection) as queries:
        begun = clock.perf_counter()
        run = make_run(kind="renewal", key=uuid.uuid4(), by=officer)
        took = clock.perf_counter() - begun
    return run, took, len(queries)


class Memory:
    """The most that this process and its children hold together, looked at ten times a second."""

    def __init__(self) -> None:
        self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            self.most = max(self.most, sum(_resident(pid) for pid in _family(os.getpid())))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += _family(int(child))
    return found


def _resident(pid: int) -> int:
    """What this process holds, in bytes; pages shared with others are counted in part (PSS)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def print_letters(count: int, officer: Any) -> None:
    """A run of ``count`` letters by post, through the shards."""
    from members.letters import pages as letter_pages
    from members.models import Letter, LetterRun, Membership

    rows = list(
        Membership.objects.filter(stored="", plan__code__startswith="made-")
        .with_dates()
        .order_by("-last_day", "id")
        .prefetch_related("terms")[:count]
    )
    run = LetterRun.objects.create(kind="renewal", made_by=officer)
    Letter.objects.bulk_create(
        Letter(
            run=run,
            membership=row,
            term=row.counting_terms()[-1],
            kind="renewal",
            way="post",
            size=(14, 18, 18, 18, 24)[number % 5],
        )
        for number, row in enumerate(rows)
    )
    with tempfile.TemporaryDirectory() as folder, Memory() as memory:
        path = Path(folder) / "run.pdf"
        for again in (False, True):
            begun = clock.perf_counter()
            before = (
                resource.getrusage(resource.RUSAGE_SELF),
                resource.getrusage(resource.RUSAGE_CHILDREN),
            )
            report = letter_pages.build(run, path, cache_dir=Path(folder) / "shards")
            after = (
                resource.getrusage(resource.RUSAGE_SELF),
                resource.getrusage(resource.RUSAGE_CHILDREN),
            )
            busy = sum(
                a.ru_utime + a.ru_stime - b.ru_utime - b.ru_stime
                for a, b in zip(after, before, strict=True)
            )
            print(
                f"| {len(rows):,} letters{', begun again' if again else ''} | "
                f"{clock.perf_counter() - begun:.0f} | {busy:.0f} | {report.pages:,} | "
                f"{report.shards - report.from_cache} of {report.shards} | "
                f"{path.stat().st_size / 1e6:.1f} | {memory.most / 1e6:.0f} |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of members")
    parser.add_argument("--letters", type=int, default=0, help="print so many letters as well")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    warnings.simplefilter("ignore")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.template import Template
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    settings.DATABASES["default"]["TEST"]["NAME"] = "benchmark_membership"
    settings.STATIC_ROOT = None
    settings.DEMONSTRATION = True
    setup_test_environment()
    # The test environment keeps every template's context, which costs more than the page.
    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[method-assign]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("load_demonstration", stdout=StringIO())
        from dcsn.accounts.models import User
        from tests.conftest import sign_in

        officer = User.objects.get(email="membership@support.example")
        client = sign_in(Client(), officer)
        print("| members | page | p50 ms | p95 ms | processor p50 ms | p95 ms | SQL queries | kB |")
        print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        made = 0
        for seed, size in enumerate(sorted(int(text) for text in options.sizes.split(",")), 1):
            begun = clock.perf_counter()
            call_command("make_members", members=size - made, seed=seed, stdout=StringIO())
            making, made = clock.perf_counter() - begun, size
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            for took in pages(client):
                print(took.line(size), flush=True)
            run, seconds, queries = renewal_run(officer)
            print(
                f"| {size:,} | putting a renewal run of {run.letters.count():,} together | "
                f"{seconds * 1000:.0f} | | | | {queries} | |"
            )
            print(f"Making {size:,} took {making:.0f} s", flush=True)
        if options.letters:
            print("| run | s | processor s | sides | shards made | MB | most memory MB |")
            print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
            print_letters(options.letters, officer)
        print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    finally:
        connection.creation.destroy_test_db("dcsn", verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
