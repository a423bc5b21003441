"""References of volunteers and of help requests, for reading out over the telephone."""

from __future__ import annotations

from dcsn.references import new_reference, normal_reference

__all__ = ["help_reference", "normal_reference", "volunteer_reference"]


def help_reference() -> str:
    return new_reference("H")


def volunteer_reference() -> str:
    return new_reference("V")
