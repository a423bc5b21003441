"""Links by which an organisation answers without an account, and the codes that open the details.

Neither table holds a secret: link and code are worked out from the row's id with the portal's key
(``referrals.replies.tokens``), so that a copy of the database opens nothing (docs/decisions/0049).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from referrals.models.referral import Referral


class ReplyLink(models.Model):
    """One step by link: an answer uses it up, and the next one takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="reply_links")
    # For whom it was made: if the referral were ever another's, the link is worth nothing.
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link to answer by")
        verbose_name_plural = _("links to answer by")
        ordering = ["referral", "step"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "step"], name="referrals_link_step_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(used_at=None, superseded_at=None),
                name="referrals_one_live_link",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(superseded_at=None),
                name="referrals_link_used_or_superseded",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="referrals_link_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"reply link {self.step} of {self.referral_id}"

    def is_live(self, now: datetime | None = None) -> bool:
        return (
            self.used_at is None
            and self.superseded_at is None
            and (now or timezone.now()) < self.expires_at
        )


class OneTimeCode(models.Model):
    """A code sent to the registered contact; it opens the details once, for half an hour."""

    class Way(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("text message")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(ReplyLink, on_delete=models.PROTECT, related_name="codes")
    way = models.CharField(max_length=5, choices=Way.choices)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="referrals_code_expires_later"
            )
        ]

    def __str__(self) -> str:
        return f"one-time code {self.id}"
