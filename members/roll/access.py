"""The way to the roll of members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission
from dcsn.access.doors import Door, register_door

register_door(
    Door(
        Permission.MEMBERSHIP_VIEW,
        _("Members"),
        _("By name, reference or card; whose membership runs out soon."),
        "members:members",
        order=41,
    )
)
