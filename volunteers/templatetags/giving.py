"""Minutes and miles as people say them."""

from __future__ import annotations

from decimal import Decimal

from django import template

from volunteers.giving.words import say_miles, say_minutes

register = template.Library()


@register.filter
def stretch(minutes: int | None) -> str:
    """150 as "2 hours 30 minutes"; nothing for nothing."""
    return "" if minutes is None or minutes == "" else say_minutes(int(minutes))


@register.filter
def miles(number: Decimal) -> str:
    """Decimal("10.0") as "10 miles"."""
    return say_miles(number)
