"""Minutes and miles in words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def say_minutes(minutes: int) -> str:
    """150 becomes "2 hours 30 minutes", 60 "1 hour", 0 "0 minutes"."""
    hours, rest = divmod(minutes, 60)
    said = []
    if hours:
        said.append(
            ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": f"{hours:,}"}
        )
    if rest or not hours:
        said.append(ngettext("%(number)s minute", "%(number)s minutes", rest) % {"number": rest})
    return " ".join(said)


def say_miles(miles: Decimal) -> str:
    """Decimal("10.0") becomes "10 miles", Decimal("1.0") "1 mile"."""
    plain = f"{miles.normalize():f}"
    return _("1 mile") if plain == "1" else _("%(number)s miles") % {"number": plain}
