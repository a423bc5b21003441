"""What other parts of the portal show on the public page of an organisation.

An app that knows the directory registers a part in its ``ready()``; the directory knows none of them. A
part without lines is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from directory.models import Organisation


@dataclass(frozen=True)
class Line:
    """A link, and a few words beside it."""

    name: str
    address: str
    words: str = ""


@dataclass(frozen=True)
class Part:
    """``lines`` asks as many questions however many lines there are."""

    key: str
    title: str | Promise
    lines: Callable[[Organisation], Sequence[Line]]


@dataclass(frozen=True)
class Shown:
    key: str
    title: str | Promise
    lines: Sequence[Line]


_parts: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Once; registering the same key again is a mistake.

    :raises ValueError: when there is a part of this key.
    """
    if part.key in _parts:
        raise ValueError(f"There is a part {part.key!r} already.")
    _parts[part.key] = part


def parts_of(organisation: Organisation) -> list[Shown]:
    """Those that have something to show."""
    shown = (Shown(part.key, part.title, part.lines(organisation)) for part in _parts.values())
    return [one for one in shown if one.lines]
