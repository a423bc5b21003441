"""A person's way through support.

=======================  ==========================================================================
PathwayKind, Stage       kinds of pathway with their stages and their rhythm of reviews: data
Pathway, StageChange     one way of one person: by which door, with whom, how far
Contact                  that somebody spoke with them: so that nobody is forgotten
CaseloadCalendar         the secret address of a coordinator's calendar
Plan, Words, …Version    the plan that the person owns, its parts in words, what it held when
PlanAgreement, …Copy,    three names under it; who was given a copy; which organisation sees what
…Share
Goal, Action             what the person wants; who does what for it, by whose strength
CircleMember             who is near to them
Risk, RiskDecision       what could go wrong, the person's own view, what was decided
Review                   due, booked, held, recorded; fewer hours never without a reason seen
Measuring, …Answer,      whether life got better: ONS4, goals, the score of an outside tool
OutsideScore
CarerAssessment,         carers in two stages, the emergency plan, how many there may be
EmergencyPlan, …Estimate
AllocationVersion,       points and their value; somebody's answers
NeedsAssessment
Budget, …Agreement,      what support may cost, who pays which part, and every penny of it
LedgerEntry, LedgerLine
PublishedMonth           what was shown of all budgets in a month, as it was shown
=======================  ==========================================================================
"""

from pathways.models.allocation import AllocationVersion, NeedsAssessment
from pathways.models.budget import (
    Account,
    Budget,
    BudgetAgreement,
    BudgetState,
    LedgerEntry,
    LedgerLine,
    SpentOn,
    WhyReversed,
)
from pathways.models.carer import CarerAssessment, CarerEstimate, EmergencyPlan
from pathways.models.contact import CaseloadCalendar, Contact
from pathways.models.goal import Action, CircleMember, Goal, Risk, RiskDecision, Source
from pathways.models.kind import PathwayKind, Stage
from pathways.models.outcome import GoalAnswer, Measuring, OutsideScore, WellbeingAnswer
from pathways.models.pathway import Eligibility, Pathway, Route, StageChange
from pathways.models.plan import (
    Part,
    Plan,
    PlanAgreement,
    PlanCopy,
    PlanShare,
    PlanVersion,
    Shared,
    Words,
)
from pathways.models.published import PublishedMonth
from pathways.models.review import Review, ReviewState

__all__ = [
    "Account",
    "Action",
    "AllocationVersion",
    "Budget",
    "BudgetAgreement",
    "BudgetState",
    "CarerAssessment",
    "CarerEstimate",
    "CaseloadCalendar",
    "CircleMember",
    "Contact",
    "Eligibility",
    "EmergencyPlan",
    "Goal",
    "GoalAnswer",
    "LedgerEntry",
    "LedgerLine",
    "Measuring",
    "NeedsAssessment",
    "OutsideScore",
    "Part",
    "Pathway",
    "PathwayKind",
    "Plan",
    "PlanAgreement",
    "PlanCopy",
    "PlanShare",
    "PlanVersion",
    "PublishedMonth",
    "Review",
    "ReviewState",
    "Risk",
    "RiskDecision",
    "Route",
    "Shared",
    "Source",
    "SpentOn",
    "Stage",
    "StageChange",
    "WellbeingAnswer",
    "WhyReversed",
    "Words",
]
