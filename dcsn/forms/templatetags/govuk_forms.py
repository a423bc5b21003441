"""Template filters for forms and for the values that their fields give."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms, template
from django.utils.safestring import SafeString, mark_safe

from dcsn.forms.money import say_pence
from dcsn.forms.phone import phone_address
from dcsn.forms.renderer import ErrorLink, error_links

register = template.Library()


@register.filter
def error_lines(form: forms.BaseForm) -> list[ErrorLink]:
    """The lines of the form's error summary."""
    return list(error_links(form))


@register.filter
def pounds(pence: int) -> str:
    """1300 as "£13"."""
    return say_pence(pence)


@register.filter
def signed_pounds(pence: int) -> str:
    """As in accounts: -1300 is "−£13.00", with the sign that is as wide as a digit."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{pounds:,}.{rest:02}"


@register.filter
def tel(shown: str) -> SafeString:
    """The address of a link that rings this number."""
    # Only digits, +, ";ext=" and "tel:" can come out, so it is safe to leave unescaped.
    return mark_safe(phone_address(shown))  # noqa: S308


@register.filter
def unbroken(text: str) -> str:
    """The same words with spaces that do not break: a phone number or postcode stays on one line."""
    return str(text).replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def web_host(url: str) -> str:
    """ "https://www.example.org/a/b?c" as "www.example.org": what a reader recognises."""
    return urlsplit(url).netloc or url
