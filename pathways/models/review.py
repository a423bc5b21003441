"""Reviews: due, booked, held, recorded; and hours that are not cut in silence."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pathways.models.pathway import Pathway
from pathways.models.plan import Plan


class ReviewState(models.TextChoices):
    """What is stored. That one was missed follows from its last day."""

    DUE = "due", _("due")
    BOOKED = "booked", _("booked")
    HELD = "held", _("held, not written up")
    RECORDED = "recorded", _("written up")
    NOT_NEEDED = "not-needed", _("not needed any more")


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Any) -> ReviewQuerySet:
        return self.filter(pathway__in=Pathway.objects.visible_to(user))

    def to_come(self) -> ReviewQuerySet:
        return self.filter(state__in=[ReviewState.DUE, ReviewState.BOOKED])

    def missed(self, today: date) -> ReviewQuerySet:
        return self.to_come().filter(closes_on__lt=today)


class Review(models.Model):
    """Looking together at whether life got better: outcomes first, hours last.

    Hours are in minutes a week. Fewer cannot be recorded without a reason that the person has seen
    (a constraint): reviews of services instead of lives is what people in the study (2011) feared.
    """

    class Why(models.TextChoices):
        AFTER_START = "after-start", _("after the plan began or changed")
        YEARLY = "yearly", _("at least every twelve months")
        ASKED = "asked", _("somebody asked for it")

    class Seen(models.TextChoices):
        """How the reason for fewer hours came to the person; agreeing to it is another matter."""

        READ = "read", _("they read it themselves")
        READ_OUT = "read-out", _("it was read out to them")
        WITH_HELP = "with-help", _("with an interpreter, or somebody who helps them understand")
        WEBSITE = "website", _("signed in on the website")
        # Reviews written up before the question was asked; no form offers it.
        NOT_NOTED = "not-noted", _("how was not noted at the time")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="reviews")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    why = models.CharField(_("why"), max_length=11, choices=Why.choices)
    opens_on = models.DateField(_("not before"))
    closes_on = models.DateField(_("not after"))
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.DUE)
    booked_for = models.DateTimeField(_("booked for"), null=True, blank=True)
    where = models.CharField(_("where"), max_length=100, blank=True)
    asked_by = models.CharField(_("who asked for it"), max_length=100, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    # Life first: what got better, what did not, what the person says of it.
    better = models.TextField(_("what got better"), max_length=2000, blank=True)
    not_better = models.TextField(_("what did not"), max_length=2000, blank=True)
    persons_view = models.TextField(_("what the person says"), max_length=2000, blank=True)
    next_steps = models.TextField(_("what happens next"), max_length=2000, blank=True)
    minutes_before = models.PositiveIntegerField(_("minutes a week before"), null=True, blank=True)
    minutes_after = models.PositiveIntegerField(_("minutes a week after"), null=True, blank=True)
    fewer_because = models.TextField(_("why fewer"), max_length=1000, blank=True)
    # The person has read it or had it read to them; not the same as agreeing to it.
    reason_seen_on = models.DateField(_("the person saw the reason on"), null=True, blank=True)
    reason_seen_how = models.CharField(
        _("how they saw it"), max_length=9, choices=Seen.choices, blank=True
    )
    # The first day after its last one, when nobody had held it: stays, also when it is held later.
    missed_on = models.DateField(_("missed on"), null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["closes_on", "id"]
        indexes = [
            models.Index(
                fields=["closes_on"],
                name="pathways_reviews_to_come",
                condition=Q(state__in=["due", "booked"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="pathways_review_window"
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(booked_for__isnull=False),
                name="pathways_review_booked_for",
                violation_error_message=_("Say for when it is booked."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "recorded"]) | Q(held_on__isnull=False),
                name="pathways_review_held_on",
                violation_error_message=_("Say on which day it was held."),
            ),
            models.CheckConstraint(
                condition=~Q(state="recorded")
                | Q(recorded_at__isnull=False)
                & (~Q(better="") | ~Q(not_better="") | Q(anonymised_at__isnull=False)),
                name="pathways_review_outcomes_first",
                violation_error_message=_("Say first what got better and what did not."),
            ),
            models.CheckConstraint(
                condition=~Q(state="recorded")
                | Q(minutes_before=None)
                | Q(minutes_after=None)
                | Q(minutes_after__gte=F("minutes_before"))
                | Q(anonymised_at__isnull=False)
                | ~Q(fewer_because="") & Q(reason_seen_on__isnull=False),
                name="pathways_fewer_hours_have_a_reason_seen",
                violation_error_message=_(
                    "Fewer hours need a reason that the person has seen first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(reason_seen_on=None, reason_seen_how="")
                | Q(reason_seen_on__isnull=False) & ~Q(reason_seen_how=""),
                name="pathways_reason_seen_says_how",
                violation_error_message=_("Say on which day they saw the reason, and how."),
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.id}"

    def is_missed(self, today: date) -> bool:
        return self.state in (ReviewState.DUE, ReviewState.BOOKED) and today > self.closes_on

    @property
    def waits_to_be_seen(self) -> bool:
        """Fewer hours are proposed, and the person has not seen why."""
        return self.state == ReviewState.HELD and self.is_fewer and self.reason_seen_on is None

    @property
    def is_fewer(self) -> bool:
        return (
            self.minutes_before is not None
            and self.minutes_after is not None
            and self.minutes_after < self.minutes_before
        )
