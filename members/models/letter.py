"""Letters to members: runs of them, and that each member had each letter once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.membership import Membership, Term


class LetterKind(models.TextChoices):
    WELCOME = "welcome", _("Welcome")
    RENEWAL = "renewal", _("It is time to renew")
    LAPSED = "lapsed", _("It has run out")


class LetterRun(models.Model):
    """All letters of one kind that were due on a day: who is in it stays, however often it is printed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one run.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=LetterKind.choices)
    # The day whose prices and dates the letters tell, however often they are printed.
    as_of = models.DateField(default=timezone.localdate, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # Sides of paper by size of print, once they have been laid out: {"14": 200, "18": 90}.
    pages = models.JSONField(default=dict, blank=True, editable=False)
    posted_at = models.DateTimeField(null=True, blank=True, editable=False)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("run of letters")
        verbose_name_plural = _("runs of letters")
        ordering = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"run {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("members:letter_run", args=[self.id])


class Letter(models.Model):
    """That this member is told this once for this term. What it says is worked out when it is printed, so
    that nobody's name and address are kept a second time."""

    class Way(models.TextChoices):
        POST = "post", _("by post")
        EMAIL = "email", _("by e-mail")
        BY_HAND = "by-hand", _("by somebody who knows how")

    class Why(models.TextChoices):
        ASK_FIRST = "ask-first", _("Ask the access point first how to reach them")
        NO_ADDRESS = "no-address", _("We have no full address")
        ANOTHER_FORMAT = "format", _("They need it in another way than print")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        LEFT_OUT = "left-out", _("left out")
        OVERTAKEN = "overtaken", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(LetterRun, on_delete=models.PROTECT, related_name="letters")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="letters")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=LetterKind.choices)
    way = models.CharField(max_length=7, choices=Way.choices)
    why_by_hand = models.CharField(max_length=10, choices=Why.choices, blank=True)
    size = models.PositiveSmallIntegerField(default=18)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("letter to a member")
        verbose_name_plural = _("letters to members")
        ordering = ["run", "size", "id"]
        indexes = [models.Index(fields=["run", "way", "state"], name="members_letter_run_way")]
        constraints = [
            # Nobody is told the same twice, whoever presses what.
            models.UniqueConstraint(
                fields=["membership", "kind", "term"], name="members_letter_once_a_term"
            ),
            models.CheckConstraint(
                condition=Q(size__in=[14, 18, 24]), name="members_letter_has_a_size"
            ),
            models.CheckConstraint(
                condition=Q(way="by-hand") & ~Q(why_by_hand="")
                | ~Q(way="by-hand") & Q(why_by_hand=""),
                name="members_letter_by_hand_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | ~Q(state="waiting") & Q(settled_at__isnull=False),
                name="members_letter_settled_when_not_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.id}"
