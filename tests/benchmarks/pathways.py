"""How fast the caseload is with 5,000 pathways: ``python -m tests.benchmarks.pathways [--sizes 500,5000]``.

Makes a database of its own with the demonstration network and invented pathways (``make_pathways``), asks for
whole pages as a coordinator (forty people), as the lead of an access point (all of its people) and as a
commissioner, and prints for each p50 and p95 in milliseconds, by the clock and in processor time, and how
many queries one takes. Nothing is asserted: a busy machine would fail a test that is right.
"""

from __future__ import annotations

import argparse
import os
import time as clock
import warnings
from collections.abc import Iterator
from functools import partial
from io import StringIO
from typing import Any

import django

from tests.benchmarks.casework import Took, measure

SIZES = (500, 5_000)
# Pages of other parts, where they are installed: who asks, what it is called, the name of its address.
OTHERS = (("commissioner@support.example", "commissioner's report", "pathways:figures"),)
ANEW = "reckoned anew"  # as for the first reader of a day: afterwards it is kept for a while


def pages(sign_in: Any) -> Iterator[Took]:
    from django.core.cache import cache
    from django.urls import NoReverseMatch, reverse

    from dcsn.accounts.models import User
    from pathways.models import Pathway

    def nothing() -> None:
        from dcsn.limits.models import Tally

        Tally.objects.all().delete()

    def forget() -> None:
        nothing()
        cache.clear()

    def of(email: str) -> Any:
        return sign_in(User.objects.get(email=email))

    mine = User.objects.filter(email__startswith="coordinator1-").order_by("id").first()
    assert mine is not None
    coordinator = sign_in(mine)
    lead = of("lead@dad.example")
    board = reverse("pathways:caseload")
    one = Pathway.objects.open().filter(coordinator=mine).order_by("id").first()
    assert one is not None
    yield measure("board, 40 people", partial(coordinator.get, board), nothing)
    yield measure("board, a whole access point", partial(lead.get, board), nothing)
    yield measure("the same, anything late", partial(lead.get, board, {"due": "late"}), nothing)
    yield measure("the same, the 10th page", partial(lead.get, board, {"page": 10}), nothing)
    yield measure("one pathway", partial(coordinator.get, one.get_absolute_url()), nothing)
    for email, name, address in OTHERS:
        try:
            page = reverse(address)
        except NoReverseMatch:
            continue
        ask = partial(of(email).get, page)
        yield measure(name, ask, nothing)
        yield measure(f"the same, {ANEW}", ask, forget)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of pathways")
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

    settings.DATABASES["default"]["TEST"]["NAME"] = "benchmark_pathways"
    settings.STATIC_ROOT = None
    settings.DEMONSTRATION = True
    setup_test_environment()
    # The test environment keeps every template's context, which costs more than the page.
    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[method-assign]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("load_demonstration", stdout=StringIO())
        from tests.conftest import sign_in

        print(
            "| pathways | page | p50 ms | p95 ms | processor p50 ms | p95 ms | SQL queries | kB |"
        )
        print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        made = 0
        for seed, size in enumerate(sorted(int(text) for text in options.sizes.split(",")), 1):
            begun = clock.perf_counter()
            call_command("make_pathways", pathways=size - made, seed=seed, stdout=StringIO())
            making, made = clock.perf_counter() - begun, size
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            for took in pages(lambda user: sign_in(Client(), user)):
                print(took.line(size), flush=True)
            print(f"Making up to {size:,} took {making:.0f} s", flush=True)
        print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    finally:
        connection.creation.destroy_test_db("dcsn", verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
