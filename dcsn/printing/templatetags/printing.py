"""Filters for print templates: ``{% load printing %}``."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from dcsn.printing import words

register = template.Library()


def _escaped(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


@register.filter
def together(text: object) -> SafeString:
    """Running text: phone numbers, postcodes, times and prices in it stay on one line each."""
    return mark_safe(words.keep_together(_escaped(text)))  # noqa: S308  (escaped before)


@register.filter
def one_piece(text: object) -> SafeString:
    """A value that is one piece of information: no line ends inside it."""
    return mark_safe(words.one_piece(_escaped(text)))  # noqa: S308  (escaped before)


# The same rule under the names that say what the value is.
register.filter("phone", one_piece)
register.filter("postcode", one_piece)
register.filter("clock", one_piece)


@register.filter
def on_paper(text: object) -> SafeString:
    """Running text from an organisation: no web addresses, and nothing split."""
    return together(words.without_web_addresses(str(text)))
