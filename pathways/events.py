"""What the audit trail calls the things that happen on pathways."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

# Why duty staff opened somebody's emergency plan; the first is chosen already.
WHY_OPENED = {
    "emergency": _("it is an emergency: the carer cannot care now"),
    "asked": _("the carer asked for it"),
    "practice": _("to see whether it can be found and read"),
}

_PATHWAY = {"pathway": OnErasure.DROP}
_PLAN = {"plan": OnErasure.DROP}

PATHWAY_BEGUN = register(
    EventType(
        "pathway:begun",
        sentence=_("%(actor)s began a pathway with them (%(kind)s)"),
        details={**_PATHWAY, "kind": OnErasure.KEEP, "route": OnErasure.KEEP},
    )
)
PATHWAY_MOVED = register(
    EventType(
        "pathway:moved",
        sentence=_("%(actor)s noted a step on their pathway: %(stage)s"),
        details={**_PATHWAY, "stage": OnErasure.KEEP},
    )
)
PATHWAY_HANDED_OVER = register(
    EventType(
        "pathway:handed_over",
        sentence=_("%(actor)s gave their pathway another coordinator"),
        details=_PATHWAY,
    )
)
PATHWAY_ENDED = register(
    EventType(
        "pathway:ended",
        sentence=_("%(actor)s ended their pathway: %(end)s"),
        details={**_PATHWAY, "end": OnErasure.KEEP},
    )
)
PATHWAY_VIEWED = register(
    EventType(
        "pathway:viewed",
        sentence=_("%(actor)s looked at their pathway"),
        details=_PATHWAY,
        reading=True,
    )
)
PLAN_BEGUN = register(
    EventType("plan:begun", sentence=_("%(actor)s began their plan"), details=_PLAN)
)
PLAN_WRITTEN = register(
    EventType(
        "plan:written",
        sentence=_("%(actor)s wrote in their plan (%(part)s)"),
        details={**_PLAN, "part": OnErasure.KEEP, "version": OnErasure.KEEP},
    )
)
PLAN_AGREED = register(
    EventType(
        "plan:agreed",
        sentence=_("%(actor)s noted that the %(role)s agrees to their plan"),
        details={**_PLAN, "role": OnErasure.KEEP, "version": OnErasure.KEEP},
    )
)
PLAN_MOVED = register(
    EventType(
        "plan:moved",
        sentence=_("%(actor)s noted what became of their plan: %(state)s"),
        details={**_PLAN, "state": OnErasure.KEEP},
    )
)
PLAN_VIEWED = register(
    EventType(
        "plan:viewed",
        sentence=_("%(actor)s looked at their plan"),
        details=_PLAN,
        reading=True,
    )
)
PLANS_LISTED = register(
    EventType(
        "plan:listed",
        sentence=_("%(actor)s looked at a list of plans"),
        details={"people": OnErasure.DROP},
        reading=True,
    )
)
PLAN_SHARED = register(
    EventType(
        "plan:shared",
        sentence=_("%(actor)s shared parts of their plan with an organisation"),
        details={**_PLAN, "parts": OnErasure.KEEP},
    )
)
PLAN_SHARE_ENDED = register(
    EventType(
        "plan:share_ended",
        sentence=_("%(actor)s ended the sharing of their plan with an organisation"),
        details=_PLAN,
    )
)
PLAN_PRINTED = register(
    EventType(
        "plan:printed",
        sentence=_("%(actor)s gave a copy of their plan to somebody"),
        details={**_PLAN, "version": OnErasure.KEEP},
    )
)
REVIEW_MOVED = register(
    EventType(
        "review:moved",
        sentence=_("%(actor)s noted a review of their plan: %(state)s"),
        details={"review": OnErasure.DROP, "state": OnErasure.KEEP},
    )
)
CARER_ASSESSED = register(
    EventType(
        "carer:assessed",
        sentence=_("%(actor)s wrote down what caring does to them (%(stage)s stage)"),
        details={"assessment": OnErasure.DROP, "stage": OnErasure.KEEP},
    )
)
CARER_REFERRED = register(
    EventType(
        "carer:referred",
        sentence=_("%(actor)s passed them to the council for a carer's assessment"),
        details={"assessment": OnErasure.DROP},
    )
)
CARER_VIEWED = register(
    EventType(
        "carer:viewed",
        sentence=_("%(actor)s looked at what they said as a carer"),
        reading=True,
    )
)
CARERS_LISTED = register(
    EventType(
        "carer:listed",
        sentence=_("%(actor)s looked at the list of carers"),
        details={"people": OnErasure.DROP},
        reading=True,
    )
)
CARERS_ESTIMATED = register(
    EventType(
        "carer:estimated",
        sentence=_("%(actor)s wrote down how many carers there may be (as of %(as_of)s)"),
        details={"estimate": OnErasure.KEEP, "as_of": OnErasure.KEEP},
    )
)
TELECARE_TOLD = register(
    EventType(
        "carer:telecare_told",
        sentence=_("%(actor)s told them that their telecare ends"),
        details={"assessment": OnErasure.DROP},
    )
)
EMERGENCY_PLAN_WRITTEN = register(
    EventType(
        "emergency_plan:written",
        sentence=_("%(actor)s wrote their emergency plan"),
        details={"emergency_plan": OnErasure.DROP, "version": OnErasure.KEEP},
    )
)
EMERGENCY_PLANS_SEARCHED = register(
    EventType(
        "emergency_plan:searched",
        sentence=_("%(actor)s looked for an emergency plan"),
        details={"people": OnErasure.DROP, "count": OnErasure.KEEP},
        reading=True,
    )
)
EMERGENCY_PLAN_OPENED = register(
    EventType(
        "emergency_plan:opened",
        sentence=_("%(actor)s opened their emergency plan: %(reason)s"),
        details={"emergency_plan": OnErasure.DROP, "reason": OnErasure.KEEP},
        reading=True,
        labels={"reason": {**WHY_OPENED}},
    )
)
NEEDS_ASSESSED = register(
    EventType(
        "needs:assessed",
        sentence=_("%(actor)s went through what they need, with table %(table)s"),
        details={"needs": OnErasure.DROP, "table": OnErasure.KEEP},
    )
)
BUDGET_MOVED = register(
    EventType(
        "budget:moved",
        sentence=_("%(actor)s noted how their budget stands: %(state)s"),
        details={"budget": OnErasure.DROP, "state": OnErasure.KEEP},
    )
)
BUDGET_AGREED = register(
    EventType(
        "budget:agreed",
        sentence=_("%(actor)s noted that the %(role)s agrees to their budget"),
        details={"budget": OnErasure.DROP, "role": OnErasure.KEEP, "version": OnErasure.KEEP},
    )
)
BUDGET_VIEWED = register(
    EventType(
        "budget:viewed",
        sentence=_("%(actor)s looked at their budget"),
        details={"budget": OnErasure.DROP},
        reading=True,
    )
)
BUDGETS_EXPORTED = register(
    EventType(
        "budget:exported",
        sentence=_("%(actor)s took out the budgets for the accounts, by month and without names"),
        details={"count": OnErasure.KEEP, "format": OnErasure.KEEP},
        reading=True,
    )
)
ALLOCATION_LOADED = register(
    EventType(
        "allocation:loaded",
        sentence=_("%(actor)s put table %(number)s of points and figures in force"),
        details={"number": OnErasure.KEEP},
    )
)
LEDGER_POSTED = register(
    EventType(
        "budget:posted",
        sentence=_("%(actor)s wrote down money of their budget (%(what)s)"),
        details={"budget": OnErasure.DROP, "entry": OnErasure.DROP, "what": OnErasure.KEEP},
    )
)
PATHWAY_PAUSED = register(
    EventType("pathway:paused", sentence=_("%(actor)s paused their pathway"), details=_PATHWAY)
)
PATHWAY_RESUMED = register(
    EventType(
        "pathway:resumed", sentence=_("%(actor)s went on with their pathway"), details=_PATHWAY
    )
)
PATHWAY_CHANGED = register(
    EventType(
        "pathway:changed",
        sentence=_("%(actor)s changed whom they ring about their pathway"),
        details=_PATHWAY,
    )
)
CONTACT_NOTED = register(
    EventType(
        "pathway:contact",
        sentence=_("%(actor)s noted a contact with them (%(way)s)"),
        details={**_PATHWAY, "way": OnErasure.KEEP},
    )
)
PATHWAYS_LISTED = register(
    EventType(
        "pathway:listed",
        sentence=_("%(actor)s saw them in a list of pathways"),
        details={"people": OnErasure.DROP, "pathways": OnErasure.DROP},
        reading=True,
    )
)
ACTION_JOINED = register(
    EventType(
        "plan:joined",
        sentence=_(
            "%(actor)s joined an action of their plan with what was asked for it (%(what)s)"
        ),
        details={
            **_PLAN,
            "action": OnErasure.DROP,
            "referral": OnErasure.DROP,
            "help_request": OnErasure.DROP,
            "what": OnErasure.KEEP,
        },
    )
)
CALENDAR_CHANGED = register(
    EventType(
        "caseload:calendar",
        sentence=_("%(actor)s changed the address of their calendar of pathways"),
    )
)
KIND_CHANGED = register(
    EventType(
        "pathway:kind",
        sentence=_("%(actor)s changed the kind of pathway %(kind)s"),
        details={"kind": OnErasure.KEEP},
    )
)
REVIEW_ASKED = register(
    EventType(
        "review:asked",
        sentence=_("%(actor)s asked for a review of their plan"),
        details={"review": OnErasure.DROP},
    )
)
REVIEW_REASON_SEEN = register(
    EventType(
        "review:reason_seen",
        sentence=_("%(actor)s has seen why their hours are to be fewer"),
        details={"review": OnErasure.DROP},
    )
)
REVIEW_MISSED = register(
    EventType(
        "review:missed",
        sentence=_("%(actor)s noted that a review of their plan was missed"),
        details={"review": OnErasure.DROP},
    )
)
REVIEW_VIEWED = register(
    EventType(
        "review:viewed",
        sentence=_("%(actor)s looked at a review of their plan"),
        details={"review": OnErasure.DROP},
        reading=True,
    )
)
REVIEWS_LISTED = register(
    EventType(
        "review:listed",
        sentence=_("%(actor)s looked at the reviews of their plan"),
        details={"reviews": OnErasure.DROP},
        reading=True,
    )
)
REVIEW_PRINTED = register(
    EventType(
        "review:printed",
        sentence=_("%(actor)s printed a paper for a review of their plan (%(what)s)"),
        details={"review": OnErasure.DROP, "what": OnErasure.KEEP},
        reading=True,
    )
)
OUTCOMES_TAKEN = register(
    EventType(
        "outcomes:taken",
        sentence=_("%(actor)s wrote down how they said they were"),
        details={"measuring": OnErasure.DROP},
    )
)
OUTCOMES_VIEWED = register(
    EventType(
        "outcomes:viewed",
        sentence=_("%(actor)s looked at how they said they were"),
        details=_PATHWAY,
        reading=True,
    )
)
PATHWAY_EXPORTED = register(
    EventType(
        "pathway:exported",
        sentence=_("%(actor)s made a file of their plan for other computers (FHIR)"),
        details={"receiver": OnErasure.KEEP, "resources": OnErasure.KEEP},
        reading=True,
    )
)
MONTHS_PUBLISHED = register(
    EventType(
        "budget:months_published",
        sentence=_(
            "%(actor)s published what came in and went out of all budgets in %(months)s months"
        ),
        details={"months": OnErasure.KEEP, "first": OnErasure.KEEP},
    )
)
