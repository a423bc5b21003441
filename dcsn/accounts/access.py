"""The doors of the accounts app."""

from django.utils.translation import gettext_lazy as _

from dcsn.access.doors import Door, register_door
from dcsn.access.permissions import Permission

register_door(
    Door(
        Permission.ACCOUNT_LIST,
        _("People who can sign in"),
        _("Invite staff, give and end roles, close accounts"),
        "accounts:people",
        order=80,
    )
)
