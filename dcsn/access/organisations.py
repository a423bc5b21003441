"""The names of organisations, which the kernel holds only by their ids.

The directory lies above and registers where names come from, in its ``apps.ready()``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID


class OrganisationSource(Protocol):
    """What the app that has organisations offers."""

    def names(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The names of these; one that is gone is left out. One query."""

    def choices(self) -> list[tuple[UUID, str]]:
        """All of them, by name, for a form."""


_source: OrganisationSource | None = None


def register_organisations(source: OrganisationSource) -> None:
    global _source
    _source = source


def names(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """The names of these organisations; ``None``, which many roles have, is nobody's. One query."""
    wanted = {found for found in ids if found is not None}
    if _source is None or not wanted:
        return {}
    return dict(_source.names(wanted).items())


def choices() -> list[tuple[UUID, str]]:
    return _source.choices() if _source else []
