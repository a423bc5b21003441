"""References of what members ask for and pay, for reading out over the telephone."""

from __future__ import annotations

from dcsn.references import new_reference, prefix

COMPLAINT = prefix("C", "complaints")
COPY = prefix("S", "copies of everything (subject access)")
_MEMBERSHIP = prefix("M", "memberships")
_PAYMENT = prefix("P", "payments")
_JOIN_CODE = prefix("G", "gifts and shared memberships")


def membership_reference() -> str:
    return new_reference(_MEMBERSHIP)


def join_code() -> str:
    return new_reference(_JOIN_CODE)


def payment_reference() -> str:
    return new_reference(_PAYMENT)
