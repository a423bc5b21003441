"""The tables of volunteering.

=====================  ============================================================================
Interest               interests and skills, as rows
Opportunity            a role that an organisation offers; OpportunityTime: when it is done
Volunteer              somebody who helps or would like to; VolunteerPlace: whose volunteer they are
Application            a volunteer asks for a role, and what came of it
Availability, Away     when they are free, week by week; days when they are not
Check                  what was checked and decided, never a copy; CheckWarning: each given once
PolicyVersion          what volunteers agree to; Agreement: that they did
Redirection, NextStep  what was suggested instead; what happens next for who waits
ParentConfirmation     for those under 16; NotWith: not to be brought together; EmergencyContact
HelpRequest            a neighbour asks for a hand
Offer, Visit           a volunteer for it; one visit, with its password
Shift, ShiftPlace      rotas, places and the waiting list; ShiftExchange: two shifts for each other;
                       CalendarFeed: a volunteer's secret address
Hours, Expense         time given and money laid out, with its lines and payment; MileageRate,
                       HourValueRate: dated
Thanks, Reference      what volunteers get back
Employer, Cohort       and StaffSlot: people who come through their work or college
VolunteerChange        append-only: each state, who said so, and why; HelpChange: of requests
=====================  ============================================================================
"""

from volunteers.models.availability import Availability, Away
from volunteers.models.calendar_feed import CalendarFeed
from volunteers.models.check import Check, CheckKind, CheckWarning, DbsLevel
from volunteers.models.close_to import EmergencyContact, NotWith, ParentConfirmation
from volunteers.models.employer import Cohort, Employer, StaffSlot
from volunteers.models.exchange import ShiftExchange
from volunteers.models.expense import Expense, ExpenseLine, ExpensePayment
from volunteers.models.help_request import NOT_HELPED, Answer, HelpRequest, Repeats
from volunteers.models.history import HelpChange, VolunteerChange
from volunteers.models.hours import Hours, Side
from volunteers.models.interest import Interest
from volunteers.models.offer import Offer, Visit
from volunteers.models.opportunity import Opportunity, OpportunityTime
from volunteers.models.place import Application, VolunteerPlace
from volunteers.models.policy import Agreement, PolicyVersion
from volunteers.models.rate import HourValueRate, MileageRate, Vehicle
from volunteers.models.redirection import NextStep, Redirection
from volunteers.models.shift import Shift, ShiftPlace
from volunteers.models.thanks import Reference, Thanks
from volunteers.models.volunteer import Barrier, HelpKind, Route, Transport, Volunteer

__all__ = [
    "NOT_HELPED",
    "Agreement",
    "Answer",
    "Application",
    "Availability",
    "Away",
    "Barrier",
    "CalendarFeed",
    "Check",
    "CheckKind",
    "CheckWarning",
    "Cohort",
    "DbsLevel",
    "EmergencyContact",
    "Employer",
    "Expense",
    "ExpenseLine",
    "ExpensePayment",
    "HelpChange",
    "HelpKind",
    "HelpRequest",
    "HourValueRate",
    "Hours",
    "Interest",
    "MileageRate",
    "NextStep",
    "NotWith",
    "Offer",
    "Opportunity",
    "OpportunityTime",
    "ParentConfirmation",
    "PolicyVersion",
    "Redirection",
    "Reference",
    "Repeats",
    "Route",
    "Shift",
    "ShiftExchange",
    "ShiftPlace",
    "Side",
    "StaffSlot",
    "Thanks",
    "Transport",
    "Vehicle",
    "Visit",
    "Volunteer",
    "VolunteerChange",
    "VolunteerPlace",
]
