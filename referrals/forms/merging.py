"""Two people in one enquiry, or one person in two tabs: what is kept, and what somebody must choose.

A page carries a short mark of every field as it was when the page was made (``seen``). With it the three
states of a field can be told apart when the page comes back: what it was, what this writer made of it, and
what it is now. Different fields are put together without asking; the same field, written by both, is shown
with both texts (docs/decisions/0047). A mark says nothing about what the field holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

MARK_BYTES = 6
MINE, THEIRS, BOTH = "mine", "theirs", "both"


def mark_of(value: Any) -> str:
    """The same for the same value; cannot be turned back into it."""
    if isinstance(value, date):
        plain: Any = value.isoformat()
    elif isinstance(value, (set, frozenset, list, tuple)):
        plain = sorted(str(one) for one in value)
    else:
        plain = value or ""
    said = json.dumps(plain, ensure_ascii=False).encode()
    key = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(said, digest_size=MARK_BYTES, key=key).hexdigest()


def write_marks(marks: Mapping[str, str]) -> str:
    return " ".join(f"{name}:{mark}" for name, mark in marks.items())


def read_marks(text: str) -> dict[str, str]:
    """What a page says it had seen; anything odd is as if it had not."""
    pairs = (part.partition(":") for part in text[:4000].split())
    return {name: mark for name, _colon, mark in pairs if name and mark}


@dataclass
class Merge:
    """What becomes of each field of a page that came back."""

    # To be written: what this writer changed, and nobody else did.
    facts: dict[str, Any] = field(default_factory=dict)
    # Written by both: what is in the enquiry now.
    clashes: dict[str, Any] = field(default_factory=dict)
    # Changed by somebody else only: this page takes theirs.
    taken_over: list[str] = field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        return not self.clashes


def merge(
    *,
    mine: Mapping[str, Any],
    current: Mapping[str, Any],
    seen: Mapping[str, str],
    choices: Mapping[str, str],
) -> Merge:
    """``choices``: what the writer chose for a field that had been shown with both texts."""
    result = Merge()
    for name, value in mine.items():
        now = current[name]
        if mark_of(value) == mark_of(now):
            continue
        base = seen.get(name)
        moved_on = base is not None and base != mark_of(now)
        choice = choices.get(name, "")
        if base is not None and base == mark_of(value):
            result.taken_over.append(name)
        elif moved_on:
            result.clashes[name] = now
        elif choice == THEIRS:
            result.taken_over.append(name)
        elif choice == BOTH and isinstance(value, str) and isinstance(now, str):
            result.facts[name] = f"{now}\n\n{value}" if now else value
        else:
            result.facts[name] = value
    return result


def marks_for(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    return {name: mark_of(values[name]) for name in names}
