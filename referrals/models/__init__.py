"""The tables of the access point.

==================  ===============================================================================
Enquiry, Choice     one contact at an access point; the services that were chosen for it
Signpost            information given; no personal data left the desk
Referral            a request, with the person's agreement, that an organisation help them
StateChange         append-only: each state a referral came into, who said so, and why
Reminder            what the clock does while nobody answers: each kind once
FollowUp, Attempt   "did you get the help?", 14 and 90 days after the end, and each try to ask
ReceivingDesk       where an organisation is told, and codes are sent; DeskChange: who changed it, why
Capacity            whether a service has room
Telling             whom the access point must ring or write to itself
ReplyLink           one step by link; OneTimeCode: what opens the person's details there
PersonalLink        with which a person answers, or sees their own referrals, without an account
Checklist…          the First Contact checklist: editions, questions, visits and their answers
Concern…            a safeguarding concern and what was decided, seen by a named few
==================  ===============================================================================
"""

from referrals.models.checklist import (
    Checklist,
    ChecklistAnswer,
    ChecklistQuestion,
    ChecklistVersion,
)
from referrals.models.concern import Concern, ConcernChange
from referrals.models.enquiry import Choice, Enquiry, Signpost
from referrals.models.follow_up import Attempt, FollowUp
from referrals.models.history import StateChange
from referrals.models.personal_link import PersonalLink
from referrals.models.receiving import Capacity, DeskChange, ReceivingDesk, Telling
from referrals.models.referral import Referral
from referrals.models.reminder import Reminder
from referrals.models.reply_link import OneTimeCode, ReplyLink

__all__ = [
    "Attempt",
    "Capacity",
    "Checklist",
    "ChecklistAnswer",
    "ChecklistQuestion",
    "ChecklistVersion",
    "Choice",
    "Concern",
    "ConcernChange",
    "DeskChange",
    "Enquiry",
    "FollowUp",
    "OneTimeCode",
    "PersonalLink",
    "ReceivingDesk",
    "Referral",
    "Reminder",
    "ReplyLink",
    "Signpost",
    "StateChange",
    "Telling",
]
