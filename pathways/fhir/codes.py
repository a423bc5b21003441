"""Our states as the codes of FHIR R4B.

``fhir.resources`` checks the shape of a resource and leaves its codes to whoever fills it in. So the codes
that the standard lists stand here, and a test holds every state of ours to them.
"""

from __future__ import annotations

from datetime import date

from pathways.models import Action
from referrals.states import State

# http://hl7.org/fhir/R4B/valueset-task-status.html. Ours are named as these are (ready is left out).
TASK_STATUS = frozenset(
    {
        "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress",
        "on-hold", "failed", "completed", "entered-in-error",
    }
)  # fmt: skip
# http://hl7.org/fhir/R4B/valueset-request-status.html
REQUEST_STATUS = frozenset(
    {
        "draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown",
    }
)  # fmt: skip
# http://hl7.org/fhir/R4B/valueset-goal-status.html
GOAL_STATUS = frozenset(
    {
        "proposed", "planned", "accepted", "active", "on-hold", "completed", "cancelled", "entered-in-error",
        "rejected",
    }
)  # fmt: skip
# http://terminology.hl7.org/CodeSystem/goal-achievement
ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"
ACHIEVEMENT_CODES = frozenset(
    {
        "in-progress", "improving", "worsening", "no-change", "achieved", "sustaining", "not-achieved",
        "no-progress", "not-attainable",
    }
)  # fmt: skip
# http://hl7.org/fhir/R4B/valueset-care-plan-activity-status.html
ACTIVITY_STATUS = frozenset(
    {
        "not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled", "stopped", "unknown",
        "entered-in-error",
    }
)  # fmt: skip
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
LOINC = "http://loinc.org"
CONSENT_DOCUMENT = "59284-0"

# A request for a service stands for as long as somebody may still act on it; its Task says who does.
REQUEST_OF: dict[str, str] = {
    State.DRAFT: "draft",
    State.REQUESTED: "active",
    State.RECEIVED: "active",
    State.ACCEPTED: "active",
    State.IN_PROGRESS: "active",
    State.ON_HOLD: "on-hold",
    State.COMPLETED: "completed",
    State.FAILED: "revoked",
    State.REJECTED: "revoked",
    State.CANCELLED: "revoked",
    State.ENTERED_IN_ERROR: "entered-in-error",
}


def activity_status(action: Action, today: date) -> str:
    if action.done_on is not None and action.done_on <= today:
        return "completed"
    if action.stopped_on is not None and action.stopped_on <= today:
        return "stopped"
    return "in-progress"
