"""The doors of the audit app."""

from django.utils.translation import gettext_lazy as _

from dcsn.access.doors import Door, register_door
from dcsn.access.permissions import Permission

register_door(
    Door(
        Permission.AUDIT_VIEW,
        _("What was done"),
        _("Who did what, and when; never to whom"),
        "audit:trail",
        order=90,
    )
)
