"""The doors of data protection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission
from dcsn.access.doors import Door, register_door

register_door(
    Door(
        Permission.RETENTION_RUN,
        _("How long things are kept"),
        _("What is forgotten tonight and what was, in numbers."),
        "privacy:retention",
        order=84,
    )
)
