"""What the audit trail calls the things that happen to plans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

_PLAN = {"plan": OnErasure.KEEP}
PLAN_ADDED = register(
    EventType("plan:added", sentence=_("%(actor)s added the plan %(plan)s"), details=_PLAN)
)
PLAN_CHANGED = register(
    EventType("plan:changed", sentence=_("%(actor)s changed the plan %(plan)s"), details=_PLAN)
)
PLAN_TERMS_ADDED = register(
    EventType(
        "plan:terms_added",
        sentence=_("%(actor)s set a price of the plan %(plan)s from %(from)s"),
        details={**_PLAN, "from": OnErasure.KEEP},
    )
)
PLAN_TERMS_REMOVED = register(
    EventType(
        "plan:terms_removed",
        sentence=_("%(actor)s took back the price of the plan %(plan)s from %(from)s"),
        details={**_PLAN, "from": OnErasure.KEEP},
    )
)
