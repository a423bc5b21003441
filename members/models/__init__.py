"""The tables of the people whom the network knows.

====================  =============================================================================
Person                somebody known to the network: how to address, write to and inform them
OtherName             what else they are or were called
Household             people who live together
Relationship          who cares for whom, and other ties between two people
EmergencyContact      whom to ring when something happens to them
SafetyFlag            what must be known for safety; seen by few, and never for ever
EqualityAnswers       voluntary, for counting only: never shown beside a person
Consent, …Note        append-only: what they agreed to, for whom, in which words; and withdrawals
PaperRequest, …Item   "Post it to me": sheets to be printed and posted, and what becomes of that
CopyRequest, …Part    who asked for a copy of everything; what was gathered and read through
Complaint             about how personal data are handled; acknowledged and answered in time
SharingAgreement      with which organisations it is signed that people's details are shared
PersonKeys            by what a person is found: derived, one row a person
PossibleDuplicate     two records that look like one person's, or that are known to be two people's
MergedValues          what a merge took over, so that it can be undone
Opening               somebody opened a record outside their access point, and why
Plan, PlanTerms       what one can join; what it costs and how long it lasts from a day on
Membership, Term, …   who is a member, until when, and by what it came; who shares it
JoinCode              a gift, or a share of a membership, that somebody takes up by a code
Saving                what a card saved its holder: their own note
Card, CardSheet       discount cards, and the sheets they are printed on
Token, TokenUse       bought for an hour of a neighbour's help, and what each was spent on
Payment, Refund, …    tries to pay, receipts, banking, money given back
JournalEntry, …Line   double entry, append-only
Shop, Offer, …        who honours the card and what they give; see members/offers
LetterRun, Letter     letters to members, each once: welcome, time to renew, run out
====================  =============================================================================
"""

from members.models.agreement import SharingAgreement
from members.models.card import Card, CardSheet
from members.models.complaint import Complaint
from members.models.concession import Concession, ConcessionRenewal
from members.models.consent import USUALLY_SHARED, Category, Consent, ConsentNote, Purpose
from members.models.copy_request import CopyPart, CopyRequest
from members.models.equality import EqualityAnswers
from members.models.finding import MergedValues, PersonKeys, PossibleDuplicate
from members.models.joining import JoinCode, Saving
from members.models.journal import Account, JournalEntry, JournalLine
from members.models.letter import Letter, LetterKind, LetterRun
from members.models.membership import Membership, MembershipShare, Status, Term
from members.models.opening import Opening
from members.models.paper import PaperItem, PaperRequest
from members.models.payment import Banking, Payment, ReceiptBook, Refund
from members.models.person import AgeBand, Answer, ContactBy, Format, Person
from members.models.plan import Plan, PlanTerms
from members.models.relations import EmergencyContact, Household, OtherName, Relationship
from members.models.safety import SafetyFlag
from members.models.token import Token, TokenUse
from members.offers.models import Offer, OfferVersion, Shop, ShopLink, TillCount

__all__ = [
    "USUALLY_SHARED",
    "Account",
    "AgeBand",
    "Answer",
    "Banking",
    "Card",
    "CardSheet",
    "Category",
    "Complaint",
    "Concession",
    "ConcessionRenewal",
    "Consent",
    "ConsentNote",
    "ContactBy",
    "CopyPart",
    "CopyRequest",
    "EmergencyContact",
    "EqualityAnswers",
    "Format",
    "Household",
    "JoinCode",
    "JournalEntry",
    "JournalLine",
    "Letter",
    "LetterKind",
    "LetterRun",
    "Membership",
    "MembershipShare",
    "MergedValues",
    "Offer",
    "OfferVersion",
    "Opening",
    "OtherName",
    "PaperItem",
    "PaperRequest",
    "Payment",
    "Person",
    "PersonKeys",
    "Plan",
    "PlanTerms",
    "PossibleDuplicate",
    "Purpose",
    "ReceiptBook",
    "Refund",
    "Relationship",
    "SafetyFlag",
    "Saving",
    "SharingAgreement",
    "Shop",
    "ShopLink",
    "Status",
    "Term",
    "TillCount",
    "Token",
    "TokenUse",
]
