"""What the clock does: reminds a receiver, tells the hub's lead, marks what is overdue.

Every row is taken with ``SKIP LOCKED`` in a transaction of its own, so that two sweeps at once do each
thing once and one that fails holds up no other. What is due is found by its day, not by when the sweep
last ran: a missed night is caught up by the next run. Nothing is turned down.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import record
from dcsn.messages import Channel, Recipient, queue_message
from referrals import notices
from referrals.clocks import DAY_AFTER, ON_THE_DAY
from referrals.events import REFERRAL_REMINDED
from referrals.models import Reminder
from referrals.states import UNANSWERED

logger = logging.getLogger(__name__)

CLOCK = notices.CLOCK
AT_ONCE = 2000


def run_clock(*, today: date | None = None) -> Counter[str]:
    """Do whatever is due and has not been done. Returns how many of each kind."""
    today = today or timezone.localdate()
    done: Counter[str] = Counter()
    for reminder_id in due_reminders(today)[:AT_ONCE]:
        try:
            kind = do_reminder(reminder_id)
        except Exception:
            # The others are done all the same; the next sweep tries this one again.
            logger.exception("A reminder could not be done", extra={"kind": "reminder"})
            done["failed"] += 1
        else:
            done[kind] += 1
    done.pop("", None)
    return done


def due_reminders(today: date) -> list[UUID]:
    """The oldest first."""
    return list(
        Reminder.objects.filter(
            Q(kind__in=ON_THE_DAY, due_on__lte=today) | Q(kind__in=DAY_AFTER, due_on__lt=today),
            done_at=None,
            not_needed_at=None,
        )
        .order_by("due_on", "id")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def do_reminder(reminder_id: UUID) -> str:
    """Do one, once. Returns its kind; "" when somebody else has it, or an answer came first."""
    # The referral is held too, so that an answer that comes in this moment is either before or after.
    reminder = (
        Reminder.objects.select_for_update(skip_locked=True, of=("self", "referral"))
        .select_related("referral", "referral__owner", "referral__requester")
        .filter(pk=reminder_id, done_at=None, not_needed_at=None)
        .first()
    )
    if reminder is None:
        return ""
    referral = reminder.referral
    if referral.state not in UNANSWERED:
        reminder.not_needed_at = timezone.now()
        reminder.save(update_fields=["not_needed_at"])
        return ""
    reminder.done_at = timezone.now()
    reminder.save(update_fields=["done_at"])
    if reminder.kind == Reminder.Kind.REMIND:
        notices.remind_receiver(reminder)
    elif reminder.kind == Reminder.Kind.ESCALATE:
        tell_hub(reminder)
    record(
        REFERRAL_REMINDED,
        by=CLOCK,
        subject=referral.person_id,
        organisation=referral.requester_id,
        details={"referral": referral.id, "kind": str(reminder.kind)},
    )
    return str(reminder.kind)


def tell_hub(reminder: Reminder) -> None:
    """To the access point's shared address: which referral, and nothing about whom it concerns.

    A hub without an address is told by its first page alone, where it stands at the top.
    """
    referral = reminder.referral
    if not referral.requester.email:
        return
    queue_message(
        channel=Channel.EMAIL,
        key=f"escalated:{referral.id}",
        to=Recipient(referral.requester.name, referral.requester.email),
        subject=_("Referral %(reference)s has had no answer") % {"reference": referral.reference},
        body=_(
            "Referral %(reference)s was sent nine working days ago and has had no answer. It is on the "
            "first page, under “No answer yet”:\n\n%(link)s"
        )
        % {
            "reference": referral.reference,
            "link": f"{settings.SITE_ADDRESS}{reverse('referrals:hub')}",
        },
        by=CLOCK,
        organisation=referral.requester_id,
    )
