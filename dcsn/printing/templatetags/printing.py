"""Filters for print templates: ``{% load printing %}``."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from dcsn.printing import words

register = template.Library()

# What is read out on the phone: R-3XCE-N99Y. Its hyphens stay as they are, so that it can be searched for.
_REFERENCE = re.compile(r"\b[A-Z]{1,2}-[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def _escaped(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


@register.filter
def together(text: object) -> SafeString:
    """Running text: phone numbers, postcodes, times, prices and references stay on one line each."""
    kept = words.keep_together(_escaped(text))
    return mark_safe(_REFERENCE.sub(r'<span class="whole">\g<0></span>', kept))  # noqa: S308  (escaped before)


@register.filter
def one_piece(text: object) -> SafeString:
    """A value that is one piece of information: no line ends inside it."""
    return mark_safe(words.one_piece(_escaped(text)))  # noqa: S308  (escaped before)


# The same rule under the names that say what the value is.
register.filter("phone", one_piece)
register.filter("postcode", one_piece)


@register.filter
def on_paper(text: object) -> SafeString:
    """Running text from an organisation: no web addresses, and nothing split."""
    return together(words.without_web_addresses(str(text)))
