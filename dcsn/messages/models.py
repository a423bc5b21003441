"""One letter, e-mail or text message."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from dcsn.messages.sealed import covered

# A worker that says "sending" for longer than this has died: no adapter takes this long.
SENDING_AT_MOST = timedelta(minutes=5)
# The message to the broker is believed lost when nobody sent it for this long.
OFFER_AGAIN_AFTER = timedelta(seconds=60)
ATTEMPTS_AT_MOST = 5


class Channel(models.TextChoices):
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> MessageQuerySet:
        """Those of the organisations where ``user`` looks after messages; for a role of the whole
        network all of them."""
        scope = scope_of_permission(user, Permission.MESSAGE_LIST)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def due(self) -> MessageQuerySet:
        """To be sent by a machine, now, and not offered to a worker just now."""
        return self.filter(
            Q(not_before=None) | Q(not_before__lte=Now()),
            Q(nudged_at=None) | Q(nudged_at__lt=Now() - OFFER_AGAIN_AFTER),
            state=Message.State.QUEUED,
        ).exclude(channel=Channel.LETTER)

    def stuck(self) -> MessageQuerySet:
        """Whose worker died while it was sending."""
        return self.filter(state=Message.State.SENDING, sending_since__lt=Now() - SENDING_AT_MOST)

    def troubled(self) -> MessageQuerySet:
        """For staff to look at, the oldest first."""
        return self.filter(state__in=Message.TROUBLED, settled_at=None).order_by("queued_at", "id")

    def letters_to_print(self) -> MessageQuerySet:
        return self.filter(channel=Channel.LETTER, state=Message.State.QUEUED).order_by(
            "queued_at", "id"
        )

    def to_be_redacted(self) -> MessageQuerySet:
        """Old enough that who it went to and what it said is nobody's business any more."""
        return self.filter(
            redacted_at=None, queued_at__lt=Now() - timedelta(days=settings.MESSAGE_KEEP_DAYS)
        ).exclude(state=Message.State.SENDING)


class Message(models.Model):
    """Something to be told to somebody, and what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        UNCERTAIN = "uncertain", _("may not have been sent")
        BOUNCED = "bounced", _("came back")

    TROUBLED = (State.FAILED, State.UNCERTAIN, State.BOUNCED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    # What it is about, so that the same thing is told once: "paper-posted:<id>".
    key = models.CharField(max_length=200, unique=True)
    to_name = models.CharField(max_length=200, blank=True)
    # An e-mail address, a phone number, or the lines of a postal address.
    to_address = models.TextField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    # Of a letter: 14, 18 or 24 point, as the person needs it.
    size = models.PositiveSmallIntegerField(default=18)
    # The person it is about, by id: the outbox stands below the app that knows people.
    about = models.UUIDField(null=True, blank=True, db_index=True)
    organisation_id = models.UUIDField(null=True, blank=True)
    by = models.CharField(max_length=64)

    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    queued_at = models.DateTimeField(db_default=Now())
    nudged_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    sending_since = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Staff looked at what went wrong and dealt with it otherwise.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)
    redacted_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-queued_at", "id"]
        indexes = [
            models.Index(
                fields=["state", "queued_at"],
                name="outbox_unsent",
                condition=~Q(state="sent"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sending", sending_since__isnull=False)
                | (~Q(state="sending") & Q(sending_since=None)),
                name="outbox_sending_since_when_sending",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="outbox_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at=None)
                | Q(to_name="", to_address="", subject="", body="", about=None),
                name="outbox_redacted_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=False) | ~Q(to_address=""),
                name="outbox_goes_somewhere",
            ),
        ]

    def __str__(self) -> str:
        # Never the address: a log line or an error page would print it.
        return f"{self.channel} {self.id}"

    @property
    def words(self) -> str:
        """The body for staff to read: what only its reader may see is left out."""
        return covered(self.body)

    @property
    def masked_address(self) -> str:
        """Enough to recognise it by, for those who only look after the machine."""
        if self.channel == Channel.EMAIL:
            name, _at, domain = self.to_address.partition("@")
            return f"{name[:1]}…@{domain}"
        if self.channel == Channel.SMS:
            return f"…{self.to_address[-3:]}"
        return "…"

    @property
    def is_troubled(self) -> bool:
        return self.state in self.TROUBLED and self.settled_at is None
