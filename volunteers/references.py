"""References of volunteers, their claims and of help requests, for reading out over the telephone."""

from __future__ import annotations

from dcsn.references import new_reference, normal_reference, prefix

__all__ = ["claim_reference", "help_reference", "normal_reference", "volunteer_reference"]

_HELP = prefix("H", "help requests")
_VOLUNTEER = prefix("V", "volunteers")
_CLAIM = prefix("X", "expenses of volunteers")


def help_reference() -> str:
    return new_reference(_HELP)


def volunteer_reference() -> str:
    return new_reference(_VOLUNTEER)


def claim_reference() -> str:
    return new_reference(_CLAIM)
