"""The officer's way to the plans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission
from dcsn.access.doors import Door, register_door

register_door(
    Door(
        Permission.PLAN_CHANGE,
        _("Plans and prices"),
        _("What people can join, what it costs, and from which day a new price holds."),
        "members:plans",
        order=45,
    )
)
