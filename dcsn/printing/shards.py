"""Laying out the shards of a long document, each kept by its content."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from dcsn.printing import fonts
from dcsn.printing.press import A4_HEIGHT, PDF_VARIANT, PageShape, PressSetup, press

# Raise when the same HTML should come out otherwise for a reason that no input shows.
CACHE_VERSION = 1
KEEP_FOR_SECONDS = 14 * 24 * 3600
KEEP_BYTES = 500_000_000
PIXEL = 0.75  # WeasyPrint measures in CSS pixels, PDF in points
# Where a shard's links to other shards point until they are joined; ".invalid" never resolves.
ELSEWHERE = "http://document.invalid/"


@dataclass(frozen=True)
class Shard:
    """A piece of a document, ready to be laid out."""

    name: str
    header: str
    starts_section: bool  # its first page has the heading, so it gets no running header
    html: str
    shape: PageShape


@dataclass(frozen=True)
class LaidOut:
    """A shard's pages as a file of its own, and where in it things are.

    ``anchors``: name to (page counted from 0, x, y from below); ``bookmarks``: (level, words, page, x, y).
    """

    path: Path
    pages: int
    anchors: dict[str, tuple[int, float, float]]
    bookmarks: list[tuple[int, str, int, float, float]]
    header: str = ""
    starts_section: bool = False
    from_cache: bool = False


class ShardCache:
    """Laid-out shards as files under one folder, named by the hash of all that shaped them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def key(self, shard: Shard, setup: PressSetup) -> str:
        import weasyprint

        digest = hashlib.sha256()
        for part in (
            str(CACHE_VERSION),
            weasyprint.__version__,
            setup.css,
            shard.shape.css(),
            _fonts_digest(),
            shard.html,
        ):
            digest.update(part.encode())
            digest.update(b"\0")
        return digest.hexdigest()

    def paths(self, key: str) -> tuple[Path, Path]:
        return self.folder / f"{key}.pdf", self.folder / f"{key}.json"

    def find(self, key: str) -> LaidOut | None:
        pdf, notes = self.paths(key)
        try:
            kept = json.loads(notes.read_text())
            if pdf.stat().st_size != kept["size"]:
                return None  # cut short, by a full disk say: lay it out again
            now = time.time()
            for path in (pdf, notes):  # used today: pruned last
                os.utime(path, (now, now))
        except (OSError, ValueError, KeyError):
            return None
        return LaidOut(
            path=pdf,
            pages=kept["pages"],
            anchors={name: tuple(place) for name, place in kept["anchors"].items()},
            bookmarks=[tuple(mark) for mark in kept["bookmarks"]],
            from_cache=True,
        )

    def keep(self, key: str, data: bytes, found: LaidOut) -> None:
        """Write the PDF, then its notes: notes mean that the PDF is whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        pdf, notes = self.paths(key)
        kept = {k: v for k, v in asdict(found).items() if k in ("pages", "anchors", "bookmarks")}
        kept["size"] = len(data)
        for path, content in ((pdf, data), (notes, json.dumps(kept).encode())):
            partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
            partial.write_bytes(content)
            partial.replace(path)

    def prune(self, *, keep_bytes: int = KEEP_BYTES, keep_for: float = KEEP_FOR_SECONDS) -> int:
        """Remove what was not used for long, then the oldest above the limit; says how many files."""
        files = []
        for path in self.folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                files.append((stat.st_mtime, stat.st_size, path))
        files.sort(reverse=True)
        total, removed, now = 0, 0, time.time()
        for used, size, path in files:
            total += size
            # A build under way elsewhere may still want what was used in the last hour.
            if now - used > keep_for or (total > keep_bytes and now - used > 3600):
                path.unlink(missing_ok=True)
                removed += 1
        return removed


_digests: dict[int, str] = {}


def _fonts_digest() -> str:
    fonts.require()
    for weight in fonts.WEIGHTS:
        if weight not in _digests:
            _digests[weight] = hashlib.sha256(fonts.font_path(weight).read_bytes()).hexdigest()
    return "".join(_digests[weight] for weight in fonts.WEIGHTS)


def lay_out_shard(shard: Shard, setup: PressSetup, folder: str) -> LaidOut:
    """Lay out one shard, or find it in the cache. Runs in a worker process or in this one."""
    cache = ShardCache(Path(folder))
    key = cache.key(shard, setup)
    found = cache.find(key)
    if found is None:
        with press(setup).lay_out(shard.html, shard.shape) as document:
            anchors: dict[str, tuple[int, float, float]] = {}
            bookmarks = []
            for number, page in enumerate(document.pages):
                for name, place in page.anchors.items():
                    x, y = place[0] * PIXEL, A4_HEIGHT - place[1] * PIXEL
                    anchors.setdefault(name, (number, round(x, 2), round(y, 2)))
                for level, words, (x, y), _state in page.bookmarks:
                    bookmarks.append(
                        (level, words, number, round(x * PIXEL, 2), round(A4_HEIGHT - y * PIXEL, 2))
                    )
            pages = len(document.pages)
            data = document.write_pdf(pdf_variant=PDF_VARIANT)
        found = LaidOut(path=cache.paths(key)[0], pages=pages, anchors=anchors, bookmarks=bookmarks)
        cache.keep(key, data, found)
    return LaidOut(
        path=found.path,
        pages=found.pages,
        anchors=found.anchors,
        bookmarks=found.bookmarks,
        header=shard.header,
        starts_section=shard.starts_section,
        from_cache=found.from_cache,
    )
