"""The doors of the card desk, on the first page of whoever prints cards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission
from dcsn.access.doors import Door, register_door

register_door(
    Door(
        Permission.CARD_CHANGE,
        _("Cards to be printed"),
        _("Discount cards: print ten on a sheet, hand them over, replace lost ones."),
        "members:card_queue",
        order=15,
    )
)
register_door(
    Door(
        Permission.CARD_CHANGE,
        _("A shop rings: check a card"),
        _("Say whether a number that a shop reads out is valid."),
        "members:card_check",
        order=16,
    )
)
