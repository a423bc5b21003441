"""How fast the desk is with many referrals: ``python -m tests.benchmarks.casework [--sizes 1000,80000]``.

Makes a database of its own with the demonstration network and an invented caseload (``make_caseload``),
asks for whole pages as the lead of an access point, and prints for each p50 and p95 in milliseconds, by the
clock and in processor time, and how many queries one takes (the median: once in five minutes a request also
notes that the session is in use, with five more). Nothing is asserted: a machine that is busy
with something else would fail a test that is right.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time as clock
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from itertools import cycle
from random import Random
from typing import Any

import django

SIZES = (1_000, 80_000)
ASKS = 40
# Of the issue: 10,000 people and 50,000 enquiries for 80,000 referrals.
PEOPLE, ENQUIRIES = 1 / 8, 5 / 8


@dataclass
class Took:
    """What one kind of page cost."""

    name: str
    walls: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    length: int = 0

    def line(self, size: int) -> str:
        return (
            f"| {size:,} | {self.name} | {statistics.median(self.walls):.0f} | "
            f"{percentile(self.walls):.0f} | {statistics.median(self.busy):.0f} | "
            f"{percentile(self.busy):.0f} | {statistics.median(self.queries):.0f} | {self.length // 1024} |"
        )


def percentile(values: list[float], share: float = 0.95) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(name: str, ask: Callable[[], Any], between: Callable[[], None]) -> Took:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took = Took(name)
    between()
    ask()  # templates and caches
    for _time in range(ASKS):
        between()
        with CaptureQueriesContext(connection) as queries:
            wall, busy = clock.perf_counter(), clock.process_time()
            response = ask()
            took.walls.append((clock.perf_counter() - wall) * 1000)
            took.busy.append((clock.process_time() - busy) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{name} answered {response.status_code}")
        took.queries.append(len(queries))
        took.length = max(took.length, len(response.content))
    return took


def pages(client: Any, hub: Any) -> Iterator[Took]:
    """Each page in turn; what is asked about differs from time to time."""
    from django.core.cache import cache
    from django.db.models import Count

    from dcsn.limits.models import Tally
    from members.models import Person
    from referrals.models import Enquiry

    random = Random(2026)
    known = Person.objects.known().filter(organisation=hub)
    some = list(known.order_by("id")[:2000])
    random.shuffle(some)
    asked_for = cycle(some[:ASKS])
    busiest = cycle(
        known.annotate(sent=Count("referrals"))
        .order_by("-sent", "id")[:ASKS]
        .values_list("id", flat=True)
    )
    open_enquiry = (
        Enquiry.objects.filter(organisation=hub, state=Enquiry.State.OPEN)
        .order_by("-started_at")
        .first()
    )

    def nothing() -> None:
        Tally.objects.all().delete()  # the benchmark looks for more people than anybody's work needs

    def typed() -> None:
        nothing()
        person = next(asked_for)
        words = f"{person.known_as or person.given_name} {person.family_name}"
        if person.date_of_birth and random.random() < 0.5:
            words += f" {person.date_of_birth.year}"
        client.post("/desk/people/", {"q": words})

    def emptied() -> None:
        cache.clear()

    yield measure("follow-up queue", lambda: client.get("/desk/hub/"), nothing)
    for show in shows(client):
        yield measure(
            f"follow-up queue, {show}", partial(client.get, "/desk/hub/", {"show": show}), nothing
        )
    yield measure(
        "timeline of a person",
        lambda: client.get(f"/desk/people/{next(asked_for).id}/timeline/"),
        nothing,
    )
    yield measure(
        "timeline, those with most",
        lambda: client.get(f"/desk/people/{next(busiest)}/timeline/"),
        nothing,
    )
    yield measure("person search", lambda: client.get("/desk/people/"), typed)
    yield measure("enquiries", lambda: client.get("/desk/enquiries/"), nothing)
    if open_enquiry is not None:
        here = f"/desk/enquiries/{open_enquiry.id}/"
        yield measure("enquiry screen", lambda: client.get(here), nothing)
        yield measure(
            "enquiry screen, searching", lambda: client.get(here, {"q": "lunch"}), nothing
        )
    yield measure("numbers of a hub", lambda: client.get("/desk/numbers/"), nothing)
    year = {"period": "year-2025-04"}
    yield measure("numbers of a hub, a year", lambda: client.get("/desk/numbers/", year), nothing)
    yield measure("public figures, worked out", lambda: client.get("/figures/", year), emptied)
    yield measure("public figures, kept", lambda: client.get("/figures/", year), nothing)


def shows(client: Any) -> list[str]:
    """The parts of the follow-up queue, as its own links name them."""
    import re

    text = client.get("/desk/hub/").content.decode()
    return sorted(set(re.findall(r"[?&;]show=([a-z-]+)", text)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of referrals")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    warnings.simplefilter("ignore")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    settings.DATABASES["default"]["TEST"]["NAME"] = "benchmark_casework"
    settings.STATIC_ROOT = None
    settings.DEMONSTRATION = True
    setup_test_environment()
    # The test environment keeps every template's context, which costs more than the page.
    from django.template import Template

    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[method-assign]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("load_demonstration", stdout=StringIO())
        from dcsn.accounts.models import User
        from directory.models import Organisation
        from tests.conftest import sign_in

        hub = Organisation.objects.get(name="Darlington Association on Disability")
        client = sign_in(Client(), User.objects.get(email="lead@dad.example"))
        print(
            "| referrals | page | p50 ms | p95 ms | processor p50 ms | p95 ms | SQL queries | kB |"
        )
        print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        made = 0
        for seed, size in enumerate(sorted(int(text) for text in options.sizes.split(",")), 1):
            more = size - made
            call_command(
                "make_caseload",
                people=max(1, round(more * PEOPLE)),
                enquiries=round(more * ENQUIRIES),
                referrals=more,
                seed=seed,
                stdout=StringIO(),
            )
            made = size
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            for took in pages(client, hub):
                print(took.line(size), flush=True)
        print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    finally:
        connection.creation.destroy_test_db("dcsn", verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
