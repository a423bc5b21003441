"""The doors of the directory."""

from django.utils.translation import gettext_lazy as _

from dcsn.access.doors import Door, register_door
from dcsn.access.permissions import Permission

register_door(
    Door(
        Permission.REPORT_HANDLE,
        _("Reported mistakes"),
        _("What readers say is wrong in the directory, and your answers"),
        "directory:corrections",
        order=30,
    )
)
