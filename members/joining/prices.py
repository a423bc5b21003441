"""What a plan costs and how long it lasts, as people say it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.forms import say_pence
from members.membership.periods import ONE_DAY, Period, Unit

if TYPE_CHECKING:
    from members.models import PlanTerms


_NO_LEAP_YEAR = 2026


def say_duration(terms: PlanTerms) -> str:
    """ "one year", "6 months"."""
    if terms.unit == Unit.YEAR:
        words = ngettext("one year", "%(count)d years", terms.duration)
    else:
        words = ngettext("one month", "%(count)d months", terms.duration)
    return words % {"count": terms.duration}


def say_price(terms: PlanTerms, *, concession: bool = False) -> str:
    """ "£10 a year", "£25 for 3 years", "free"."""
    pence = terms.price(concession=concession)
    if pence == 0:
        return _("free")
    price = say_pence(pence)
    if terms.duration == 1:
        if terms.unit == Unit.YEAR:
            return _("%(price)s a year") % {"price": price}
        return _("%(price)s a month") % {"price": price}
    return _("%(price)s for %(duration)s") % {"price": price, "duration": say_duration(terms)}


def say_period(terms: PlanTerms) -> str:
    """How long it lasts, as a sentence beside the price. Without a year: it stands on paper too."""
    if terms.period == Period.FIXED and terms.unit == Unit.YEAR:
        begins = date(_NO_LEAP_YEAR, terms.fixed_month or 1, 1) + relativedelta(
            day=terms.fixed_day or 1
        )
        return _("It lasts until %(day)s, the same day for everybody.") % {
            "day": date_format(begins - ONE_DAY, "j F")
        }
    if terms.period == Period.FIXED:
        return _("It lasts %(duration)s, to the end of a month.") % {
            "duration": say_duration(terms)
        }
    return _("It lasts %(duration)s from the day on which you join.") % {
        "duration": say_duration(terms)
    }
