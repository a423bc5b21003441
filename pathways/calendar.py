"""A coordinator's calendar: reviews and the ends of weeks, by reference and kind; nobody is named.

The address holds the number of a row and the portal's signature (docs/decisions/0081, as 0073 for
volunteers); it is stored nowhere. Booked reviews are moments in UTC, what is due is a whole day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from dcsn.calendars import AHEAD, BACK, CONFIRMED, TENTATIVE, Entry, calendar_file
from pathways.models import CaseloadCalendar, Pathway, Review, ReviewState

LASTS = timedelta(hours=1)


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


def calendar_of(user: User) -> bytes:
    """The file (RFC 5545): only their own pathways. The lead of an access point has everybody's on the
    board, not in a telephone."""
    entries = sorted(_entries(user, timezone.localdate()), key=lambda one: one.identifier)
    return calendar_file("Pathways", _("My pathways"), entries)


def _entries(user: User, today: date) -> Iterator[Entry]:
    mine = Pathway.objects.open().of(user).visible_to(user)
    for review in (
        Review.objects.to_come()
        .filter(pathway__in=mine, closes_on__gte=today - BACK, opens_on__lte=today + AHEAD)
        .select_related("pathway__kind")
    ):
        booked = review.state == ReviewState.BOOKED and review.booked_for is not None
        words = _("Review") if booked else _("Last day for a review")
        moment = review.booked_for if booked else None
        yield Entry(
            identifier=f"review-{review.pk}",
            starts=moment or review.closes_on,
            ends=moment + LASTS if moment else None,
            summary=_say(words, review.pathway),
            status=CONFIRMED if booked else TENTATIVE,
            path=review.pathway.get_absolute_url(),
        )
    for pathway in mine.exclude(kind__lasts_at_most_weeks=None).select_related("kind"):
        ends = pathway.ends_by()
        if ends is not None:
            yield Entry(
                identifier=f"weeks-{pathway.pk}",
                starts=ends,
                summary=_say(_("The weeks end"), pathway),
                status=TENTATIVE,
                path=pathway.get_absolute_url(),
            )


def _say(words: str, pathway: Pathway) -> str:
    return f"{words}, {pathway.reference} ({pathway.kind.name})"
