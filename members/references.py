"""References of memberships, payments and cards' letters, for reading out over the telephone."""

from __future__ import annotations

from dcsn.references import new_reference


def membership_reference() -> str:
    return new_reference("M")


def payment_reference() -> str:
    return new_reference("P")
