"""A person's way through support: by which door they came, who goes with them, where they are."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from directory.models import Organisation
from pathways.models.kind import PathwayKind, Stage
from pathways.references import pathway_reference


class Route(models.TextChoices):
    """By which door they came: the three routes of the study of 2011, Appendix 6."""

    HOME_INTERNET = "home-internet", _("on their own, from home")
    ACCESS_POINT = "access-point", _("through an access point")
    ASSESSMENT = "local-authority-assessment", _("by the council's assessment")


class Eligibility(models.TextChoices):
    """What the council's assessment found. "Not eligible" is never the end: it makes an enquiry."""

    ELIGIBLE = "eligible", _("eligible for the council's support")
    NOT_ELIGIBLE = "not-eligible", _("not eligible for the council's support")


class PathwayQuerySet(models.QuerySet["Pathway"]):
    def visible_to(self, user: Any) -> PathwayQuerySet:
        """Those of the organisations where ``user`` may, and those that they coordinate themselves.

        A coordinator's role is of the whole network, but nobody sees all of its pathways.
        """
        scope = scope_of_permission(user, Permission.PATHWAY_VIEW)
        if not scope:
            return self.none()
        return self.filter(Q(organisation_id__in=scope.organisations) | Q(coordinator=user))

    def to_authorise(self, user: Any) -> PathwayQuerySet:
        """Those with a plan that the person and the planner have agreed to as it stands, and nobody else.

        All that an authoriser sees of anybody. Not those that they coordinate: these are two people.
        """
        if not scope_of_permission(user, Permission.PATHWAY_AUTHORISE):
            return self.none()
        agreed = {"plans__agreements__version": F("plans__version"), "plans__ended_at": None}
        planned = self.filter(**agreed, plans__agreements__role="planner").values("pk")
        signed = self.filter(**agreed, plans__agreements__role="authoriser").values("pk")
        waiting = self.filter(**agreed, plans__agreements__role="person", ended_at=None).values(
            "pk"
        )
        return self.filter(Q(pk__in=waiting) & Q(pk__in=planned) & ~Q(pk__in=signed)).exclude(
            coordinator=user
        )

    def open(self) -> PathwayQuerySet:
        return self.filter(ended_at=None)

    def of(self, coordinator: Any) -> PathwayQuerySet:
        return self.filter(coordinator=coordinator)


class Pathway(models.Model):
    """One way of one person; they may have had others before.

    ``coordinator`` goes with the person (a care navigator, social prescriber or support planner). What
    other organisations do is not copied here: the timeline reads it where it is.
    """

    class End(models.TextChoices):
        GOALS_REACHED = "goals-reached", _("the person has reached what they wanted")
        MANAGES_ALONE = "manages-alone", _("the person manages without it now")
        ANOTHER_PATHWAY = "another-pathway", _("it goes on as another pathway")
        MOVED_AWAY = "moved-away", _("the person moved away")
        PERSONS_WISH = "persons-wish", _("the person wished it")
        NO_CONTACT = "no-contact", _("the person could not be reached")
        DIED = "died", _("the person died")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one pathway.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=pathway_reference, editable=False
    )
    person = models.ForeignKey(
        "members.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pathways",
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="pathways",
        verbose_name=_("organisation that coordinates"),
    )
    kind = models.ForeignKey(PathwayKind, on_delete=models.PROTECT, related_name="pathways")
    route = models.CharField(_("how they came"), max_length=26, choices=Route.choices)
    eligibility = models.CharField(
        _("what the assessment found"), max_length=12, choices=Eligibility.choices, blank=True
    )
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coordinator"),
    )
    # Whom the person rings; often the coordinator, sometimes somebody nearer to them.
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    contact_phone = models.CharField(_("their phone"), max_length=30, blank=True)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    stage_since = models.DateField(default=timezone.localdate, editable=False)
    # Where the person lived when it began: for counting, and never looked up again. "" when not known.
    ward = models.CharField(
        _("ward"), max_length=9, blank=True, help_text=_("ONS code"), editable=False
    )
    started_on = models.DateField(_("began on"), default=timezone.localdate)
    # Paused: it goes on later. Why is for whoever goes with them.
    paused_on = models.DateField(_("paused on"), null=True, blank=True, editable=False)
    paused_because = models.CharField(_("why it is paused"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    end = models.CharField(_("how it ended"), max_length=15, choices=End.choices, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PathwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("pathway")
        verbose_name_plural = _("pathways")
        ordering = ["-started_on", "id"]
        indexes = [
            models.Index(
                fields=["coordinator", "stage_since"],
                name="pathways_caseload",
                condition=Q(ended_at=None),
            ),
            models.Index(fields=["organisation", "started_on"], name="pathways_by_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="pathways_ended_says_how",
                violation_error_message=_("Say how it ended."),
            ),
            models.CheckConstraint(
                condition=Q(route="local-authority-assessment", assessed_on__isnull=False)
                & ~Q(eligibility="")
                | ~Q(route="local-authority-assessment") & Q(eligibility="", assessed_on=None),
                name="pathways_assessment_has_a_result",
                violation_error_message=_("Say what the council's assessment found, and when."),
            ),
            models.CheckConstraint(
                condition=Q(paused_on=None, paused_because="")
                | Q(paused_on__isnull=False, ended_at=None),
                name="pathways_paused_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(anonymised_at__isnull=False),
                name="pathways_person_until_anonymised",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(ended_at=None),
                name="pathways_one_of_a_kind_at_a_time",
                violation_error_message=_("They are on a pathway of this kind already."),
            ),
        ]

    def __str__(self) -> str:
        return f"pathway {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("pathways:pathway", args=[self.id])

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def ends_by(self) -> date | None:
        """The last day of a kind that lasts some weeks only, such as reablement."""
        weeks = self.kind.lasts_at_most_weeks
        return None if weeks is None else self.started_on + timedelta(weeks=weeks)

    def stage_is_slow(self, today: date) -> bool:
        """It has stood in its stage for longer than is usual."""
        days = self.stage.usual_days
        return days is not None and (today - self.stage_since).days > days


class StageChange(AppendOnly):
    """One step along the way."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="stage_changes")
    number = models.PositiveSmallIntegerField(editable=False)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a pathway")
        verbose_name_plural = _("steps of pathways")
        ordering = ["pathway", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "number"], name="pathways_stage_change_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.pathway_id}"
