"""Days with times as people say them: "Tuesday 3 March 2026, 10:05am", "noon".

Django's own formats write "10:05 a.m.", and "10 a.m." beside the "10am" of opening times.
"""

from __future__ import annotations

from datetime import datetime, time

from django import template
from django.utils.formats import date_format

from dcsn.forms.clock import write_time

register = template.Library()


@register.filter(expects_localtime=True)
def clock(at: datetime | time | None) -> str:
    """The time alone; nothing for nothing."""
    if at is None or at == "":
        return ""
    return write_time(at.time() if isinstance(at, datetime) else at)


@register.filter(expects_localtime=True)
def moment(at: datetime | None, day: str = "l j F Y") -> str:
    """The day in this format, and the time."""
    if at is None or at == "":
        return ""
    return f"{date_format(at, day)}, {write_time(at.time())}"
