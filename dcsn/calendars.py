"""Calendar files (RFC 5545): one way of writing them, whoever's they are.

Moments are written in UTC, so that every calendar shows them by its own clock, on the night on which the
clocks change too; a date is a whole day. Each event is private where the calendar is shared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from dcsn.network import network

# What is over stays this long, and what comes later than that is not in the file yet.
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
# The number of a change counts seconds from here: it only ever grows, and fits into an INTEGER of RFC 5545.
_COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_REFRESH = timedelta(hours=4)


@dataclass(frozen=True)
class Entry:
    """One event. ``identifier`` stays the same for as long as it is the same thing to go to; ``path`` is its
    page. A date is a whole day; without ``changed_at`` nothing is said of when it was changed."""

    identifier: str
    starts: datetime | date
    summary: str
    status: str
    path: str
    ends: datetime | None = None
    changed_at: datetime | None = None
    where: str = ""
    words: str = ""


def calendar_file(part: str, title: str, entries: Iterable[Entry]) -> bytes:
    """The file, in the order of ``entries``.

    :param part: of the portal, for the name of the program that wrote it.
    :param title: as a calendar shows it in its list.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{network().name}//{part}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    now = timezone.now()
    for entry in entries:
        calendar.add_component(_event(entry, host, now))
    return calendar.to_ical()


def _event(entry: Entry, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.identifier}@{host}")
    stamp = (entry.changed_at or now).astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", stamp)
    if entry.changed_at is not None:
        event.add("last-modified", stamp)
        event.add("sequence", int((stamp - _COUNTED_FROM).total_seconds()))
    if isinstance(entry.starts, datetime):
        event.add("dtstart", entry.starts.astimezone(UTC))
        event.add("dtend", (entry.ends or entry.starts).astimezone(UTC))
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.starts + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", entry.summary)
    event.add("status", entry.status)
    # Seen by nobody else where the calendar is shared.
    event.add("class", "PRIVATE")
    if entry.where:
        event.add("location", entry.where)
    if entry.words:
        event.add("description", entry.words)
    event.add("url", f"{settings.SITE_ADDRESS}{entry.path}")
    return event
