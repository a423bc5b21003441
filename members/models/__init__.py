"""The tables of the people whom the network knows.

====================  =============================================================================
Person                somebody known to the network: how to address, write to and inform them
Consent               append-only: what they agreed to, for whom, in which words; and withdrawals
PaperRequest, …Item   "Post it to me": sheets to be printed and posted, and what becomes of that
====================  =============================================================================
"""

from members.models.consent import Category, Consent, Purpose
from members.models.paper import PaperItem, PaperRequest
from members.models.person import AgeBand, ContactBy, Format, Person

__all__ = [
    "AgeBand",
    "Category",
    "Consent",
    "ContactBy",
    "Format",
    "PaperItem",
    "PaperRequest",
    "Person",
    "Purpose",
]
