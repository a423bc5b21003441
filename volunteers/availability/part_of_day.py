"""The time of a visit as people say it: "Tuesday afternoon"."""

from __future__ import annotations

from datetime import time

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from directory.hours.clock import london_time
from volunteers.availability.spans import Span

NOON = time(12)
EVENING = time(17)
NIGHT = time(22)
MORNING = time(5)


def part_of_day(span: Span) -> str:
    """``Tuesday afternoon``, by when it starts: morning from 5am, evening from 5pm, night from 10pm.

    2am on Sunday is "early on Sunday", because "Sunday night" would be understood as a day later.
    """
    day = {"day": WEEKDAYS[span.first_day.weekday()]}
    starts = london_time(span.starts_at)
    if starts < MORNING:
        return _("early on %(day)s") % day
    if starts < NOON:
        return _("%(day)s morning") % day
    if starts < EVENING:
        return _("%(day)s afternoon") % day
    if starts < NIGHT:
        return _("%(day)s evening") % day
    return _("%(day)s night") % day
