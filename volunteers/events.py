"""What the audit trail calls the things that happen to volunteers and to requests for help.

``subject`` is always a person's id: the volunteer's, or that of whoever is helped.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

import volunteers.giving.events
import volunteers.rotas.events  # noqa: F401
from dcsn.audit import EventType, OnErasure, register
from volunteers.models import Answer, Application, Visit
from volunteers.states import CheckState, HelpState, OfferState, OpportunityState, VolunteerState

_VOLUNTEER = {"volunteer": OnErasure.DROP}
_HELP = {"help_request": OnErasure.DROP}
_OFFER = {"offer": OnErasure.DROP, "help_request": OnErasure.DROP, "volunteer": OnErasure.DROP}

VOLUNTEER_CAME = register(
    EventType(
        "volunteer:came",
        sentence=_("%(actor)s recorded somebody who would like to volunteer"),
        details={**_VOLUNTEER, "route": OnErasure.KEEP},
    )
)
VOLUNTEER_MOVED = register(
    EventType(
        "volunteer:moved",
        sentence=_("%(actor)s recorded where a volunteer stands: %(to)s"),
        labels={"to": dict(VolunteerState.choices)},
        # Never the reason: why somebody is not suitable is for a few.
        details={**_VOLUNTEER, "to": OnErasure.KEEP, "party": OnErasure.KEEP},
    )
)
VOLUNTEER_APPLIED = register(
    EventType(
        "volunteer:applied",
        sentence=_("%(actor)s recorded an application for a role"),
        details={**_VOLUNTEER, "opportunity": OnErasure.KEEP, "route": OnErasure.KEEP},
    )
)
VOLUNTEER_PLACED = register(
    EventType(
        "volunteer:placed",
        sentence=_("%(actor)s gave a volunteer a place"),
        details={**_VOLUNTEER, "opportunity": OnErasure.KEEP},
    )
)
APPLICATION_ENDED = register(
    EventType(
        "volunteer:application_ended",
        sentence=_("%(actor)s ended an application for a role, or a place in it: %(to)s"),
        labels={"to": dict(Application.Outcome.choices)},
        details={**_VOLUNTEER, "opportunity": OnErasure.KEEP, "to": OnErasure.KEEP},
    )
)
VOLUNTEER_SHARED = register(
    EventType(
        "volunteer:shared",
        sentence=_("%(actor)s recorded that a volunteer agreed to be shared with an organisation"),
        details={**_VOLUNTEER, "with": OnErasure.KEEP},
    )
)
VOLUNTEER_STANDING_ENDED = register(
    EventType(
        "volunteer:standing_ended",
        sentence=_("%(actor)s ended what a volunteer has to do with an organisation"),
        details={**_VOLUNTEER, "with": OnErasure.KEEP},
    )
)
VOLUNTEER_REDIRECTED = register(
    EventType(
        "volunteer:redirected",
        sentence=_("%(actor)s suggested something that suits a volunteer better"),
        details={**_VOLUNTEER, "suggestions": OnErasure.KEEP},
    )
)
VOLUNTEER_CHANGED = register(
    EventType(
        "volunteer:changed",
        sentence=_("%(actor)s changed what is known of a volunteer"),
        details=_VOLUNTEER,
    )
)
VOLUNTEER_VIEWED = register(
    EventType(
        "volunteer:viewed",
        sentence=_("%(actor)s looked at a volunteer"),
        details=_VOLUNTEER,
        reading=True,
    )
)
VOLUNTEERS_LISTED = register(
    EventType(
        "volunteer:listed",
        sentence=_("%(actor)s looked at a list of volunteers"),
        # Whose records were on it: a look at a list is a look at each of them.
        details={"people": OnErasure.DROP, "volunteers": OnErasure.DROP},
        reading=True,
    )
)
NEXT_STEP_SET = register(
    EventType(
        "next_step:set",
        sentence=_("%(actor)s planned what happens next for a volunteer"),
        details={**_VOLUNTEER, "what": OnErasure.KEEP, "due_on": OnErasure.KEEP},
    )
)
NEXT_STEP_DONE = register(
    EventType(
        "next_step:done",
        sentence=_("%(actor)s did what was planned next for a volunteer"),
        details={**_VOLUNTEER, "what": OnErasure.KEEP},
    )
)
PARENT_ASKED = register(
    EventType(
        "parent:asked",
        sentence=_("%(actor)s asked a parent whether their child may volunteer"),
        details=_VOLUNTEER,
    )
)
PARENT_ANSWERED = register(
    EventType(
        "parent:answered",
        sentence=_("%(actor)s recorded what a parent says about volunteering: %(answer)s"),
        labels={"answer": {"yes": _("yes"), "no": _("no")}},
        details={**_VOLUNTEER, "answer": OnErasure.KEEP},
    )
)
# Neither of the two may learn of it from a copy.
NOT_WITH_RECORDED = register(
    EventType(
        "not_with:recorded",
        sentence=_("%(actor)s recorded that two people are not to be brought together"),
        details=_VOLUNTEER,
        left_out_of_copy=True,
    )
)
NOT_WITH_LIFTED = register(
    EventType(
        "not_with:lifted",
        sentence=_("%(actor)s took two people off the list of those not to be brought together"),
        details=_VOLUNTEER,
        left_out_of_copy=True,
    )
)
POLICY_WRITTEN = register(
    EventType(
        "policy:written",
        sentence=_("%(actor)s wrote a version of what volunteers agree to"),
        details={"policy": OnErasure.KEEP},
    )
)
POLICY_AGREED = register(
    EventType(
        "policy:agreed",
        sentence=_("%(actor)s recorded that a volunteer agreed to a policy"),
        details={**_VOLUNTEER, "policy": OnErasure.KEEP, "how": OnErasure.KEEP},
    )
)
CHECK_RECORDED = register(
    EventType(
        "check:recorded",
        sentence=_("%(actor)s recorded how far a check of a volunteer is: %(to)s"),
        labels={"to": dict(CheckState.choices)},
        details={
            **_VOLUNTEER,
            "check": OnErasure.DROP,
            "kind": OnErasure.KEEP,
            "to": OnErasure.KEEP,
        },
    )
)
CHECK_DECIDED = register(
    EventType(
        "check:decided",
        sentence=_("%(actor)s recorded a decision about a check of a volunteer"),
        # Never what was decided.
        details={**_VOLUNTEER, "check": OnErasure.DROP, "kind": OnErasure.KEEP},
    )
)
CHECKS_VIEWED = register(
    EventType(
        "check:viewed",
        sentence=_("%(actor)s looked at the checks of a volunteer"),
        details=_VOLUNTEER,
        reading=True,
    )
)
CHECK_WARNED = register(
    EventType(
        "check:warned",
        sentence=_("%(actor)s found that a check runs out in %(days)s days"),
        details={**_VOLUNTEER, "check": OnErasure.DROP, "days": OnErasure.KEEP},
    )
)
OPPORTUNITY_CHANGED = register(
    EventType(
        "opportunity:changed",
        sentence=_("%(actor)s changed a volunteering role"),
        details={"opportunity": OnErasure.KEEP},
    )
)
OPPORTUNITY_MOVED = register(
    EventType(
        "opportunity:moved",
        sentence=_("%(actor)s recorded how a volunteering role stands: %(to)s"),
        labels={"to": dict(OpportunityState.choices)},
        details={"opportunity": OnErasure.KEEP, "to": OnErasure.KEEP},
    )
)
HELP_ASKED = register(
    EventType(
        "help:asked",
        sentence=_("%(actor)s recorded that somebody asks for a volunteer's help"),
        details={**_HELP, "channel": OnErasure.KEEP},
    )
)
HELP_CHANGED = register(
    EventType(
        "help:changed",
        sentence=_("%(actor)s changed a request for a volunteer's help"),
        details=_HELP,
    )
)
HELP_MOVED = register(
    EventType(
        "help:moved",
        sentence=_("%(actor)s recorded how a request for a volunteer's help stands: %(to)s"),
        labels={"to": dict(HelpState.choices)},
        details={
            **_HELP,
            "to": OnErasure.KEEP,
            "reason": OnErasure.KEEP,
            "party": OnErasure.KEEP,
            "passed_to": OnErasure.KEEP,
        },
    )
)
HELP_VIEWED = register(
    EventType(
        "help:viewed",
        sentence=_("%(actor)s looked at a request for a volunteer's help"),
        details=_HELP,
        reading=True,
    )
)
HELP_LISTED = register(
    EventType(
        "help:listed",
        sentence=_("%(actor)s looked at a list of requests for a volunteer's help"),
        details={"people": OnErasure.DROP, "help_requests": OnErasure.DROP},
        reading=True,
    )
)
OFFER_MOVED = register(
    EventType(
        "offer:moved",
        sentence=_("%(actor)s recorded what became of asking a volunteer: %(to)s"),
        labels={"to": dict(OfferState.choices)},
        details={
            **_OFFER,
            "to": OnErasure.KEEP,
            "party": OnErasure.KEEP,
            "overridden": OnErasure.KEEP,
        },
    )
)
PERSON_ACCEPTED = register(
    EventType(
        "offer:person_accepted",
        sentence=_("%(actor)s recorded that the person would like this volunteer"),
        details={**_OFFER, "party": OnErasure.KEEP},
    )
)
CONTACT_RELEASED = register(
    EventType(
        "offer:released",
        sentence=_("%(actor)s was the second to accept: each may now have the other's details"),
        details=_OFFER,
    )
)
VISIT_AGREED = register(
    EventType(
        "visit:agreed",
        sentence=_("%(actor)s agreed a visit and how the visitor is recognised"),
        details={**_OFFER, "visit": OnErasure.DROP},
    )
)
VISIT_MOVED = register(
    EventType(
        "visit:moved",
        sentence=_("%(actor)s moved a visit to another time"),
        details={**_OFFER, "visit": OnErasure.DROP, "overridden": OnErasure.KEEP},
    )
)
VISIT_CANCELLED = register(
    EventType(
        "visit:cancelled",
        sentence=_("%(actor)s cancelled a visit"),
        details={**_OFFER, "visit": OnErasure.DROP, "party": OnErasure.KEEP},
    )
)
VISIT_RECORDED = register(
    EventType(
        "visit:recorded",
        sentence=_("%(actor)s recorded what became of a visit: %(outcome)s"),
        labels={"outcome": dict(Visit.Outcome.choices)},
        details={
            **_OFFER,
            "visit": OnErasure.DROP,
            "outcome": OnErasure.KEEP,
            "party": OnErasure.KEEP,
        },
    )
)
HELP_ANSWERED = register(
    EventType(
        "help:answered",
        sentence=_("%(actor)s recorded whether the person got the help: %(answer)s"),
        labels={"answer": dict(Answer.choices)},
        details={**_HELP, "answer": OnErasure.KEEP, "party": OnErasure.KEEP},
    )
)
VISIT_PRINTED = register(
    EventType(
        "visit:printed",
        sentence=_("%(actor)s printed the sheet of a visit"),
        details={**_OFFER, "visit": OnErasure.DROP},
        reading=True,
    )
)


# --- Employers and colleges ---
EMPLOYER_CHANGED = register(
    EventType(
        "employer:changed",
        sentence=_("%(actor)s changed the account of an employer or college"),
        details={"employer": OnErasure.KEEP},
    )
)
COHORT_CHANGED = register(
    EventType(
        "employer:group_changed",
        sentence=_("%(actor)s changed a group of people from an employer or college"),
        details={**_VOLUNTEER, "employer": OnErasure.KEEP, "cohort": OnErasure.KEEP},
    )
)
STAFF_SLOT_CHANGED = register(
    EventType(
        "employer:slot_changed",
        sentence=_("%(actor)s changed the places for an employer's people on a day"),
        details={**_VOLUNTEER, "employer": OnErasure.KEEP, "slot": OnErasure.KEEP},
    )
)
EMPLOYER_FIGURES_SEEN = register(
    EventType(
        "employer:figures_seen",
        sentence=_("%(actor)s looked at the figures of an employer's people"),
        details={"employer": OnErasure.KEEP},
        reading=True,
    )
)
EMPLOYER_PEOPLE_SEEN = register(
    EventType(
        "employer:people_seen",
        sentence=_("%(actor)s looked at who volunteers through an employer"),
        details={
            "employer": OnErasure.KEEP,
            "people": OnErasure.DROP,
            "volunteers": OnErasure.DROP,
        },
        reading=True,
    )
)
STARTER_LOADED = register(
    EventType(
        "volunteering:begun",
        sentence=_("%(actor)s put the first lists of interests and policies into use"),
        details={"interests": OnErasure.KEEP, "policies": OnErasure.KEEP},
    )
)
