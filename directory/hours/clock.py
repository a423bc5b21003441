"""Between the clock on the wall in London and moments that computers compare (UTC)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)


def moment(day: date, at: time) -> datetime:
    """The first moment at which a clock in London shows ``at`` or later on ``day``, in UTC.

    When the clocks go forward, 1:30am does not exist: the answer is the moment they jump, when the
    clock first shows something later. When they go back, 1:30am comes twice: the answer is the
    first. So the order of times is kept, and a session that ends when another begins still does.
    """
    wall = datetime.combine(day, at)
    while not _exists(wall):
        wall += timedelta(minutes=1)
    return wall.replace(tzinfo=LONDON).astimezone(UTC)


def _exists(wall: datetime) -> bool:
    """Whether a clock in London ever shows the naive ``wall``."""
    there_and_back = wall.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON)
    return there_and_back.replace(tzinfo=None) == wall


def span(
    day: date, opens_at: time | None, closes_at: time | None
) -> tuple[datetime | None, datetime | None] | None:
    """When a session on ``day`` starts and ends; closing at or before opening is the next day.

    ``None`` when nothing is left of it: 1am to 2am on the night when that hour is skipped.
    """
    starts_at = moment(day, opens_at) if opens_at is not None else None
    if closes_at is None:
        return starts_at, None
    ends_day = day
    if opens_at is not None and closes_at <= opens_at:
        ends_day = day + ONE_DAY
    ends_at = moment(ends_day, closes_at)
    if starts_at is not None and ends_at <= starts_at:
        return None
    return starts_at, ends_at


def london_date(at: datetime) -> date:
    """The date on the wall in London at an aware moment."""
    return at.astimezone(LONDON).date()


def london_time(at: datetime) -> time:
    """The time on the wall in London at an aware moment, without seconds."""
    return at.astimezone(LONDON).time().replace(second=0, microsecond=0)
