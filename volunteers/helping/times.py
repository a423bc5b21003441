"""A day and a time that somebody typed: by the clock on the wall in London, and not over yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.hours import clock
from volunteers.booking import LONDON, Span


def moment(day: date, at: time, now: datetime | None = None) -> datetime:
    """When a clock in London shows ``at`` on ``day``, in UTC, so that what is added to it lasts as long as it
    says. Where the clock shows it twice, the first is meant, until that is over."""
    wall = datetime.combine(day, at, LONDON)
    first = wall.astimezone(UTC)
    second = wall.replace(fold=1).astimezone(UTC)
    return second if first < this_minute(now) <= second else first


def span(day: date, at: time, minutes: int) -> Span:
    starts = moment(day, at)
    return Span(starts, starts + timedelta(minutes=minutes))


def why_not(day: date | None, at: time | None, *, empty: bool = False) -> dict[str, str]:
    """What is wrong with it, by the name of the field, for the form.

    :param empty: the time may be left out.
    """
    if day is None:
        return {}
    if day < timezone.localdate():
        return {"day": _("This day is over. Enter today or a later day")}
    if at is None:
        return {}
    starts = moment(day, at)
    if clock.london_time(starts) != at:
        return {"time": _("On that night the clocks change: there is no such time")}
    if starts < this_minute():
        if empty:
            return {"time": _("This time is over. Enter a later time, or leave it empty")}
        return {"time": _("This time is over. Enter a later time")}
    return {}


def this_minute(now: datetime | None = None) -> datetime:
    """What begins now is not over: nobody types seconds."""
    return (now or timezone.now()).astimezone(UTC).replace(second=0, microsecond=0)
