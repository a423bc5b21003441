"""Two people changed the same words at the same time: keep what both did.

A three-way merge by lines. Each side's changes are seen against the words that it began from; changes that
do not touch each other are both made. Where they touch, nobody's are thrown away: ``Clash`` holds both, and
the later writer decides with the two in front of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathways.plans.comparing import steps


@dataclass(frozen=True)
class Merged:
    words: str


@dataclass(frozen=True)
class Clash:
    """``theirs`` is stored, ``yours`` came later; ``both`` puts one under the other, to be tidied."""

    theirs: str
    yours: str
    both: str


@dataclass(frozen=True)
class _Change:
    """Lines ``start`` to ``end`` of the words begun from were replaced by ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]


def merge(base: str, theirs: str, yours: str) -> Merged | Clash:
    """``base``: the words that ``yours`` was written over. ``theirs``: what stands there by now."""
    base, theirs, yours = (_lines_ended(words) for words in (base, theirs, yours))
    if theirs in (base, yours):
        return Merged(yours)
    if yours == base:
        return Merged(theirs)
    begun = base.split("\n")
    first = list(_changes(begun, theirs.split("\n")))
    second = list(_changes(begun, yours.split("\n")))
    if any(_touch(one, other) for one in first for other in second if one != other):
        return Clash(theirs, yours, f"{theirs}\n\n{yours}")
    return Merged("\n".join(_made(begun, {*first, *second})))


def _lines_ended(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _changes(begun: Sequence[str], became: Sequence[str]) -> Iterator[_Change]:
    for what, start, end, from_line, to_line in steps(begun, became):
        if what != "equal":
            yield _Change(start, end, tuple(became[from_line:to_line]))


def _touch(one: _Change, other: _Change) -> bool:
    """They change the same lines, or put something in at the same place."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _made(begun: Sequence[str], changes: set[_Change]) -> Iterator[str]:
    at = 0
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        yield from begun[at : change.start]
        yield from change.lines
        at = change.end
    yield from begun[at:]
