"""Who may see a job is asked of the job itself; here is the door to the list of all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission
from dcsn.access.doors import Door, register_door

register_door(
    Door(
        Permission.JOB_LIST,
        _("Long work"),
        _("What the portal is busy with, and what failed lately."),
        "jobs:jobs",
        order=90,
    )
)
