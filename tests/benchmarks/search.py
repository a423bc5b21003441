"""How fast the results page is: ``python -m tests.benchmarks.search [--sizes 300,5000,50000]``.

Makes a database of its own with made-up services, asks for the whole page (search, counts of every
filter, rendering) as a browser does, and prints p50 and p95 in milliseconds over the kinds of search: by the
clock, and in processor time, which other work on the machine disturbs less. Nothing is asserted: a
machine that is busy with something else would fail a test that is right.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import time as clock
import warnings
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import urlencode

import django

SIZES = (300, 5_000, 50_000)
ROUNDS = 6
BATCH = 2_000

ASKS: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    ("everything", {}),
    ("a rare word", {"q": "chiropodist"}),
    ("a common word", {"q": "club"}),
    ("two words", {"q": "lunch club"}),
    ("a name", {"q": "Oakfield gardening group"}),
    ("own words", {"q": "I can't cut my nails"}),
    ("own words, long", {"q": "my mum keeps falling over and needs some company in the day"}),
    ("a topic above", {"q": "health and wellbeing"}),
    ("a mistake", {"q": "choropody"}),
    ("nothing like it", {"q": "zzyzx qwrtp"}),
    ("some of the words", {"q": "gardening with a zebra on sunday"}),
    ("quotation marks", {"q": '"lunch club" -music'}),
    ("near", {"q": "gardening", "near": "AB1 2CD"}),
    ("near, everything", {"near": "AB1 2CD"}),
    ("near, 3 miles", {"q": "exercise", "near": "AB1 2CD", "within": "3"}),
    ("filters", {"q": "lunch", "cost": "free", "access": ["step_free", "toilet"]}),
    ("filters only", {"cost": "free", "how": "at_place", "topic": "topic-3"}),
    ("when", {"q": "exercise", "day": ["1", "3"], "free_from": "10:00", "free_to": "13:00"}),
    ("who", {"q": "help", "who": ["over-60", "carers"]}),
    ("a later page", {"q": "club", "page": "5"}),
)

SUBJECTS = {
    "Nail cutting": (["chiropody", "chiropodist", "toenails"], ["I can't cut my nails"]),
    "Gardening": (["gardener", "grass cutting", "hedge"], ["my garden is too much for me"]),
    "Lunch club": (["luncheon club", "meals"], ["a cup of tea and a chat"]),
    "Exercise": (["keep fit", "tai chi", "balance"], ["my mum keeps falling"]),
    "Befriending": (["visitor", "company"], ["someone to talk to"]),
    "Benefits advice": (["attendance allowance"], ["help to fill in a form"]),
    "Hospital transport": (["patient transport"], ["a lift to hospital"]),
    "Counselling": (["anxiety", "depression"], ["I can't stop worrying"]),
    "Computer class": (["internet", "tablet"], ["I can't use the internet"]),
    "Carers' group": (["respite"], ["I need a break"]),
    "Repairs": (["handyman", "plumber"], ["my tap is dripping"]),
    "Bathing": (["bath", "shower"], ["I can't get in the bath"]),
}
PLACES = [
    "Oakfield",
    "Riverside",
    "Northgate",
    "Southway",
    "Eastbourne",
    "Westbrook",
    "Hilltop",
    "Millbank",
]
KINDS = ["group", "club", "service", "project", "drop-in", "centre", "scheme", "circle"]
SYLLABLES = [
    "ba",
    "co",
    "di",
    "fe",
    "ga",
    "ho",
    "ji",
    "ka",
    "lo",
    "me",
    "ni",
    "po",
    "ra",
    "so",
    "tu",
    "vi",
]


def words(chance: random.Random, number: int) -> str:
    """Words with the frequencies of a language: few common ones, many rare ones."""
    return " ".join(
        VOCABULARY[min(int(chance.paretovariate(0.6)), len(VOCABULARY)) - 1] for _ in range(number)
    )


VOCABULARY = [
    "help",
    "people",
    "week",
    "friendly",
    "local",
    "free",
    "older",
    "welcome",
    "support",
    "garden",
    "lunch",
    "music",
    "home",
    "advice",
    "carers",
    "tea",
    "walk",
    "learn",
]
VOCABULARY += ["".join(parts) for parts in itertools.product(SYLLABLES, repeat=3)]


class Filler:
    """Makes services in bulk, the same ones every time."""

    def __init__(self) -> None:
        from directory.models import EligibilityTerm, PostcodePlace, Taxonomy, TaxonomyTerm

        self.chance = random.Random(2026)
        self.number = 0
        taxonomy = Taxonomy.objects.create(name="Topics")
        above = [
            TaxonomyTerm.objects.create(taxonomy=taxonomy, name=name, slug=f"topic-{place}")
            for place, name in enumerate(["Health and wellbeing", "Company", "Advice", "Home"])
        ]
        self.topics = [
            TaxonomyTerm.objects.create(
                taxonomy=taxonomy,
                name=name,
                slug=f"subject-{place}",
                parent=above[place % len(above)],
                synonyms=synonyms,
                phrases=phrases,
            )
            for place, (name, (synonyms, phrases)) in enumerate(SUBJECTS.items())
        ]
        # The rest of a real vocabulary, which every query is held against.
        for place in range(120):
            self.topics.append(
                TaxonomyTerm.objects.create(
                    taxonomy=taxonomy,
                    name=" ".join(self.chance.sample(VOCABULARY[200:], k=2)).title(),
                    slug=f"more-{place}",
                    parent=above[place % len(above)],
                    # Words of their own, as in a real vocabulary.
                    synonyms=[self.chance.choice(VOCABULARY[200:]) for _ in range(4)],
                    phrases=[f"{words(self.chance, 3)} {self.chance.choice(VOCABULARY[200:])}"],
                )
            )
        self.who = [
            EligibilityTerm.objects.create(group=group, name=slug, slug=slug, minimum_age=low)
            for group, slug, low in (
                ("age", "over-60", 60),
                ("age", "adults", 18),
                ("caring", "carers", None),
                ("health", "dementia", None),
                ("disability", "sight-loss", None),
            )
        ]
        PostcodePlace.objects.create(code="AB1 2CD", level="unit", latitude=54.53, longitude=-1.55)

    def up_to(self, size: int) -> None:
        while self.number < size:
            self._batch(min(BATCH, size - self.number))

    def _batch(self, number: int) -> None:
        from django.utils import timezone

        from directory import models as m

        chance, today = self.chance, timezone.localdate()
        organisations = [
            m.Organisation(name=f"{chance.choice(PLACES)} {words(chance, 1).title()} Trust")
            for _ in range(max(1, number // 3))
        ]
        places = [
            m.Location(
                name=f"{chance.choice(PLACES)} Hall",
                latitude=54.53 + chance.gauss(0, 0.05),
                longitude=-1.55 + chance.gauss(0, 0.08),
            )
            for _ in range(max(1, number // 2))
        ]
        services, topics = [], []
        for _ in range(number):
            subject = chance.randrange(len(SUBJECTS))
            topics.append([self.topics[subject], chance.choice(self.topics)])
            at_place = chance.random() < 0.85
            services.append(
                m.Service(
                    name=f"{chance.choice(PLACES)} {list(SUBJECTS)[subject].lower()} "
                    f"{chance.choice(KINDS)}",
                    organisation=chance.choice(organisations),
                    summary=words(chance, 18).capitalize() + ".",
                    description=words(chance, 130),
                    cost=chance.choice(["free", "paid", "not_known"]),
                    delivery=["at_place"]
                    if at_place
                    else [chance.choice(["phone", "online", "comes_to_you"])],
                    checked_on=today - timedelta(days=chance.randrange(600)),
                )
            )
        for record in (*organisations, *services):
            record.derive()
        m.Organisation.objects.bulk_create(organisations)
        m.Location.objects.bulk_create(places)
        m.Address.objects.bulk_create(
            [
                m.Address(location=p, address_1="1 High Street", city="Town", postal_code="AB1 2CD")
                for p in places
            ]
        )
        m.Service.objects.bulk_create(services)
        m.Phone.objects.bulk_create(
            [m.Phone(service=s, number=f"01632 960 {i % 1000:03}") for i, s in enumerate(services)]
        )
        m.CostOption.objects.bulk_create(
            [
                m.CostOption(service=s, amount=500, amount_description="a visit")
                for s in services
                if s.cost == "paid"
            ]
        )
        m.ServiceAtLocation.objects.bulk_create(
            [
                m.ServiceAtLocation(service=s, location=chance.choice(places))
                for s in services
                if s.delivery == ["at_place"]
            ]
        )
        m.AccessFact.objects.bulk_create(
            [
                m.AccessFact(location=p, kind=kind, value=chance.choice(["yes", "no"]))
                for p in places
                for kind in ("step_free", "toilet", "parking")
            ]
        )
        m.OpeningRule.objects.bulk_create(
            [
                m.OpeningRule(service=s, weekday=day, opens_at=time(10), closes_at=time(12))
                for s in services
                if chance.random() < 0.8
                for day in chance.sample(range(6), k=2)
            ]
        )
        m.Service.terms.through.objects.bulk_create(
            [
                m.Service.terms.through(service=s, taxonomyterm=t)
                for s, terms in zip(services, topics, strict=True)
                for t in {*terms}
            ]
        )
        rules = [
            m.EligibilityRule(
                service=s, group=term.group, openness="these" if chance.random() < 0.5 else "all"
            )
            for s in services
            if chance.random() < 0.7
            for term in [chance.choice(self.who)]
        ]
        m.EligibilityRule.objects.bulk_create(rules)
        terms = {term.group: term for term in self.who}
        m.EligibilityRule.terms.through.objects.bulk_create(
            [
                m.EligibilityRule.terms.through(eligibilityrule=r, eligibilityterm=terms[r.group])
                for r in rules
                if r.openness == "these"
            ]
        )
        self.number += number


@dataclass(frozen=True)
class Measured:
    """One kind of search."""

    name: str
    middle: float  # p50 of the wall clock, ms
    worst: float
    processor: float  # processor time of Python and PostgreSQL together, ms
    queries: int
    length: int


def measure(rounds: int) -> list[Measured]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    rows = []
    for name, ask in ASKS:
        address = f"/services/?{urlencode(ask, doseq=True)}"
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
            asked = len(queries)
        assert page.status_code == 200, (name, page.status_code)
        took = []
        before = processor_seconds()
        for _ in range(rounds):
            start = clock.perf_counter()
            client.get(address)
            took.append((clock.perf_counter() - start) * 1000)
        busy = (processor_seconds() - before) * 1000 / rounds
        rows.append(
            Measured(name, statistics.median(took), max(took), busy, asked, len(page.content))
        )
    return rows


def processor_seconds() -> float:
    """What this process and its database connection have used: what a quiet machine would take.

    Read from Linux's /proc to the hundredth of a second; a database elsewhere counts as nothing.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    used = clock.process_time()
    if backend.exists():
        fields = backend.read_text().rsplit(")", 1)[1].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--each", action="store_true", help="Say each kind of search.")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    warnings.simplefilter("ignore")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    from directory.search import reindex

    settings.DATABASES["default"]["TEST"]["NAME"] = "benchmark_dcsn"
    settings.STATIC_ROOT = None
    setup_test_environment()
    # The test environment keeps every template's context, which costs more than the page.
    from django.template import Template

    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[method-assign]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        filler = Filler()
        print(
            "| services | p50 ms | p95 ms | processor p50 ms | processor p95 ms | SQL queries | "
            "indexing s |"
        )
        print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for size in (int(text) for text in options.sizes.split(",")):
            filler.up_to(size)
            start = clock.perf_counter()
            reindex()
            indexing = clock.perf_counter() - start
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            measure(1)  # templates and caches
            rows = measure(options.rounds)
            walls = [row.middle for row in rows]
            busy = [row.processor for row in rows]
            print(
                f"| {size:,} | {statistics.median(walls):.0f} | {percentile(walls, 0.95):.0f} | "
                f"{statistics.median(busy):.0f} | {percentile(busy, 0.95):.0f} | "
                f"{max(row.queries for row in rows)} | {indexing:.1f} |",
                flush=True,
            )
            if options.each:
                for row in rows:
                    print(
                        f"    {row.name:20} {row.middle:7.1f} (worst {row.worst:7.1f}) ms, "
                        f"processor {row.processor:6.1f} ms, {row.queries} queries, "
                        f"{row.length:,} bytes",
                        flush=True,
                    )
        print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    finally:
        connection.creation.destroy_test_db("dcsn", verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
