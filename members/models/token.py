"""Tokens: bought for an hour of a neighbour's help, and what became of each."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.payment import Payment


class TokenQuerySet(models.QuerySet["Token"]):
    def to_spend(self, day: date) -> TokenQuerySet:
        """Those that are still good on that day, the one that runs out first in front."""
        return self.filter(state=Token.State.BOUGHT, expires_on__gte=day).order_by(
            "expires_on", "id"
        )


class Token(models.Model):
    """One token. What it cost stays owed to whoever bought it until it is spent or runs out."""

    class State(models.TextChoices):
        BOUGHT = "bought", _("to spend")
        SPENT = "spent", _("spent")
        REFUNDED = "refunded", _("given back")
        EXPIRED = "expired", _("run out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="tokens_bought")
    # Whose it is; nobody's once they are erased: then it runs out.
    person = models.ForeignKey(
        "members.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="tokens"
    )
    price_pence = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.BOUGHT)
    bought_at = models.DateTimeField(default=timezone.now, editable=False)
    # The last day on which it can be spent.
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-bought_at", "id"]
        indexes = [models.Index(fields=["person", "state"], name="members_token_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="bought", ended_at=None)
                | (~Q(state="bought") & Q(ended_at__isnull=False)),
                name="members_token_ended_when_not_bought",
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.id}"


class TokenUse(models.Model):
    """A token was spent on something that another part of the portal knows: here it is only a reference."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="uses")
    # Such as "help-request:<uuid>". The same one is paid for once.
    reference = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The help did not come about: the token can be spent again.
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("use of a token")
        verbose_name_plural = _("uses of tokens")
        ordering = ["-at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["token"], condition=Q(undone_at=None), name="members_token_spent_once"
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(undone_at=None),
                name="members_token_use_paid_once",
            ),
        ]

    def __str__(self) -> str:
        return f"use {self.id}"
