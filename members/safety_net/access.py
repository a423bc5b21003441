"""The way to the safety net, and whose a question is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission
from dcsn.access.doors import Door, register_door

register_door(
    Door(
        Permission.SAFETY_NET_ASK,
        _("Safety net"),
        _("People who cannot pay: what waits, what is looked at again, and whom to tell."),
        "members:safety_net",
        order=43,
    )
)
