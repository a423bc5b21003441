"""How long printing takes: ``python -m tests.benchmarks.printing [--entries 200,1000,4000]``.

Sheets and short lists are timed over and over, as a web process makes them; long documents once with an
empty cache, once with a full one and once with one entry changed. Sheets and lists are in processor time,
which other work on the machine does not change; documents in both. Prints tables in Markdown for
docs/performance.md. Needs no database, and asserts nothing: a busy machine would fail a test that is right.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import django

SIZES = (14, 18, 24)
ROUNDS = 20
LISTS = (10, 25, 50)
ENTRIES = (200, 1_000, 4_000)
ENTRIES_TO_A_TOPIC = 40

PLACES = [
    "Ashgrove",
    "Beechwood",
    "Cranmer",
    "Denholme",
    "Eastgate",
    "Fairfield",
    "Greenhill",
    "Ivybridge",
    "Larkfield",
]
KINDS = ["Lunch Club", "Day Centre", "Walking Group", "Advice Service", "Helpline", "Choir"]
SENTENCES = [
    "We welcome anyone who would like company, and new people are met at the door.",
    "You do not need to book, but please ring first if you need help with the steps.",
    "A hot meal is served at half past twelve, with tea, coffee and a chance to talk afterwards.",
    "Our advisers can help you fill in forms for Attendance Allowance and Pension Credit.",
    "We can arrange a lift in our minibus, which has a tail lift and a driver who helps you in.",
]


def made_up_entry(number: int, chance: random.Random):  # type: ignore[no-untyped-def]
    """An entry of the length that the demonstration network's have."""
    from django.template.loader import render_to_string
    from django.utils.safestring import SafeString

    from dcsn.printing import Entry
    from directory.service_page import Fact
    from directory.sheets import Sheet

    name = f"{chance.choice(PLACES)} {chance.choice(KINDS)} {number}"
    sheet = Sheet(
        name=name,
        organisation=f"{chance.choice(PLACES)} Community Trust",
        phones=(f"Phone 01632 960 {number % 1000:03}",),
        email="",
        notices=(),
        summary=" ".join(chance.sample(SENTENCES, 2)),
        facts=(
            Fact("start", "How to start", ("Ring, or ask anybody to ring for you.",)),
            Fact("when", "When", ("Tuesday and Thursday, 10am to noon. Ring first.",)),
            Fact("cost", "Cost", ("£6.50 a session",)),
            Fact("who", "Who it is for", ("Aged 50 and over",)),
            Fact("where", "Where", ("St Mary’s Hall, Mill Lane, Exampleton, AB1 2CD",)),
            Fact("access", "Getting in", ("No steps, accessible toilet, hearing loop.",)),
        ),
        text=SafeString("".join(f"<p>{words}</p>" for words in SENTENCES)),
        checked="Checked on 3 November 2026.",
    )
    short = replace(sheet, text=SafeString(""))
    body = render_to_string("print/service_body.html", {"sheet": short})
    return sheet, Entry(key=f"e{number}", name=name, body=body)


def milliseconds(times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{statistics.median(times) * 1000:.0f} | {p95 * 1000:.0f}"


def processor_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def sheets() -> None:
    from dcsn.printing import PrintSize, render_pdf

    sheet, _entry = made_up_entry(1, random.Random(1))
    print("\n| one service's sheet | p50 ms | p95 ms | kB |\n| --- | ---: | ---: | ---: |")
    for size in SIZES:
        times, data = [], b""
        for _round in range(ROUNDS + 1):
            began = time.process_time()
            data = render_pdf(
                "print/service.html", {"sheet": sheet}, size=PrintSize(size), title=sheet.name
            )
            times.append(time.process_time() - began)
        # The first loads WeasyPrint and the fonts, once for a process.
        print(f"| {size} point | {milliseconds(times[1:])} | {len(data) // 1000} |")


def lists(folder: Path) -> None:
    from dcsn.printing import Document, PrintSize, Section, build_document

    chance = random.Random(2)
    print("\n| a list, made in the request | p50 ms | p95 ms | again, p50 ms | p95 ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for count in LISTS:
        fresh, again = [], []
        for number in range(max(3, ROUNDS // 4)):
            entries = tuple(made_up_entry(number * 1000 + each, chance)[1] for each in range(count))
            document = Document("A list", (Section("A list", entries),), size=PrintSize.LARGE)
            for times in (fresh, again):
                began = time.process_time()
                build_document(document, folder / "list.pdf", processes=0, cache_dir=folder / "l")
                times.append(time.process_time() - began)
        print(f"| {count} services, 18 point | {milliseconds(fresh)} | {milliseconds(again)} |")


def documents(folder: Path, sizes: list[int]) -> None:
    from dcsn.printing import Document, PrintSize, Section, build_document

    print(
        "\n| a long document, 18 point | s | processor s | pages | shards made | MB |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |"
    )
    for count in sizes:
        chance = random.Random(3)
        entries = [made_up_entry(number, chance)[1] for number in range(count)]
        sections = tuple(
            Section(f"Topic {first // ENTRIES_TO_A_TOPIC}", tuple(entries[first : first + 40]))
            for first in range(0, count, ENTRIES_TO_A_TOPIC)
        )
        document = Document("Everything", sections, size=PrintSize.LARGE)
        changed_entry = replace(entries[5], body=entries[5].body.replace("We ", "Today we "))
        changed_section = replace(
            sections[0], entries=(*entries[:5], changed_entry, *sections[0].entries[6:])
        )
        changed = replace(document, sections=(changed_section, *sections[1:]))
        for what, wanted in (("", document), (", again", document), (", one changed", changed)):
            began, before = time.perf_counter(), processor_seconds()
            path = folder / "long.pdf"
            report = build_document(wanted, path, cache_dir=folder / f"d{count}")
            print(
                f"| {count:,} services{what} | {time.perf_counter() - began:.1f} "
                f"| {processor_seconds() - before:.1f} | {report.pages:,} "
                f"| {report.shards - report.from_cache} of {report.shards} "
                f"| {path.stat().st_size / 1e6:.1f} |",
                flush=True,
            )
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nMost memory: {own} MB in the process that joins, {children} MB in one that lays out.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--entries", default=",".join(map(str, ENTRIES)))
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    os.environ.setdefault("DCSN_DEVELOPMENT", "true")
    os.environ.setdefault("DATABASE_URL", "postgres:///not-used")
    django.setup()
    with tempfile.TemporaryDirectory() as name:
        sheets()
        lists(Path(name))
        documents(Path(name), [int(part) for part in options.entries.split(",") if part])


if __name__ == "__main__":
    main()
