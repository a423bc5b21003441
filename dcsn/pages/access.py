"""The doors of the information pages."""

from django.utils.translation import gettext_lazy as _

from dcsn.access.doors import Door, register_door
from dcsn.access.permissions import Permission

register_door(
    Door(
        Permission.PAGE_CHANGE,
        _("Pages about this website"),
        _("Accessibility, privacy, cookies, other formats: change what they say"),
        "pages:desk",
        order=70,
    )
)
