"""What happens to reviews by themselves: coordinators are reminded, and one that nobody held is missed.

Each message has a key of its own, so that a task that runs twice, late or twice at once sends nothing twice.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import SystemJob, record
from dcsn.messages import Channel, Message, Recipient, queue_message
from dcsn.network import network
from pathways.events import REVIEW_MISSED
from pathways.models import Review, ReviewState

CLOCK = SystemJob("clock of the reviews")
# When a review still waits for a day, this long before its last one.
LAST_CALL = timedelta(days=7)


def look_after_reviews(today: date | None = None) -> int:
    """Mark what was missed, remind of what is due. The number of messages is returned."""
    day = today or timezone.localdate()
    to_come = Review.objects.to_come().filter(pathway__ended_at=None)
    sent = 0
    for pk in (
        to_come.filter(opens_on__lte=day + LAST_CALL)
        .order_by("closes_on")
        .values_list("pk", flat=True)
    ):
        sent += _look_at(pk, day)
    return sent


@transaction.atomic
def _look_at(pk: UUID, day: date) -> int:
    review = (
        Review.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("pathway__coordinator")
        .filter(pk=pk)
        .to_come()
        .first()
    )
    if review is None:
        return 0
    if review.is_missed(day):
        if review.missed_on is None:
            review.missed_on = day
            review.save(update_fields=["missed_on"])
            record(
                REVIEW_MISSED,
                by=CLOCK,
                subject=review.pathway.person_id,
                organisation=review.pathway.organisation_id,
                details={"review": review.id},
            )
        return _tell(review, "missed", _("A review was missed"))
    if review.state == ReviewState.BOOKED or review.opens_on > day:
        return 0
    if review.closes_on - day <= LAST_CALL:
        return _tell(review, "last-call", _("A review is due within a week"))
    return _tell(review, "due", _("A review is due"))


def _tell(review: Review, what: str, subject: str) -> int:
    """By e-mail to the coordinator: a reference, and nothing about anybody."""
    coordinator = review.pathway.coordinator
    if coordinator is None or not coordinator.is_active or not coordinator.email:
        return 0
    # The window is in the key: one that was moved is due anew.
    key = f"review:{review.pk}:{what}:{review.closes_on}"
    body = _(
        "%(subject)s: pathway %(reference)s, to be held by %(day)s.\n\n"
        "Sign in and look under your pathways: %(address)s\n\n%(network)s"
    ) % {
        "subject": subject,
        "reference": review.pathway.reference,
        "day": date_format(review.closes_on, "l j F Y"),
        "address": f"{settings.SITE_ADDRESS}{reverse('pathways:review', args=[review.pk])}",
        "network": network().name,
    }
    if Message.objects.filter(key=key).exists():
        return 0
    queue_message(
        channel=Channel.EMAIL,
        key=key,
        to=Recipient("", coordinator.email),
        subject=subject,
        body=body,
        by=CLOCK,
        organisation=review.pathway.organisation_id,
    )
    return 1
