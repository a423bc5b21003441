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


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> LegalHoldQuerySet:
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """That nothing about a person may be erased for now, and why. See ``dcsn.privacy.holds``."""

    class Reason(models.TextChoices):
        CLAIM = "claim", _("A claim, or a case before a court")
        POLICE = "police", _("The police or a coroner asked for it")
        INQUIRY = "inquiry", _("A safeguarding inquiry or review")
        COMPLAINT = "complaint", _("A complaint that is with the regulator")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The person's id: the kernel knows no table of people.
    subject = models.UUIDField(db_index=True, editable=False)
    reason = models.CharField(_("why"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("what it is about"), max_length=300, blank=True)
    review_on = models.DateField(_("to be looked at again on"))
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    placed_by = models.UUIDField(editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_by = models.UUIDField(null=True, blank=True, editable=False)
    lifted_why = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["review_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "reason"],
                condition=Q(lifted_at=None),
                name="privacy_hold_once_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_why="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
                name="privacy_hold_lifted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(note=""),
                name="privacy_hold_other_is_explained",
                violation_error_message=_("Say what it is about."),
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.id}"


class RetentionRun(models.Model):
    """One night's run: how much of each class was dealt with. Counts only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What goes on after a break has the same key: the id of its job.
    key = models.CharField(max_length=120, unique=True, editable=False)
    started_by = models.CharField(max_length=64, editable=False)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    # {"members.people": {"done": 3, "held": 1, "failed": 0}}
    counts = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ["-started_at", "id"]

    def __str__(self) -> str:
        return f"retention {self.started_at:%Y-%m-%d}"
