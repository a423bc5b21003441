"""An offer in words, the same on the page, on paper, on the poster and at the till."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from dcsn.forms import say_pence
from directory.hours.week_in_words import say_weekdays
from directory.hours.words import say_full_date
from members.offers.models import OfferVersion


def headline(version: OfferVersion) -> str:
    """ "10% off everything in the shop", "£2 off any haircut", "A free coffee with lunch"."""
    match version.kind:
        case OfferVersion.Kind.PERCENT:
            off = _("%(percent)s%% off") % {"percent": version.percent}
        case OfferVersion.Kind.AMOUNT:
            off = _("%(amount)s off") % {"amount": say_pence(version.amount_pence or 0)}
        case _words:
            return version.wording
    return f"{off} {version.wording}".strip()


def days_in_words(days: list[int]) -> str:
    """ "Every day", "Monday to Thursday", "Tuesday and Friday"."""
    return say_weekdays(days)


def dates_in_words(version: OfferVersion, on: date) -> str:
    """From and until when, as far as it matters on that day; empty for one that simply holds."""
    begins = version.from_on > on
    if begins and version.until_on:
        return _("From %(first)s until %(last)s") % {
            "first": say_full_date(version.from_on),
            "last": say_full_date(version.until_on),
        }
    if begins:
        return _("From %(first)s") % {"first": say_full_date(version.from_on)}
    if version.until_on:
        return _("Until %(last)s") % {"last": say_full_date(version.until_on)}
    return ""


def exclusions_in_words(version: OfferVersion) -> str:
    """ "Not on tobacco."; empty where nothing is left out."""
    text = version.exclusions.strip().rstrip(".")
    return _("Not on: %(exclusions)s.") % {"exclusions": text} if text else ""


def in_a_line(version: OfferVersion, on: date) -> str:
    """All of it in one line of plain text, for the till and for lists."""
    parts = [
        headline(version).rstrip("."),
        days_in_words(version.days),
        dates_in_words(version, on),
    ]
    line = ". ".join(part for part in parts if part) + "."
    left_out = exclusions_in_words(version)
    return f"{line} {left_out}" if left_out else line
