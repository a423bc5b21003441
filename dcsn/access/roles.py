"""The roles of the network, each in words that a manager can read.

Roles live in code: a change to who may do what is reviewed like any other change, and has a history
(docs/decisions/0010). Who *has* a role is data: ``RoleAssignment``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dcsn.access.permissions import Permission as P


class Reach(Enum):
    """Whether a role is held at one organisation or for the whole network."""

    NETWORK = "network"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Role:
    """What somebody does in the network, and so what they may do here.

    :param staff: works for the network or for one of its organisations; a second factor is required.
    :param given: False for what nobody is given by an administrator (resident).
    """

    code: str
    name: str | Promise
    description: str | Promise
    permissions: frozenset[P]
    reach: Reach = Reach.NETWORK
    staff: bool = True
    given: bool = True

    @property
    def at_organisation(self) -> bool:
        return self.reach is Reach.ORGANISATION

    def __str__(self) -> str:
        return str(self.name)


RESIDENT = Role(
    code="resident",
    name=_("Resident"),
    description=_(
        "Anybody who is not signed in. Looks for help, prints it, has it posted and reports mistakes. "
        "Needs no account."
    ),
    permissions=frozenset(),
    staff=False,
    given=False,
)
MEMBER = Role(
    code="member",
    name=_("Member"),
    description=_(
        "Somebody who has joined the network. Sees and changes what the network knows about them, "
        "and nothing about anybody else."
    ),
    permissions=frozenset(),
    staff=False,
)
VOLUNTEER = Role(
    code="volunteer",
    name=_("Volunteer"),
    description=_(
        "Helps neighbours. Sees the tasks they have taken on, and of the person only what the task needs."
    ),
    permissions=frozenset(),
    staff=False,
)
PROVIDER_EDITOR = Role(
    code="provider_editor",
    name=_("Provider editor"),
    description=_(
        "Works for one organisation in the directory. Keeps that organisation's own entries right and "
        "says when they were last checked. Sees no other organisation's unpublished entries and no people."
    ),
    permissions=frozenset(
        {
            P.ORGANISATION_CHANGE,
            P.SERVICE_ADD,
            P.SERVICE_CHANGE,
            P.SERVICE_CONFIRM,
        }
    ),
    reach=Reach.ORGANISATION,
)
REFERRAL_RECEIVER = Role(
    code="referral_receiver",
    name=_("Referral receiver"),
    description=_(
        "Answers the referrals that are sent to one organisation. Sees of each person only what the "
        "person agreed to pass on, the parts of a plan that they share with it too, and no other "
        "organisation's referrals."
    ),
    permissions=frozenset(
        {P.REFERRAL_RECEIVE, P.CAPACITY_CHANGE, P.SAFEGUARDING_RAISE, P.PATHWAY_SHARED}
    ),
    reach=Reach.ORGANISATION,
)
ACCESS_POINT_STAFF = Role(
    code="access_point_staff",
    name=_("Access point staff"),
    description=_(
        "Takes enquiries at one access point, at the desk or on the phone. Finds help for people, "
        "prints and posts it, records people with their agreement, sends referrals and follows them "
        "until the person says whether they got help. Looks with carers at what they need, and opens a "
        "carer's emergency plan when the carer suddenly cannot care."
    ),
    permissions=frozenset(
        {
            P.PERSON_VIEW,
            P.PERSON_ADD,
            P.PERSON_CHANGE,
            P.PERSON_OPEN_ELSEWHERE,
            P.SAFETY_FLAG_VIEW,
            P.EQUALITY_RECORD,
            P.CONSENT_RECORD,
            P.CONSENT_WITHDRAW,
            P.PAPER_REQUEST_FOR_PERSON,
            P.PAPER_QUEUE,
            P.ENQUIRY_TAKE,
            P.REFERRAL_SEND,
            P.REFERRAL_VIEW,
            P.REFERRAL_REPLY_FOR,
            P.FOLLOW_UP_ASK,
            P.CHECKLIST_USE,
            P.SAFEGUARDING_RAISE,
            P.CAPACITY_CHANGE,
            P.MEMBERSHIP_VIEW,
            P.MEMBERSHIP_ADD,
            P.CARD_CHANGE,
            P.SAFETY_NET_ASK,
            P.PAYMENT_TAKE,
            P.HELP_TAKE,
            P.CARER_VIEW,
            P.CARER_ASSESS,
            P.EMERGENCY_OPEN,
        }
    ),
    reach=Reach.ORGANISATION,
)
HUB_LEAD = Role(
    code="hub_lead",
    name=_("Hub lead"),
    description=_(
        "Leads one access point. Does what its staff do, puts two records of one person together, sees "
        "which records were opened and why, answers people who ask what is known about them, settles "
        "letters and messages that failed, banks takings with a second name, gives money back, begins "
        "pathways with people and sees those of the access point, and sees the totals."
    ),
    permissions=ACCESS_POINT_STAFF.permissions
    | {
        P.PERSON_EXPORT,
        P.PERSON_MERGE,
        P.OPENING_LIST,
        P.SAFETY_FLAG_VIEW_ALL,
        P.SAFETY_FLAG_CHANGE,
        P.COORDINATOR_CHANGE,
        P.MESSAGE_LIST,
        P.MESSAGE_SETTLE,
        P.AGREEMENT_VIEW,
        P.CHECKLIST_CHANGE,
        P.COMPLAINT_HANDLE,
        P.RECEIVING_DESK_CHANGE,
        P.NUMBERS_HUB,
        P.OFFER_CHANGE,
        P.SAFETY_NET_DECIDE,
        P.PAYMENT_RECONCILE,
        P.PATHWAY_VIEW,
        P.PATHWAY_COORDINATE,
    },
    reach=Reach.ORGANISATION,
)
COORDINATOR = Role(
    code="coordinator",
    name=_("Coordinator"),
    description=_(
        "Stays with a person across organisations. Finds, records and changes people anywhere in the "
        "network, merges records of the same person, follows the referrals of those whose named contact "
        "they are, and carries out a request to be forgotten."
    ),
    permissions=frozenset(
        {
            P.PERSON_VIEW,
            P.PERSON_ADD,
            P.PERSON_CHANGE,
            P.PERSON_EXPORT,
            P.PERSON_ERASE,
            P.PERSON_MERGE,
            P.PERSON_OPEN_ELSEWHERE,
            P.SAFETY_FLAG_VIEW,
            P.SAFETY_FLAG_VIEW_ALL,
            P.SAFETY_FLAG_CHANGE,
            P.COORDINATOR_CHANGE,
            P.EQUALITY_RECORD,
            P.CONSENT_RECORD,
            P.CONSENT_WITHDRAW,
            P.PAPER_REQUEST_FOR_PERSON,
            P.PAPER_QUEUE,
            P.MESSAGE_LIST,
            P.MESSAGE_SETTLE,
            P.PATHWAY_VIEW,
            P.PATHWAY_COORDINATE,
            P.CARER_VIEW,
            P.CARER_ASSESS,
            P.EMERGENCY_OPEN,
            P.REFERRAL_VIEW,
            P.REFERRAL_REPLY_FOR,
            P.FOLLOW_UP_ASK,
            P.SAFEGUARDING_RAISE,
            P.HELP_TAKE,
        }
    ),
)
PATHWAY_AUTHORISER = Role(
    code="pathway_authoriser",
    name=_("Pathway authoriser"),
    description=_(
        "Puts the third name under plans and budgets, after the person's and the planner's, and sees those "
        "that wait for it. Plans nothing alone."
    ),
    permissions=frozenset({P.PATHWAY_AUTHORISE}),
)
SAFEGUARDING_LEAD = Role(
    code="safeguarding_lead",
    name=_("Safeguarding lead"),
    description=_(
        "Deals with safeguarding concerns at one access point, and with those of others that nobody there "
        "has looked at in time. Nobody else sees them; whoever raised one sees its reference."
    ),
    permissions=frozenset({P.SAFEGUARDING_HANDLE}),
    reach=Reach.ORGANISATION,
)
DATA_PROTECTION_LEAD = Role(
    code="data_protection_lead",
    name=_("Data protection lead"),
    description=_(
        "Answers for how people's details are handled in the whole network: agreements with the "
        "organisations that get them, complaints, copies for people who ask, and how long things "
        "are kept."
    ),
    permissions=frozenset(
        {
            P.AGREEMENT_VIEW,
            P.AGREEMENT_CHANGE,
            P.PERSON_VIEW,
            P.PERSON_OPEN_ELSEWHERE,
            P.OPENING_LIST,
            P.PERSON_EXPORT,
            P.COPY_REVIEW,
            P.COMPLAINT_HANDLE,
            P.MESSAGE_LIST,
            P.MESSAGE_SETTLE,
            P.HOLD_PLACE,
            P.RETENTION_RUN,
        }
    ),
)
VOLUNTEER_MANAGER = Role(
    code="volunteer_manager",
    name=_("Volunteer manager"),
    description=_(
        "Looks after the volunteers of one organisation: its roles and rotas, who applies, checks, hours and "
        "thanks. Sees its own volunteers and those who agreed to be shared with it, and nobody else's."
    ),
    permissions=frozenset(
        {
            P.PERSON_ADD,
            P.OPPORTUNITY_CHANGE,
            P.VOLUNTEER_VIEW,
            P.VOLUNTEER_MANAGE,
            P.VOLUNTEER_CHECK,
            P.HELP_COORDINATE,
            P.HOURS_CONFIRM,
        }
    ),
    reach=Reach.ORGANISATION,
)
VOLUNTEER_COORDINATOR = Role(
    code="volunteer_coordinator",
    name=_("Volunteer coordinator"),
    description=_(
        "Works at the volunteer centre, which finds volunteers for all organisations and for neighbours who "
        "ask for a hand. Does what a volunteer manager does, in the whole network."
    ),
    permissions=VOLUNTEER_MANAGER.permissions | {P.HELP_TAKE, P.VOLUNTEER_RATES, P.EMPLOYER_CHANGE},
)
MEMBERSHIP_OFFICER = Role(
    code="membership_officer",
    name=_("Membership officer"),
    description=_(
        "Looks after members, their cards and what they pay. Sees no enquiries or referrals."
    ),
    permissions=frozenset(
        {
            P.PERSON_VIEW,
            P.PERSON_ADD,
            P.PERSON_CHANGE,
            P.PERSON_OPEN_ELSEWHERE,
            P.CONSENT_RECORD,
            P.PLAN_CHANGE,
            P.MEMBERSHIP_VIEW,
            P.MEMBERSHIP_EXPORT,
            P.MEMBERSHIP_ADD,
            P.CARD_CHANGE,
            P.MEMBERSHIP_LETTERS,
            P.SUMS_VIEW,
            P.PAYMENT_TAKE,
            P.PAYMENT_RECONCILE,
            P.OFFER_CHANGE,
            P.SAFETY_NET_ASK,
            P.SAFETY_NET_DECIDE,
        }
    ),
)
DIRECTORY_EDITOR = Role(
    code="directory_editor",
    name=_("Directory editor"),
    description=_(
        "Keeps the whole directory right: organisations, services, topics, reported mistakes, imports, "
        "printed booklets and the portal's own pages. Sees no people."
    ),
    permissions=frozenset(
        {
            P.ORGANISATION_ADD,
            P.ORGANISATION_CHANGE,
            P.SERVICE_ADD,
            P.SERVICE_CHANGE,
            P.SERVICE_CONFIRM,
            P.TAXONOMY_CHANGE,
            P.REPORT_HANDLE,
            P.JOB_LIST,
            P.JOB_CANCEL,
            P.PAGE_CHANGE,
        }
    ),
)
COMMISSIONER = Role(
    code="commissioner",
    name=_("Commissioner"),
    description=_(
        "Pays for services and sees totals only: never a person, never a small number. Says how many "
        "carers there may be, with the source, so that those known can be held against it."
    ),
    permissions=frozenset(
        {P.NUMBERS_NETWORK, P.PATHWAY_FIGURES, P.BUDGET_FIGURES, P.CARER_ESTIMATE_ADD}
    ),
)
FINANCE_LEAD = Role(
    code="finance_lead",
    name=_("Finance lead"),
    description=_(
        "Works in the council's finance. Loads the points and figures of indicative budgets, signs off their "
        "equality check, and takes out budgets by month, without names. Sees no person."
    ),
    permissions=frozenset({P.ALLOCATION_CHANGE, P.BUDGET_EXPORT, P.BUDGET_FIGURES}),
)
ADMINISTRATOR = Role(
    code="administrator",
    name=_("Administrator"),
    description=_(
        "Looks after accounts and settings: invites staff, gives and ends roles, sees what was done. "
        "Has no view of any person's case."
    ),
    permissions=frozenset(
        {
            P.ACCOUNT_LIST,
            P.ACCOUNT_INVITE,
            P.ACCOUNT_CHANGE_ROLES,
            P.ACCOUNT_DEACTIVATE,
            P.ACCOUNT_RESET_SECOND_FACTOR,
            P.AUDIT_VIEW,
            P.MESSAGE_LIST,
            P.JOB_LIST,
            P.JOB_CANCEL,
            P.PAGE_CHANGE,
            P.AGREEMENT_VIEW,
            P.AGREEMENT_CHANGE,
            P.RECEIVING_DESK_CHANGE,
            P.RETENTION_RUN,
            P.VOLUNTEER_RATES,
            P.PATHWAY_KIND_CHANGE,
        }
    ),
)

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        RESIDENT,
        MEMBER,
        VOLUNTEER,
        PROVIDER_EDITOR,
        REFERRAL_RECEIVER,
        ACCESS_POINT_STAFF,
        HUB_LEAD,
        COORDINATOR,
        PATHWAY_AUTHORISER,
        SAFEGUARDING_LEAD,
        DATA_PROTECTION_LEAD,
        VOLUNTEER_MANAGER,
        VOLUNTEER_COORDINATOR,
        MEMBERSHIP_OFFICER,
        DIRECTORY_EDITOR,
        COMMISSIONER,
        FINANCE_LEAD,
        ADMINISTRATOR,
    )
}
GIVEN_ROLES: dict[str, Role] = {code: role for code, role in ROLES.items() if role.given}
ORGANISATION_ROLES: frozenset[str] = frozenset(
    code for code, role in ROLES.items() if role.at_organisation
)
