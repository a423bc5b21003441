"""The tables of the access point.

==================  ===============================================================================
Enquiry, Choice     one contact at an access point; the services that were chosen for it
Signpost            information given; no personal data left the desk
Referral            a request, with the person's agreement, that an organisation help them
StateChange         append-only: each state a referral came into, who said so, and why
Reminder            what the clock does while nobody answers: each kind once
FollowUp, Attempt   "did you get the help?", 14 and 90 days after the end, and each try to ask
==================  ===============================================================================
"""

from referrals.models.enquiry import Choice, Enquiry, Signpost
from referrals.models.follow_up import Attempt, FollowUp
from referrals.models.history import StateChange
from referrals.models.referral import Referral
from referrals.models.reminder import Reminder

__all__ = [
    "Attempt",
    "Choice",
    "Enquiry",
    "FollowUp",
    "Referral",
    "Reminder",
    "Signpost",
    "StateChange",
]
