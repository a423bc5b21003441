"""What can become of a plan and of a goal: the codes of FHIR R4, in the standard's spelling."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """``CarePlan.status``."""

    DRAFT = "draft", _("being made")
    ACTIVE = "active", _("in place")
    ON_HOLD = "on-hold", _("paused")
    COMPLETED = "completed", _("finished")
    REVOKED = "revoked", _("withdrawn")
    ENTERED_IN_ERROR = "entered-in-error", _("made by mistake")


_P = PlanState
PLAN_WAYS: dict[str, frozenset[str]] = {
    _P.DRAFT: frozenset({_P.ACTIVE, _P.REVOKED, _P.ENTERED_IN_ERROR}),
    _P.ACTIVE: frozenset({_P.ON_HOLD, _P.COMPLETED, _P.REVOKED, _P.ENTERED_IN_ERROR}),
    _P.ON_HOLD: frozenset({_P.ACTIVE, _P.COMPLETED, _P.REVOKED, _P.ENTERED_IN_ERROR}),
    _P.COMPLETED: frozenset({_P.ENTERED_IN_ERROR}),
    _P.REVOKED: frozenset({_P.ENTERED_IN_ERROR}),
    _P.ENTERED_IN_ERROR: frozenset(),
}
PLAN_FINAL = frozenset({_P.COMPLETED, _P.REVOKED, _P.ENTERED_IN_ERROR})


class LifeCycle(models.TextChoices):
    """``Goal.lifecycleStatus``."""

    PROPOSED = "proposed", _("an idea")
    PLANNED = "planned", _("for later")
    ACCEPTED = "accepted", _("agreed")
    ACTIVE = "active", _("being worked on")
    ON_HOLD = "on-hold", _("paused")
    COMPLETED = "completed", _("done with")
    CANCELLED = "cancelled", _("given up")
    REJECTED = "rejected", _("not wanted")


_L = LifeCycle
GOAL_WAYS: dict[str, frozenset[str]] = {
    _L.PROPOSED: frozenset({_L.PLANNED, _L.ACCEPTED, _L.ACTIVE, _L.REJECTED}),
    _L.PLANNED: frozenset({_L.ACCEPTED, _L.ACTIVE, _L.ON_HOLD, _L.CANCELLED}),
    _L.ACCEPTED: frozenset({_L.PLANNED, _L.ACTIVE, _L.ON_HOLD, _L.CANCELLED}),
    _L.ACTIVE: frozenset({_L.ON_HOLD, _L.COMPLETED, _L.CANCELLED}),
    _L.ON_HOLD: frozenset({_L.ACTIVE, _L.COMPLETED, _L.CANCELLED}),
    # People change their minds: what was given up or done with may be taken up again.
    _L.COMPLETED: frozenset({_L.ACTIVE}),
    _L.CANCELLED: frozenset({_L.ACTIVE}),
    _L.REJECTED: frozenset({_L.PROPOSED}),
}


class Achievement(models.TextChoices):
    """``Goal.achievementStatus``, by the person's own word."""

    IN_PROGRESS = "in-progress", _("on the way")
    IMPROVING = "improving", _("getting better")
    WORSENING = "worsening", _("getting worse")
    NO_CHANGE = "no-change", _("as before")
    ACHIEVED = "achieved", _("reached")
    SUSTAINING = "sustaining", _("reached, and holding")
    NOT_ACHIEVED = "not-achieved", _("not reached")
    NO_PROGRESS = "no-progress", _("not begun to move")
    NOT_ATTAINABLE = "not-attainable", _("cannot be reached")
