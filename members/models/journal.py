"""Double entry: every penny that moves, from where to where. Rows are only added."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from directory.models import Organisation


class Account(models.TextChoices):
    """Where money is, or what it is owed for. A debit is positive, a credit negative."""

    CASH = "cash", _("cash at the desk")
    CHEQUES = "cheques", _("cheques at the desk")
    CARD_TERMINAL = "card-terminal", _("on its way from the card terminal")
    ONLINE = "online", _("on its way from the online payment")
    BANK = "bank", _("bank")
    DIFFERENCES = "differences", _("till differences")
    MEMBERSHIPS = "memberships", _("income: memberships")
    TOKENS = "tokens", _("owed: tokens not yet spent")
    TOKENS_SPENT = "tokens-spent", _("income: tokens spent")
    TOKENS_EXPIRED = "tokens-expired", _("income: tokens expired")


class JournalEntry(AppendOnly):
    """One thing that happened with money; its lines sum to zero (a trigger sees to it)."""

    instead = "Post the opposite."

    class What(models.TextChoices):
        TAKEN = "taken", _("payment taken")
        VOIDED = "voided", _("payment voided")
        BANKED = "banked", _("banked")
        SETTLED = "settled", _("paid out by the provider")
        REFUNDED = "refunded", _("refunded")
        TOKEN_SPENT = "token-spent", _("token spent")
        TOKEN_UNSPENT = "token-unspent", _("token given back unspent")
        TOKEN_EXPIRED = "token-expired", _("token expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(max_length=13, choices=What.choices, editable=False)
    # The row that it follows from: the same source twice is one entry.
    source_id = models.UUIDField(editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        editable=False,
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["what", "source_id"], name="members_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.id}"


class JournalLine(AppendOnly):
    """One account of an entry. ``pence``: above zero a debit, below zero a credit."""

    instead = "Post the opposite."

    entry = models.ForeignKey(
        JournalEntry, on_delete=models.PROTECT, related_name="lines", editable=False
    )
    account = models.CharField(max_length=14, choices=Account.choices, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    pence = models.BigIntegerField(editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        ordering = ["id"]
        indexes = [models.Index(fields=["account", "organisation"], name="members_line_account")]
        constraints = [
            models.CheckConstraint(condition=~Q(pence=0), name="members_line_moves_something")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.pence}"
