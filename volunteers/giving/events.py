"""What the audit trail calls what happens with hours, expenses, thanks and references."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register
from volunteers.models.expense import Expense

_VOLUNTEER = {"volunteer": OnErasure.DROP}

HOURS_LOGGED = register(
    EventType(
        "hours:logged",
        sentence=_("%(actor)s wrote down hours that a volunteer gave"),
        details={**_VOLUNTEER, "hours": OnErasure.DROP, "minutes": OnErasure.KEEP},
    )
)
HOURS_CONFIRMED = register(
    EventType(
        "hours:confirmed",
        sentence=_("%(actor)s confirmed hours that a volunteer gave"),
        details={**_VOLUNTEER, "hours": OnErasure.DROP, "minutes": OnErasure.KEEP},
    )
)
HOURS_DISPUTED = register(
    EventType(
        "hours:disputed",
        sentence=_("%(actor)s said that hours are not right"),
        details={**_VOLUNTEER, "hours": OnErasure.DROP, "minutes": OnErasure.KEEP},
    )
)
HOURS_SETTLED = register(
    EventType(
        "hours:settled",
        sentence=_("%(actor)s settled hours on which two did not agree"),
        details={**_VOLUNTEER, "hours": OnErasure.DROP, "minutes": OnErasure.KEEP},
    )
)
HOURS_LISTED = register(
    EventType(
        "hours:listed",
        sentence=_("%(actor)s looked at a list of hours or expenses of volunteers"),
        details={"people": OnErasure.DROP, "volunteers": OnErasure.DROP},
        reading=True,
    )
)
EXPENSE_CLAIMED = register(
    EventType(
        "expense:claimed",
        sentence=_("%(actor)s wrote down what helping cost a volunteer"),
        details={**_VOLUNTEER, "expense": OnErasure.DROP, "pence": OnErasure.KEEP},
    )
)
EXPENSE_DECIDED = register(
    EventType(
        "expense:decided",
        sentence=_("%(actor)s decided on what helping cost a volunteer: %(to)s"),
        labels={
            "to": {**dict(Expense.State.choices), "taken-back": _("taken back by whoever wrote it")}
        },
        details={
            **_VOLUNTEER,
            "expense": OnErasure.DROP,
            "pence": OnErasure.KEEP,
            "to": OnErasure.KEEP,
        },
    )
)
EXPENSE_PAID = register(
    EventType(
        "expense:paid",
        sentence=_("%(actor)s paid a volunteer what helping cost them"),
        details={**_VOLUNTEER, "expense": OnErasure.DROP, "pence": OnErasure.KEEP},
    )
)
GIVING_PRINTED = register(
    EventType(
        "giving:printed",
        sentence=_("%(actor)s printed a paper of a volunteer: %(what)s"),
        labels={
            "what": {
                "claim": _("a claim for expenses"),
                "certificate": _("a certificate"),
                "reference": _("a reference"),
            }
        },
        details={**_VOLUNTEER, "what": OnErasure.KEEP},
        reading=True,
    )
)
REFERENCE_GIVEN = register(
    EventType(
        "reference:given",
        sentence=_("%(actor)s signed a reference for a volunteer"),
        details={**_VOLUNTEER, "reference": OnErasure.DROP, "number": OnErasure.KEEP},
    )
)
RATE_ADDED = register(
    EventType(
        "volunteer_rate:added",
        sentence=_("%(actor)s added a rate for volunteers, from %(from)s"),
        details={"rate": OnErasure.KEEP, "what": OnErasure.KEEP, "from": OnErasure.KEEP},
    )
)
THANKS_REACHED = register(
    EventType(
        "thanks:reached",
        sentence=_("%(actor)s found that thanks have reached a volunteer"),
        details={**_VOLUNTEER, "thanks": OnErasure.DROP, "way": OnErasure.KEEP},
    )
)
THANKED = register(
    EventType(
        "thanks:given",
        sentence=_("%(actor)s thanked a volunteer"),
        details={**_VOLUNTEER, "thanks": OnErasure.DROP},
    )
)
THANKED_FOR_HELP = register(
    EventType(
        "thanks:given_for_help",
        sentence=_("%(actor)s wrote thanks to a volunteer who had helped"),
        details={
            **_VOLUNTEER,
            "thanks": OnErasure.DROP,
            "help_request": OnErasure.DROP,
        },
    )
)
