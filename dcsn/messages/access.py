"""Whose messages are whose is their ``organisation_id``; here is only the door to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission
from dcsn.access.doors import Door, register_door

register_door(
    Door(
        url_name="outbox:messages",
        title=_("Messages that did not arrive"),
        description=_("Letters to print, and e-mails and texts that failed."),
        permission=Permission.MESSAGE_LIST,
        order=60,
    )
)
