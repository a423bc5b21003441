"""Runs of letters: hundreds or thousands, each beginning on a sheet of its own and counting its own pages.

They go the way of long documents (``documents.py``): cut into shards, laid out by worker processes, kept by
their content, joined and checked. What differs: no contents and no index, several sizes of print in one
file, and an empty page behind a letter of an odd number of pages, so that a printer which prints on both
sides never puts the next one's first page on the back of somebody else's last.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from dcsn.network import network
from dcsn.printing.documents import WORKERS_FROM_SHARDS, Progress
from dcsn.printing.errors import EmptyDocumentError, PrintError
from dcsn.printing.layout_processes import Workers
from dcsn.printing.press import PressSetup
from dcsn.printing.shards import LaidOut, Shard, ShardCache
from dcsn.printing.sheets import BEGINS, network_frame
from dcsn.printing.sizes import PaperColour, PrintSize
from dcsn.printing.words import drawable

if TYPE_CHECKING:
    from dcsn.printing.stamp import Frame


@dataclass(frozen=True)
class Batch:
    """Some letters of one size, laid out together.

    ``template`` extends ``print/base.html``; each letter in it is an element whose id begins with
    ``begins-`` and is unique in the whole run (``begins-17``), the first on the batch's first page, the
    others of class ``new-page``. ``header`` runs along the top from a letter's second page on.
    """

    size: PrintSize
    template: str
    context: dict[str, Any]
    header: str = ""


@dataclass(frozen=True)
class RunReport:
    """What was made: sides of paper in all and by size, empty ones among them."""

    path: Path
    pages: int
    letters: int
    shards: int
    from_cache: int
    pages_of_size: dict[int, int] = field(default_factory=dict)


def build_run(
    batches: Iterable[Batch],
    destination: Path,
    *,
    title: str,
    cache_dir: Path,
    headers: Sequence[str] = (),
    lang: str = "en-GB",
    progress: Progress | None = None,
    processes: int = 2,
) -> RunReport:
    """Print the letters to ``destination``, which is written whole or not at all.

    ``headers`` names every header that a batch may have, so that room is left for it. ``cache_dir`` is the
    run's own, because names and addresses lie in it: whoever asked removes it when
    the run is done. A build that was killed and is called again goes on with the shards that are there.

    :raises EmptyDocumentError: without a letter.
    :raises PrintError: when the finished file fails its checks.
    """
    from dcsn.printing.checks import check_tags
    from dcsn.printing.merge import merge

    frames: dict[PrintSize, Frame] = {}
    sizes: list[PrintSize] = []
    shards: list[Shard] = []
    # One after another: what the letters were made from need not be kept while they are laid out.
    for batch in batches:
        if batch.size not in frames:
            frames[batch.size] = network_frame(
                size=batch.size,
                paper=PaperColour.WHITE,
                headers=[drawable(header) for header in headers],
            )
        sizes.append(batch.size)
        shards.append(
            Shard(
                name=f"letters-{len(shards)}",
                header=drawable(batch.header),
                starts_section=False,
                html=render_to_string(
                    batch.template,
                    {
                        **batch.context,
                        "network": network(),
                        "title": title,
                        "lang": lang,
                        "size": batch.size,
                    },
                ),
                shape=frames[batch.size].shape(),
            )
        )
    if not shards:
        raise EmptyDocumentError("A run needs at least one letter.")
    # Joining and checking are a step each.
    report = _Steps(progress, len(shards) + 2)
    wanted = processes if len(shards) >= WORKERS_FROM_SHARDS else 0
    setup = PressSetup.from_settings()
    with Workers(setup, ShardCache(cache_dir), processes=wanted) as workers:
        parts = workers.lay_out(shards, each=report)
    del shards
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".print-") as folder:
        unchecked = Path(folder) / "run.pdf"
        merge(
            parts,
            unchecked,
            frame=frames[sizes[0]],
            frames=[frames[size] for size in sizes],
            whole_sheets=True,
            title=title,
            lang=lang,
            names={},
        )
        report()
        found = check_tags(unchecked)
        if not found.ok:
            raise PrintError(f"The run failed its checks: {dict(found.faults)}")
        unchecked.replace(destination)
    report()
    return RunReport(
        path=destination,
        pages=found.pages,
        letters=sum(len(_lengths(part)) for part in parts),
        shards=len(parts),
        from_cache=sum(part.from_cache for part in parts),
        pages_of_size=_pages_of_size(sizes, parts),
    )


class _Steps:
    """Counts what is done, and says so."""

    def __init__(self, progress: Progress | None, steps: int) -> None:
        self._progress: Callable[[int, int], None] = progress or (lambda done, total: None)
        self._steps, self._done = steps, 0
        self._progress(0, steps)

    def __call__(self) -> None:
        self._done += 1
        self._progress(self._done, self._steps)


def _lengths(part: LaidOut) -> list[int]:
    """How many pages each of its letters has."""
    begins = {place[0] for name, place in part.anchors.items() if name.startswith(BEGINS)}
    return [end - start for start, end in pairwise([*sorted(begins), part.pages])]


def _pages_of_size(sizes: Sequence[PrintSize], parts: Sequence[LaidOut]) -> dict[int, int]:
    pages: dict[int, int] = {}
    for size, part in zip(sizes, parts, strict=True):
        sides = sum(length + length % 2 for length in _lengths(part))
        pages[int(size)] = pages.get(int(size), 0) + sides
    return pages
