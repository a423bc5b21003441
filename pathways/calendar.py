"""A coordinator's calendar: reviews and the ends of weeks, by reference and kind; nobody is named.

The address holds the number of a row and the portal's signature (docs/decisions/0081, as 0073 for
volunteers); it is stored nowhere. Booked reviews are moments in UTC, what is due is a whole day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from dcsn.network import network
from pathways.models import CaseloadCalendar, Pathway, Review, ReviewState

# Only their own: the lead of an access point has everybody's on the board, not in a telephone.
AHEAD, BACK = timedelta(days=400), timedelta(days=60)
LASTS = timedelta(hours=1)
_REFRESH = "PT4H"


def _signer() -> Signer:
    return Signer(sep=".", salt="pathways.calendar")


def token_of(calendar: CaseloadCalendar) -> str:
    return _signer().sign(f"{calendar.pk.hex}-{calendar.number}")


def address_of(calendar: CaseloadCalendar) -> str:
    return f"{settings.SITE_ADDRESS}{reverse('pathways:calendar', args=[token_of(calendar)])}"


def user_of_token(token: str) -> User | None:
    """Whose calendar it is; ``None`` for an address that is altered, renewed or ended, or whose owner goes
    with nobody any more."""
    try:
        identifier, _dash, number = _signer().unsign(token).partition("-")
        wanted = {"pk": UUID(hex=identifier), "number": int(number)}
    except (BadSignature, ValueError):
        return None
    found = CaseloadCalendar.objects.filter(live=True, **wanted).select_related("user").first()
    if found is None or not found.user.is_active:
        return None
    return found.user if can(found.user, Permission.PATHWAY_VIEW) else None


@dataclass(frozen=True)
class _Entry:
    """One event: a moment, or a whole day. ``status`` as in RFC 5545."""

    identifier: str
    starts: datetime | date
    words: str
    status: str
    pathway: Pathway


def calendar_of(user: User) -> bytes:
    """The file (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{network().name}//Pathways//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("My pathways"))
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _REFRESH)
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    now = timezone.now().replace(microsecond=0)
    for entry in sorted(_entries(user, timezone.localdate()), key=lambda one: one.identifier):
        event = Event()
        event.add("uid", f"{entry.identifier}@{host}")
        event.add("dtstamp", now.astimezone(UTC))
        if isinstance(entry.starts, datetime):
            event.add("dtstart", entry.starts.astimezone(UTC))
            event.add("dtend", (entry.starts + LASTS).astimezone(UTC))
        else:
            event.add("dtstart", entry.starts)
            event.add("dtend", entry.starts + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
        event.add("summary", entry.words)
        event.add("status", entry.status)
        # Seen by nobody else where the calendar is shared.
        event.add("class", "PRIVATE")
        event.add("url", f"{settings.SITE_ADDRESS}{entry.pathway.get_absolute_url()}")
        calendar.add_component(event)
    return calendar.to_ical()


def _entries(user: User, today: date) -> Iterator[_Entry]:
    mine = Pathway.objects.open().of(user).visible_to(user)
    for review in (
        Review.objects.to_come()
        .filter(pathway__in=mine, closes_on__gte=today - BACK, opens_on__lte=today + AHEAD)
        .select_related("pathway__kind")
    ):
        booked = review.state == ReviewState.BOOKED and review.booked_for is not None
        words = _("Review") if booked else _("Last day for a review")
        yield _Entry(
            f"review-{review.pk}",
            review.booked_for if booked and review.booked_for else review.closes_on,
            _say(words, review.pathway),
            "CONFIRMED" if booked else "TENTATIVE",
            review.pathway,
        )
    for pathway in mine.exclude(kind__lasts_at_most_weeks=None).select_related("kind"):
        ends = pathway.ends_by()
        if ends is not None:
            yield _Entry(
                f"weeks-{pathway.pk}",
                ends,
                _say(_("The weeks end"), pathway),
                "TENTATIVE",
                pathway,
            )


def _say(words: str, pathway: Pathway) -> str:
    return f"{words}, {pathway.reference} ({pathway.kind.name})"
