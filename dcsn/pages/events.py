"""What the audit trail says about information pages."""

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

PAGE_CHANGED = register(
    EventType(
        "page:changed",
        sentence=_("%(actor)s changed the page %(page)s"),
        details={"page": OnErasure.KEEP},
    )
)
