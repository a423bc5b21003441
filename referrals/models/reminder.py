"""What the clock does while nobody answers."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referrals.models.referral import Referral


class Reminder(models.Model):
    """One thing that the clock does for one referral, once: unique, so that nothing is sent twice.

    Four are made when a referral is sent; the sweep does those that are due, however late it runs. An
    answer settles the ones that are left.
    """

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", _("not seen yet")
        REMIND = "remind", _("reminded")
        ESCALATE = "escalate", _("hub lead told")
        OVERDUE = "overdue", _("overdue")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    # An answer came first.
    not_needed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="referrals_reminder_waiting",
                condition=Q(done_at=None, not_needed_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["referral", "kind"], name="referrals_reminder_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(not_needed_at=None),
                name="referrals_reminder_done_or_not_needed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.referral_id}"
