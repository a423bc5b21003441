"""Carers: looked at in two stages, with something in hand after the first.

Derby City Council's two stages (evidence on self-directed support, 2009): the first by any partner or the
carer, with benefits at once; a trigger to the second, which is the council's (Care Act 2014, section 10).
A carer's record is theirs: it hangs on the carer, never on the person they care for.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from directory.models import Organisation
from pathways.references import emergency_reference


class CarerAssessmentQuerySet(models.QuerySet["CarerAssessment"]):
    def visible_to(self, user: Any) -> CarerAssessmentQuerySet:
        """Those of the organisations where ``user`` looks after carers. Nothing follows from the right
        to see the person who is cared for."""
        scope = scope_of_permission(user, Permission.CARER_VIEW)
        if not scope:
            return self.none()
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def waiting_for_second(self) -> CarerAssessmentQuerySet:
        """First stages that call for the council's, which nobody has written down yet."""
        return self.filter(stage="first", followed_by=None, carer__isnull=False).exclude(trigger="")

    def telecare_ends_by(self, day: date) -> CarerAssessmentQuerySet:
        """Telecare that ends until ``day``, or has ended, and of which the carer was not told yet."""
        return self.filter(telecare_until__lte=day, telecare_told_on=None, carer__isnull=False)


class CarerAssessment(models.Model):
    """What caring does to a carer's life, and what follows."""

    class Stage(models.TextChoices):
        FIRST = "first", _("first: by a partner or the carer")
        SECOND = "second", _("second: by the council")

    class Outcome(models.TextChoices):
        """What the council's assessment came to (Care Act 2014, sections 20 and 25)."""

        NONE = "", _("not said")
        BUDGET = "budget", _("a carer's budget")
        SUPPORT = "support", _("support, without a budget")
        ADVICE = "advice", _("advice and information")
        NOT_ELIGIBLE = "not-eligible", _("not eligible: other help is looked for")
        DECLINED = "declined", _("the carer did not want it")

    class Trigger(models.TextChoices):
        """Why the second stage is called for."""

        NONE = "", _("not called for")
        REGULAR_AND_SUBSTANTIAL = "substantial", _("cares regularly, and for many hours")
        HEALTH = "health", _("their own health suffers")
        WORK = "work", _("their work or learning suffers")
        BREAKING = "breaking", _("they may not be able to go on")
        ASKED = "asked", _("the carer asks for it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    carer = models.ForeignKey(
        "members.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carer_assessments",
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.FIRST)
    # The first stage that this second one follows.
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    by_carer = models.BooleanField(_("filled in by the carer"), default=False)
    # An organisation in a word or two: any partner can do the first stage, without an account.
    helped_by = models.CharField(_("with the help of"), max_length=150, blank=True)
    hours_a_week = models.PositiveSmallIntegerField(
        _("hours of caring a week"), null=True, blank=True
    )
    effects = models.TextField(_("what caring does to your life"), max_length=3000, blank=True)
    wants = models.TextField(_("what would help"), max_length=2000, blank=True)
    trigger = models.CharField(max_length=11, choices=Trigger.choices, blank=True)
    assessed_on = models.DateField(default=timezone.localdate)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # What was granted at once: the term of the card, and telecare until a day.
    card_term = models.ForeignKey(
        "members.Term", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    telecare_until = models.DateField(_("telecare until"), null=True, blank=True)
    # Telecare is for a time: on what day the carer was told that it ends.
    telecare_told_on = models.DateField(null=True, blank=True)
    # A first stage that was passed to the council; a second one says what came of it.
    referred_on = models.DateField(_("passed to the council on"), null=True, blank=True)
    outcome = models.CharField(
        _("what came of it"), max_length=12, choices=Outcome.choices, blank=True
    )
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CarerAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("carer's assessment")
        verbose_name_plural = _("carers' assessments")
        ordering = ["-assessed_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="first", follows=None) | Q(stage="second", follows__isnull=False),
                name="pathways_second_stage_follows_a_first",
            ),
            models.CheckConstraint(
                condition=Q(stage="first", outcome="") | Q(stage="second") & ~Q(outcome=""),
                name="pathways_second_stage_says_its_outcome",
                violation_error_message=_("Say what came of the council's assessment."),
            ),
            models.CheckConstraint(
                condition=Q(hours_a_week=None) | Q(hours_a_week__lte=168),
                name="pathways_a_week_has_168_hours",
                violation_error_message=_("A week has 168 hours."),
            ),
            models.CheckConstraint(
                condition=Q(carer__isnull=False) | Q(anonymised_at__isnull=False),
                name="pathways_carer_until_anonymised",
            ),
        ]

    def __str__(self) -> str:
        return f"carer's assessment {self.id}"


class EmergencyPlan(models.Model):
    """What happens when the carer suddenly cannot care. Duty staff open it in two clicks, audited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # On the card in the carer's purse: whoever finds them reads it out to the help line.
    reference = models.CharField(
        max_length=11, unique=True, default=emergency_reference, editable=False
    )
    carer = models.OneToOneField(
        "members.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="emergency_plan",
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Whom to ring, in this order, one a line; they have agreed to it.
    ring_first = models.TextField(_("ring first"), max_length=500, blank=True)
    who_is_cared_for = models.CharField(_("who is cared for"), max_length=200, blank=True)
    must_know = models.TextField(_("what must be known"), max_length=2000, blank=True)
    where_things_are = models.TextField(_("where things are"), max_length=1000, blank=True)
    look_again_on = models.DateField(_("look at it again on"))
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("emergency plan")
        verbose_name_plural = _("emergency plans")
        ordering = ["look_again_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(carer__isnull=False) | Q(anonymised_at__isnull=False),
                name="pathways_emergency_carer_until_anonymised",
            )
        ]

    def __str__(self) -> str:
        return f"emergency plan {self.id}"

    def is_old(self, today: date) -> bool:
        return today > self.look_again_on


class CarerEstimate(AppendOnly):
    """How many carers there are by somebody's count, to hold those known against. Dated, with its source.

    None is ever changed (a trigger sees to it too): a newer one takes its place on the pages, and the old
    one stays to be seen.
    """

    instead = "Write down the next estimate."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(_("area"), max_length=100)
    carers = models.PositiveIntegerField(_("carers"))
    known_elsewhere = models.PositiveIntegerField(_("known to other registers"), default=0)
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # What stood there before there was a screen has neither.
    made_by_name = models.CharField(
        _("written down by"), max_length=100, blank=True, editable=False
    )
    made_at = models.DateTimeField(default=timezone.now, null=True, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("estimate of carers")
        verbose_name_plural = _("estimates of carers")
        ordering = ["-as_of", "area"]
        constraints = [
            models.UniqueConstraint(fields=["area", "as_of"], name="pathways_estimate_once"),
            models.CheckConstraint(
                condition=Q(carers__gte=1, known_elsewhere__lte=F("carers")),
                name="pathways_estimate_is_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carers} carers, {self.area}"
