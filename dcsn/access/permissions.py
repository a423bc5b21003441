"""Everything that somebody may be allowed to do, grouped by noun.

A permission says *what*, a role (``roles.py``) says *who*, and the object's organisation says *where*.
Add one when a page or an action needs it, in the same commit as its first caller.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    # --- Accounts: people who can sign in ---
    ACCOUNT_LIST = "account:list"
    ACCOUNT_INVITE = "account:invite"
    ACCOUNT_CHANGE_ROLES = "account:change_roles"
    ACCOUNT_DEACTIVATE = "account:deactivate"
    ACCOUNT_RESET_SECOND_FACTOR = "account:reset_second_factor"

    # --- Audit: what happened ---
    AUDIT_VIEW = "audit:view"

    # --- Directory: organisations, services, topics ---
    ORGANISATION_ADD = "organisation:add"
    ORGANISATION_CHANGE = "organisation:change"
    SERVICE_ADD = "service:add"
    SERVICE_CHANGE = "service:change"
    SERVICE_CONFIRM = "service:confirm"  # "checked on … by …"
    TAXONOMY_CHANGE = "taxonomy:change"
    REPORT_HANDLE = "report:handle"  # mistakes that readers report

    # --- People known to the network ---
    PERSON_VIEW = "person:view"
    PERSON_ADD = "person:add"
    PERSON_CHANGE = "person:change"
    PERSON_EXPORT = "person:export"
    PERSON_ERASE = "person:erase"
    PERSON_MERGE = "person:merge"
    # A record outside one's own access point, by giving a reason; and the list of those that were opened.
    PERSON_OPEN_ELSEWHERE = "person:open_elsewhere"
    OPENING_LIST = "opening:list"
    CONSENT_RECORD = "consent:record"
    CONSENT_WITHDRAW = "consent:withdraw"
    # How to contact somebody without harm to them or to whoever visits; and besides, that a child or an
    # adult is at risk.
    SAFETY_FLAG_VIEW = "safety_flag:view"
    SAFETY_FLAG_VIEW_ALL = "safety_flag:view_all"
    SAFETY_FLAG_CHANGE = "safety_flag:change"
    COORDINATOR_CHANGE = "coordinator:change"  # who is a person's named contact
    EQUALITY_RECORD = "equality:record"  # hand over or enter; reading back is no permission at all

    # --- Data protection ---
    AGREEMENT_VIEW = "agreement:view"
    AGREEMENT_CHANGE = "agreement:change"
    COPY_REVIEW = "copy:review"
    COMPLAINT_HANDLE = "complaint:handle"
    HOLD_PLACE = "hold:place"
    RETENTION_RUN = "retention:run"

    # --- Paper: "post it to me" ---
    PAPER_REQUEST_FOR_PERSON = "paper:request_for_person"
    PAPER_QUEUE = "paper:queue"

    # --- Messages ---
    MESSAGE_LIST = "message:list"
    MESSAGE_SETTLE = "message:settle"  # say what became of one that failed or is uncertain

    # --- Long work ---
    JOB_LIST = "job:list"
    JOB_CANCEL = "job:cancel"  # stop somebody else's

    # --- Pages that an editor writes: accessibility statement, privacy notice, cookies ---
    PAGE_CHANGE = "page:change"

    # --- The access point: enquiries and referrals ---
    ENQUIRY_TAKE = "enquiry:take"
    REFERRAL_SEND = "referral:send"
    REFERRAL_VIEW = "referral:view"  # the sender's side
    REFERRAL_REPLY_FOR = "referral:reply_for"  # write down what the receiver said by phone or slip
    REFERRAL_RECEIVE = "referral:receive"  # the receiver's side
    RECEIVING_DESK_CHANGE = (
        "receiving_desk:change"  # where organisations are told, and codes are sent
    )
    CAPACITY_CHANGE = "capacity:change"  # whether a service has room
    FOLLOW_UP_ASK = "follow_up:ask"

    # --- First Contact checklist, safeguarding ---
    CHECKLIST_USE = "checklist:use"
    CHECKLIST_CHANGE = "checklist:change"  # the questions, for the whole network
    SAFEGUARDING_RAISE = "safeguarding:raise"
    SAFEGUARDING_HANDLE = "safeguarding:handle"  # see and decide: the named few

    # --- Volunteering ---
    OPPORTUNITY_CHANGE = "opportunity:change"  # roles and their rotas
    VOLUNTEER_VIEW = "volunteer:view"  # their organisation's, and those who agreed to be shared
    VOLUNTEER_MANAGE = "volunteer:manage"  # welcome, place, redirect, move
    VOLUNTEER_CHECK = "volunteer:check"  # checks, and why somebody is not suitable
    HELP_TAKE = "help:take"  # write down what a neighbour asks for
    HELP_COORDINATE = "help:coordinate"  # triage, find a volunteer, follow up
    EMPLOYER_CHANGE = "employer:change"  # accounts of employers and colleges, their groups
    HOURS_CONFIRM = "hours:confirm"  # hours, expenses, thanks, references
    VOLUNTEER_RATES = "volunteer_rates:change"  # for a mile, and what an hour is counted as

    # --- Figures ---
    NUMBERS_HUB = "numbers:hub"  # one access point's, exact
    NUMBERS_NETWORK = "numbers:network"  # totals, without small numbers
    # --- Membership: plans, members, payments, cards ---
    PLAN_CHANGE = "plan:change"
    MEMBERSHIP_VIEW = "membership:view"
    MEMBERSHIP_EXPORT = "membership:export"  # the roll as a file
    MEMBERSHIP_ADD = "membership:add"  # join, renew, share, end
    CARD_CHANGE = "card:change"  # print, hand over, replace, take back
    SAFETY_NET_ASK = "safety_net:ask"  # take it down; grant it after a simple check
    SAFETY_NET_DECIDE = "safety_net:decide"  # hardship, not granting, looking again
    SUMS_VIEW = "sums:view"  # what the membership brings in, and a forecast
    MEMBERSHIP_LETTERS = "membership:letters"  # runs of letters to members
    PAYMENT_TAKE = "payment:take"
    PAYMENT_RECONCILE = "payment:reconcile"
    OFFER_CHANGE = "offer:change"  # shops and what they give

    # --- Pathways: plans, reviews, carers, budgets ---
    PATHWAY_VIEW = "pathway:view"
    PATHWAY_COORDINATE = "pathway:coordinate"  # begin, plan, review, end
    PATHWAY_KIND_CHANGE = "pathway_kind:change"  # kinds, and their rhythm of reviews
    PATHWAY_SHARED = "pathway:shared"  # what people share of their plan with an organisation
    CARER_VIEW = "carer:view"  # never follows from the person who is cared for
    CARER_ASSESS = "carer:assess"  # the first stage, and what follows from it
    CARER_ESTIMATE_ADD = (
        "carer_estimate:add"  # how many carers there may be: a figure with its source
    )
    ALLOCATION_CHANGE = "allocation:change"  # points, figures and the check on both
    BUDGET_FIGURES = "budget:figures"  # totals of all budgets by month: nobody is in them
    BUDGET_EXPORT = "budget:export"  # by month, without names
    EMERGENCY_OPEN = "emergency_plan:open"  # anybody's, in an emergency, with a reason
    PATHWAY_AUTHORISE = "pathway:authorise"  # the third name, under plans and budgets
    PATHWAY_FIGURES = "pathway:figures"  # totals of all pathways: nobody is in them
