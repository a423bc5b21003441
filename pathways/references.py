"""References of pathways, for reading out over the telephone."""

from __future__ import annotations

from dcsn.references import new_reference, prefix

_PATHWAY = prefix("W", "pathways")
# Printed on the card that a carer has with them, and read out to duty staff in an emergency.
_EMERGENCY = prefix("K", "carers' emergency plans")


def pathway_reference() -> str:
    return new_reference(_PATHWAY)


def emergency_reference() -> str:
    return new_reference(_EMERGENCY)
