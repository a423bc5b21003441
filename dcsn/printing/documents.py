"""Long documents: a title page with contents, sections of entries, an index; built in shards.

One WeasyPrint run over thousands of entries takes time and memory out of proportion, so a document is cut
into shards of a few dozen entries, laid out by worker processes and kept by the hash of their content.
Printing again after one entry changed lays out one shard again, and a build that was killed goes on with
the shards it had. Page numbers are not asked of WeasyPrint: the shards are laid out first, their pages
are counted, then contents and index are printed with the numbers.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dcsn.network import network
from dcsn.printing.errors import EmptyDocumentError, PrintError
from dcsn.printing.layout_processes import Workers
from dcsn.printing.press import PageShape, PressSetup
from dcsn.printing.shards import ELSEWHERE, LaidOut, Shard, ShardCache
from dcsn.printing.sheets import network_frame
from dcsn.printing.sizes import PaperColour, PrintSize
from dcsn.printing.words import alphabetical, drawable, index_letter

ENTRIES_TO_A_SHARD = 40
# A section of fewer entries follows the one before without a new page.
ENTRIES_FOR_A_NEW_PAGE = 8
INDEX_LINES_TO_A_SHARD = 400
# Contents name every entry up to here; above, they name the sections and an index names the entries.
CONTENTS_NAME_ENTRIES_UP_TO = 60
# Fewer shards than this are laid out in this process: two more would take longer to start.
WORKERS_FROM_SHARDS = 4
_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """One thing that a reader looks up: its name becomes the heading and the line in the index.

    ``body`` is safe HTML for below the heading. ``key`` is unique in the document.
    """

    key: str
    name: str
    body: str
    sort_key: str = ""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"Not a key that a PDF can name: {self.key!r}")


@dataclass(frozen=True)
class Section:
    """Entries under one heading; ``intro`` is safe HTML below it."""

    name: str
    entries: tuple[Entry, ...]
    intro: str = ""


@dataclass(frozen=True)
class Document:
    """What is to be printed. ``intro`` holds plain paragraphs for the first page.

    ``private`` keeps its shards out of the shared cache, for content that must not be stored.
    """

    title: str
    sections: tuple[Section, ...]
    size: PrintSize = PrintSize.LARGE
    paper: PaperColour = PaperColour.WHITE
    lang: str = "en-GB"
    intro: tuple[str, ...] = ()
    private: bool = False

    def __post_init__(self) -> None:
        keys = [entry.key for section in self.sections for entry in section.entries]
        if not keys:
            raise EmptyDocumentError("A document needs at least one entry.")
        if len(set(keys)) < len(keys):
            raise ValueError("Two entries of the document have the same key.")

    @property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]

    @property
    def has_index(self) -> bool:
        """Whether entries are found through an index rather than through the contents."""
        return len(self.sections) > 1 and len(self.entries) > CONTENTS_NAME_ENTRIES_UP_TO


@dataclass(frozen=True)
class DocumentReport:
    """What was made, and what of it was already there."""

    path: Path
    pages: int
    entries: int
    shards: int
    from_cache: int
    seconds: float


@dataclass
class _Line:
    """A line of the contents or the index: a name and the page it is on."""

    key: str
    name: str
    page: int = 0
    is_section: bool = False  # stands above the lines of its entries


@dataclass
class _Build:
    """One build under way: what is laid out so far."""

    document: Document
    setup: PressSetup
    shape: PageShape
    workers: Workers
    report: Callable[[int], None]
    bodies: list[LaidOut] = field(default_factory=list)
    pages_of: dict[str, int] = field(default_factory=dict)


def build_document(
    document: Document,
    destination: Path,
    *,
    progress: Progress | None = None,
    processes: int = 2,
    cache_dir: Path | None = None,
) -> DocumentReport:
    """Print ``document`` to ``destination``, which is written whole or not at all.

    ``progress`` is told (steps done, steps in all); what it raises ends the build, which a later call
    takes up where it stopped. Raises ``PrintError`` when the finished file fails its checks.
    """
    started = time.monotonic()
    folder = cache_dir or Path(settings.PRINT_CACHE_DIR)
    private = Path(tempfile.mkdtemp(prefix="print-")) if document.private else None
    cache = ShardCache(private or folder)
    try:
        report = _build(document, destination, progress, processes, cache)
    finally:
        if private is not None:
            shutil.rmtree(private, ignore_errors=True)
    if private is None:
        cache.prune()
    pages, shards, cached = report
    return DocumentReport(
        path=destination,
        pages=pages,
        entries=len(document.entries),
        shards=shards,
        from_cache=cached,
        seconds=time.monotonic() - started,
    )


def document_pdf(document: Document) -> bytes:
    """A document small enough to wait for, as bytes."""
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        path = Path(folder) / "document.pdf"
        build_document(document, path, processes=0)
        return path.read_bytes()


def _build(
    document: Document,
    destination: Path,
    progress: Progress | None,
    processes: int,
    cache: ShardCache,
) -> tuple[int, int, int]:
    from dcsn.printing.checks import check_tags
    from dcsn.printing.merge import merge

    frame = network_frame(
        size=document.size,
        paper=document.paper,
        headers=[
            document.title,
            *(section.name for section in document.sections),
            _("Contents"),
            _("A to Z"),
        ],
        most_pages=_most_pages(len(document.entries)),
    )
    setup = PressSetup.from_settings()
    pieces = list(_body_shards(document))
    index_count = -(-len(document.entries) // INDEX_LINES_TO_A_SHARD) if document.has_index else 0
    # Title page, merging and checking are a step each.
    steps = len(pieces) + index_count + 3
    done = 0

    def report(more: int) -> None:
        nonlocal done
        done = min(steps, done + more)
        if progress is not None:
            progress(done, steps)

    report(0)
    wanted = processes if len(pieces) >= WORKERS_FROM_SHARDS else 0
    with Workers(setup, cache, processes=wanted) as workers:
        build = _Build(document, setup, frame.shape(), workers, report)
        build.bodies = build.workers.lay_out(
            [_shard(build, *piece) for piece in pieces], each=lambda: report(1)
        )
        front = _front_matter(build)
        report(1)
        index = build.workers.lay_out(
            [_shard(build, *piece) for piece in _index_shards(build)], each=lambda: report(1)
        )
    parts = [front, *build.bodies, *index]
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".print-") as folder:
        unchecked = Path(folder) / "document.pdf"
        names = {entry.key: entry.name for entry in document.entries}
        merge(parts, unchecked, frame=frame, title=document.title, lang=document.lang, names=names)
        report(1)
        found = check_tags(unchecked)
        if not found.ok:
            raise PrintError(f"The document failed its checks: {dict(found.faults)}")
        unchecked.replace(destination)
    report(1)
    return found.pages, len(parts), sum(part.from_cache for part in parts)


def _most_pages(entries: int) -> int:
    """The widest page number to leave room for, at about two pages to an entry."""
    return next((most for most in (88, 888) if entries * 2 + 20 <= most), 8888)


def _shard(
    build: _Build,
    name: str,
    header: str,
    starts_section: bool,
    template: str,
    context: dict[str, Any],
) -> Shard:
    html = render_to_string(
        template,
        {
            **context,
            "network": network(),
            "elsewhere": ELSEWHERE,
            "title": build.document.title,
            "lang": build.document.lang,
        },
    )
    return Shard(
        name=name,
        header=drawable(header),
        starts_section=starts_section,
        html=html,
        shape=build.shape,
    )


Piece = tuple[str, str, bool, str, dict[str, Any]]


@dataclass(frozen=True)
class _Block:
    """Entries of one section within a shard; ``heading`` says whether the section begins here."""

    section: Section
    key: str
    entries: tuple[Entry, ...]
    heading: bool


def _body_shards(document: Document) -> Iterator[Piece]:
    for number, blocks in enumerate(_bundles(document)):
        single = len(blocks) == 1
        yield (
            f"entries-{number}",
            blocks[0].section.name if single else document.title,
            blocks[0].heading,
            "print/document_entries.html",
            {"blocks": blocks, "entry_heading": "h2" if len(document.sections) == 1 else "h3"},
        )


def _bundles(document: Document) -> Iterator[list[_Block]]:
    """The entries in shards. A section begins on a new page, unless it and its neighbours are short:
    then they follow each other, because every new page for two entries is paper wasted."""
    several = len(document.sections) > 1
    short: list[_Block] = []
    for number, section in enumerate(document.sections):
        key = f"section-{number}"
        waiting = sum(len(block.entries) for block in short)
        if len(section.entries) < ENTRIES_FOR_A_NEW_PAGE:
            if waiting + len(section.entries) > ENTRIES_TO_A_SHARD:
                yield short
                short = []
            short.append(_Block(section, key, section.entries, several))
            continue
        if short:
            yield short
            short = []
        for first in range(0, len(section.entries), ENTRIES_TO_A_SHARD):
            entries = section.entries[first : first + ENTRIES_TO_A_SHARD]
            yield [_Block(section, key, entries, several and first == 0)]
    if short:
        yield short


def _front_matter(build: _Build) -> LaidOut:
    """The title page and contents. Its own length moves every number in it, so it is laid out until
    the length that was assumed is the length that it has."""
    document = build.document
    pages = 1
    for _attempt in range(4):
        _count_pages(build, first=pages + 1)
        lines = _contents(build)
        shard = _shard(
            build,
            "front",
            _("Contents"),
            True,
            "print/document_front.html",
            {"document": document, "lines": lines},
        )
        front = build.workers.lay_out([shard])[0]
        if front.pages == pages:
            return front
        pages = front.pages
    raise PrintError("The contents do not come to rest at one length.")


def _count_pages(build: _Build, *, first: int) -> None:
    page = first
    for body in build.bodies:
        for anchor, (number, _x, _y) in body.anchors.items():
            build.pages_of[anchor] = page + number
        page += body.pages
    build.pages_of["index"] = page


def _contents(build: _Build) -> list[_Line]:
    document = build.document
    lines = []
    for number, section in enumerate(document.sections):
        key = f"section-{number}"
        if len(document.sections) > 1:
            page = build.pages_of[key]
            lines.append(_Line(key, section.name, page, is_section=not document.has_index))
        if not document.has_index:
            lines += [_Line(e.key, e.name, build.pages_of[e.key]) for e in section.entries]
    if document.has_index:
        lines.append(_Line("index", _("A to Z"), build.pages_of["index"]))
    return lines


def _index_shards(build: _Build) -> Iterator[Piece]:
    if not build.document.has_index:
        return
    entries = sorted(
        build.document.entries, key=lambda e: (alphabetical(e.sort_key or e.name), e.key)
    )
    for first in range(0, len(entries), INDEX_LINES_TO_A_SHARD):
        groups: dict[str, list[_Line]] = {}
        for entry in entries[first : first + INDEX_LINES_TO_A_SHARD]:
            letter = index_letter(entry.sort_key or entry.name)
            groups.setdefault(letter, []).append(
                _Line(entry.key, entry.name, build.pages_of[entry.key])
            )
        yield (
            f"index-{first}",
            _("A to Z"),
            first == 0,
            "print/document_index.html",
            {"groups": list(groups.items()), "with_heading": first == 0},
        )
