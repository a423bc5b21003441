"""What the person wants to reach, and who does what for it, by whose strength."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pathways.models.plan import Plan
from pathways.plans.states import Achievement, LifeCycle


class Goal(models.Model):
    """FHIR ``Goal``: in the person's words, with how they will know."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    words = models.CharField(_("what you want"), max_length=500, blank=True)
    measure = models.CharField(_("how you will know"), max_length=300, blank=True)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    life_cycle = models.CharField(
        max_length=9, choices=LifeCycle.choices, default=LifeCycle.PROPOSED
    )
    achievement = models.CharField(
        _("how far"), max_length=14, choices=Achievement.choices, blank=True
    )
    position = models.PositiveSmallIntegerField(default=100)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["plan", "position", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(achievement="")
                | ~Q(life_cycle__in=["proposed", "planned", "rejected"]),
                name="pathways_goal_is_begun_before_it_is_reached",
                violation_error_message=_("Say first that it is being worked on."),
            )
        ]

    def __str__(self) -> str:
        return f"goal {self.id}"


class Source(models.TextChoices):
    """By whose strength something is done, so that what neighbours and families give is seen."""

    OWN = "own", _("my own strengths")
    FAMILY_AND_FRIENDS = "family-friends", _("family and friends")
    COMMUNITY = "community", _("community")
    VOLUNTEER = "volunteer", _("a volunteer")
    PAID = "paid", _("paid for")
    COUNCIL = "council", _("the council")


class Action(models.Model):
    """Who does what, when, at what cost. FHIR ``CarePlan.activity``."""

    class Per(models.TextChoices):
        ONCE = "once", _("once")
        WEEK = "week", _("a week")
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    words = models.CharField(_("what is done"), max_length=300, blank=True)
    who = models.CharField(_("by whom"), max_length=100, blank=True)
    when = models.CharField(_("when"), max_length=100, blank=True)
    source = models.CharField(_("by whose strength"), max_length=14, choices=Source.choices)
    minutes_a_week = models.PositiveIntegerField(_("minutes a week"), null=True, blank=True)
    cost_pence = models.PositiveIntegerField(_("cost"), default=0)
    per = models.CharField(max_length=5, choices=Per.choices, default=Per.WEEK)
    # Where it comes from or goes on; nothing of it is copied here.
    service = models.ForeignKey(
        "directory.Service", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    help_request = models.ForeignKey(
        "volunteers.HelpRequest", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("action of a plan")
        verbose_name_plural = _("actions of plans")
        ordering = ["plan", "created_at"]

    def __str__(self) -> str:
        return f"action {self.id}"


class CircleMember(models.Model):
    """Somebody in the circle of support, and how near: what is drawn, and listed beside the drawing."""

    class Ring(models.IntegerChoices):
        CLOSEST = 1, _("closest to me")
        CLOSE = 2, _("friends and family")
        COMMUNITY = 3, _("people I meet")
        PAID = 4, _("people who are paid")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="circle")
    name = models.CharField(_("name"), max_length=100, blank=True)
    relation = models.CharField(_("who they are to you"), max_length=100, blank=True)
    gives = models.CharField(_("what they do for you"), max_length=200, blank=True)
    ring = models.PositiveSmallIntegerField(_("how near"), choices=Ring.choices)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("somebody in the circle of support")
        verbose_name_plural = _("circles of support")
        ordering = ["plan", "ring", "created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ring__range=(1, 4)), name="pathways_ring_is_one")
        ]

    def __str__(self) -> str:
        return f"circle member {self.id}"


class Risk(models.Model):
    """Something that could go wrong, and the person's own view of it: a life worth living has risks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="risks")
    words = models.CharField(_("what could go wrong"), max_length=500, blank=True)
    own_view = models.TextField(_("what the person thinks of it"), max_length=1000, blank=True)
    settled_on = models.DateField(_("no longer a risk since"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ["plan", "created_at"]

    def __str__(self) -> str:
        return f"risk {self.id}"


class RiskDecision(models.Model):
    """What was decided about a risk, by whom and why: a log that only grows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(_("what was decided"), max_length=500, blank=True)
    because = models.CharField(_("why"), max_length=500, blank=True)
    present = models.CharField(_("who was there"), max_length=200, blank=True)
    decided_on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("decision about a risk")
        verbose_name_plural = _("decisions about risks")
        ordering = ["risk", "decided_on", "id"]

    def __str__(self) -> str:
        return f"decision {self.id}"
