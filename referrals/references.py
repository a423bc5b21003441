"""References of enquiries, referrals, concerns and checklists, for reading out by telephone."""

from __future__ import annotations

from dcsn.references import new_reference, prefix

_ENQUIRY = prefix("E", "enquiries")
_REFERRAL = prefix("R", "referrals")
# A letter that gives nothing away: it may stand on paper that lies about at home.
_CONCERN = prefix("N", "safeguarding concerns")
_CHECKLIST = prefix("F", "First Contact checklists")


def enquiry_reference() -> str:
    return new_reference(_ENQUIRY)


def referral_reference() -> str:
    return new_reference(_REFERRAL)


def concern_reference() -> str:
    return new_reference(_CONCERN)


def checklist_reference() -> str:
    return new_reference(_CHECKLIST)
