"""Times in templates."""

from __future__ import annotations

from django import template

from directory.hours import unbroken

register = template.Library()


@register.filter(is_safe=True)
def times_together(text: str) -> str:
    """``text`` in which no line ends within "10am to noon" or "24 November"."""
    return unbroken(str(text))
