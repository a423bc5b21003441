"""References of enquiries, referrals, concerns and checklists, for reading out by telephone."""

from __future__ import annotations

from dcsn.references import new_reference


def enquiry_reference() -> str:
    return new_reference("E")


def referral_reference() -> str:
    return new_reference("R")


def concern_reference() -> str:
    return new_reference("S")


def checklist_reference() -> str:
    return new_reference("C")
