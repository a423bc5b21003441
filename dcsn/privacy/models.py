"""Erasures that were carried out, and which records turned out to be the same person. Ids only."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """That a person was erased. The file beside the uploaded files says the same, and outlives this
    table when an older database is restored."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("They asked for it")
        NO_LONGER_NEEDED = "no_longer_needed", _("It is no longer needed")
        MISTAKE = "mistake", _("It should not have been kept in the first place")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField(unique=True, editable=False)
    erased_at = models.DateTimeField(default=timezone.now, editable=False)
    # A user's id or a system job's name: no foreign key, so that no account can take it along.
    erased_by = models.CharField(max_length=64, editable=False)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    reapplied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-erased_at", "id"]

    def __str__(self) -> str:
        return f"{self.subject} {self.erased_at:%Y-%m-%d}"


class PersonAlias(models.Model):
    """That the record ``old_id`` was found to be the same person as ``current_id``.

    Nothing is overwritten: the old record stays, and ``moved`` says which rows were handed over, so
    that a merge made by mistake can be undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    old_id = models.UUIDField(editable=False)
    current_id = models.UUIDField(db_index=True, editable=False)
    moved = models.JSONField(default=dict, editable=False)
    merged_at = models.DateTimeField(default=timezone.now, editable=False)
    merged_by = models.UUIDField(editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)
    undone_by = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        ordering = ["-merged_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["old_id"], condition=Q(undone_at=None), name="privacy_alias_one_current"
            ),
            models.CheckConstraint(
                condition=~Q(old_id=F("current_id")), name="privacy_alias_not_itself"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="privacy_alias_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} is {self.current_id}"
