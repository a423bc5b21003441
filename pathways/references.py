"""References of pathways, for reading out over the telephone."""

from __future__ import annotations

from dcsn.references import new_reference, prefix

_PATHWAY = prefix("W", "pathways")


def pathway_reference() -> str:
    return new_reference(_PATHWAY)
