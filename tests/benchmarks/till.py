"""Whether a till's answer can be told by its time: ``python -m tests.benchmarks.till [--rounds 400]``.

Makes a database of its own with 20,000 cards and asks about a paid, a free, an expired, a revoked and an
invented one, in turn and in another order each round, so that whatever else the machine does falls on all
alike. Prints for each the median and the 95th percentile in milliseconds by the clock, the median of this
process's own time, how far the medians lie from the paid card's, and the length of the page. Nothing is
asserted: a busy machine would fail code that is right.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time as clock
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from random import Random
from typing import Any

import django

CARDS = 20_000
ASKED_FOR = 200
KINDS = ("paid", "free", "expired", "revoked", "invented")


@dataclass
class Took:
    walls: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    lengths: set[int] = field(default_factory=set)


def fill() -> dict[str, list[str]]:
    """20,000 members with a card each; returns the numbers of some of each kind."""
    from django.utils import timezone

    from members.cards.number import new_number
    from members.models import Card, Membership, Person, Term
    from tests.factories.membership import PlanFactory
    from tests.factories.person import access_point

    hub, plan = access_point(), PlanFactory()
    terms, today, now = plan.terms.get(), timezone.localdate(), timezone.now()
    numbers: set[str] = set()
    while len(numbers) < CARDS + ASKED_FOR:
        numbers.add(new_number())
    drawn = iter(sorted(numbers, key=lambda number: number[::-1]))
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    people, memberships, given, cards = [], [], [], []
    for n in range(CARDS):
        kind = KINDS[n % 4]
        person = Person(organisation=hub, given_name="Somebody", family_name=f"Example{n}")
        membership = Membership(
            person=person, organisation=hub, plan=plan, plan_terms=terms, stored="", joined_on=today
        )
        ends_on = today - timedelta(days=200) if kind == "expired" else today + timedelta(days=300)
        given.append(
            Term(
                membership=membership,
                plan_terms=terms,
                starts_on=ends_on - timedelta(days=364),
                ends_on=ends_on,
                source="concession" if kind == "free" else "payment",
                source_id=uuid.uuid4(),
            )
        )
        card = Card(
            number=next(drawn),
            membership=membership,
            person=person,
            organisation=hub,
            state="revoked" if kind == "revoked" else "issued",
            printed_at=now,
            issued_at=now,
            ended_at=now if kind == "revoked" else None,
            key_version=1,
            printed_until=ends_on,
        )
        people.append(person)
        memberships.append(membership)
        cards.append(card)
        if len(found[kind]) < ASKED_FOR:
            found[kind].append(card.number)
    for model, rows in ((Person, people), (Membership, memberships), (Term, given), (Card, cards)):
        model.objects.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]
    found["invented"] = [next(drawn) for _n in range(ASKED_FOR)]
    return found


def measure(
    numbers: dict[str, list[str]], ask: Callable[[str], Any], rounds: int
) -> dict[str, Took]:
    random, took = Random(2027), {kind: Took() for kind in KINDS}
    turns = {kind: cycle(numbers[kind]) for kind in KINDS}
    for _round in range(-5, rounds):
        for kind in random.sample(KINDS, len(KINDS)):
            number = next(turns[kind])
            wall, busy = clock.perf_counter(), clock.process_time()
            response = ask(number)
            wall, busy = clock.perf_counter() - wall, clock.process_time() - busy
            if response.status_code != 200:
                raise RuntimeError(f"{kind} answered {response.status_code}")
            if _round >= 0:  # templates and plans first
                took[kind].walls.append(wall * 1000)
                took[kind].busy.append(busy * 1000)
                took[kind].lengths.add(len(response.content))
    return took


def print_rows(how: str, took: dict[str, Took]) -> None:
    paid = statistics.median(took["paid"].walls)
    for kind, one in took.items():
        middle = statistics.median(one.walls)
        late = sorted(one.walls)[int(len(one.walls) * 0.95)]
        print(
            f"| {how} | {kind} | {middle:.2f} | {late:.2f} | {statistics.median(one.busy):.2f} | "
            f"{(middle / paid - 1) * 100:+.1f} % | {', '.join(map(str, sorted(one.lengths)))} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    warnings.simplefilter("ignore")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    settings.DATABASES["default"]["TEST"]["NAME"] = "benchmark_till"
    settings.STATIC_ROOT = None
    setup_test_environment()
    # The test environment keeps every template's context, which costs more than the page.
    from django.template import Template

    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[method-assign]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        from dcsn.limits.rates import Rate
        from members.cards import limits
        from members.cards.tags import tag_of
        from tests.factories.shop import ShopFactory, offer

        # More than any shop asks: the counts go on, the refusals do not.
        limits.WRONG = limits.WRONG_IN_A_DAY = limits.ASKED = Rate(10**9, timedelta(days=1))
        numbers = fill()
        shop = ShopFactory()
        offer(shop=shop, wording="everything in the shop")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        print("| how | card | p50 ms | p95 ms | own p50 ms | against paid | bytes |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        ways: dict[str, Callable[[str], Any]] = {
            "typed": lambda number: client.post("/till/", {"number": number}),
            "typed, a shop's till": lambda number: client.post(
                f"/till/{shop.till_code}/", {"number": number}
            ),
            "scanned": lambda number: client.get(f"/c/{number}.{tag_of(number)}"),
        }
        for how, ask in ways.items():
            print_rows(how, measure(numbers, ask, options.rounds))
    finally:
        connection.creation.destroy_test_db("benchmark_till", verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
