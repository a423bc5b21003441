"""The plan: the person's own, in their words; what it held on the day that it was agreed."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from pathways.models.agreement import Agreement
from pathways.models.pathway import Pathway
from pathways.plans.states import PLAN_FINAL, PlanState

WORDS_AT_MOST = 6000


class Part(models.TextChoices):
    """The parts of a plan that are words, in the order in which they stand."""

    ABOUT_ME = "about-me", _("About me")
    MATTERS = "matters", _("What matters to me")
    GOOD_DAY = "good-day", _("A good day")
    BAD_DAY = "bad-day", _("A bad day")
    SUPPORT = "support", _("How to support me well")
    CONTINGENCY = "contingency", _("If something goes wrong")


class Shared(models.TextChoices):
    """What can be shared of a plan, each by itself."""

    ABOUT_ME = "about-me", _("About me, what matters, good and bad days")
    CIRCLE = "circle", _("My circle of support")
    GOALS = "goals", _("My goals and who does what")
    RISKS = "risks", _("Risks and what we decided")
    CONTINGENCY = "contingency", _("If something goes wrong")
    BUDGET = "budget", _("My budget")


class CarePlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: Any) -> CarePlanQuerySet:
        """Those on pathways that ``user`` may see. A provider sees what was shared: ``PlanShare``."""
        return self.filter(pathway__in=Pathway.objects.visible_to(user))

    def current(self) -> CarePlanQuerySet:
        return self.exclude(state__in=sorted(PLAN_FINAL))


class Plan(models.Model):
    """FHIR ``CarePlan``. ``version`` counts every change to any part of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=16, choices=PlanState.choices, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=0, editable=False)
    # The version that is in place, once three names stand under it.
    agreed_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    # A recording of the person: where it can be heard, not the recording.
    recording = models.URLField(_("address of a recording"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CarePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway"],
                condition=~Q(state__in=["completed", "revoked", "entered-in-error"]),
                name="pathways_one_plan_at_a_time",
                violation_error_message=_("There is a plan already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "on-hold", "completed"])
                | Q(agreed_version__isnull=False, starts_on__isnull=False),
                name="pathways_plan_in_place_is_agreed",
                violation_error_message=_(
                    "A plan is in place when the person, the planner and the authoriser have agreed."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(PLAN_FINAL), ended_at__isnull=False)
                | ~Q(state__in=sorted(PLAN_FINAL)) & Q(ended_at=None),
                name="pathways_plan_ended_when_final",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.id}"

    @property
    def is_final(self) -> bool:
        return self.state in PLAN_FINAL

    @property
    def changed_since_agreed(self) -> bool:
        return self.agreed_version is not None and self.version > self.agreed_version


class Words(models.Model):
    """One part of a plan in words. ``version`` is the plan's when it was last written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=11, choices=Part.choices)
    words = models.TextField(blank=True)
    # A picture instead of words, or beside them; with what it shows for those who cannot see it.
    picture = models.ImageField(upload_to="plans/", blank=True)
    picture_shows = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("part of a plan")
        verbose_name_plural = _("parts of plans")
        ordering = ["plan", "part"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "part"], name="pathways_part_once"),
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("words"), WORDS_AT_MOST)),
                name="pathways_words_fit",
                violation_error_message=_("Please use 6,000 characters or fewer."),
            ),
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_shows=""),
                name="pathways_picture_is_described",
                violation_error_message=_("Say what the picture shows."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of plan {self.plan_id}"


class PlanVersionQuerySet(AppendOnlyQuerySet["PlanVersion"]):
    def forget(self) -> int:
        """Blank what it held and who wrote: for an erasure."""
        return self.blank(contents={}, by=None, by_name="")


class PlanVersion(AppendOnly):
    """All that the plan held after a change, and who made it.

    ``contents``: see ``pathways.plans.contents``; a change is shown as the difference between two rows.
    """

    instead = "Change the plan, which adds the next; forget() is for an erasure."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(editable=False)
    contents = models.JSONField(default=dict, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    by_name = models.CharField(max_length=100, blank=True, editable=False)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a plan")
        verbose_name_plural = _("versions of plans")
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="pathways_plan_version_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number} of plan {self.plan_id}"


class PlanAgreement(Agreement):
    """Somebody's name under a version of a plan. Three make it hold."""

    class How(models.TextChoices):
        SPOKEN = "spoken", _("said so")
        WRITTEN = "written", _("signed on paper")
        ONLINE = "online", _("on the website")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="agreements")
    how = models.CharField(_("how"), max_length=7, choices=How.choices)

    class Meta:
        verbose_name = _("agreement to a plan")
        verbose_name_plural = _("agreements to plans")
        ordering = ["plan", "version", "agreed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "version", "role"],
                name="pathways_agreed_once",
                violation_error_message=_("That name stands under it already."),
            ),
            models.UniqueConstraint(
                fields=["plan", "version", "account"],
                name="pathways_agreed_by_different_people",
                violation_error_message=_("The planner and the authoriser are two people."),
            ),
            models.CheckConstraint(
                condition=Q(role="person") | Q(account__isnull=False),
                name="pathways_staff_agree_by_themselves",
            ),
        ]

    @property
    def how_words(self) -> str:
        """The planner and the authoriser press a button, signed in: nothing was signed on paper."""
        return str(_("signed in") if self.account_id is not None else self.get_how_display())


class PlanCopy(models.Model):
    """Who was given a copy: of which version, on what day, and with which parts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="copies")
    version = models.PositiveIntegerField()
    holder = models.CharField(_("who has it"), max_length=100, blank=True)
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    parts = models.JSONField(default=list)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("copy of a plan")
        verbose_name_plural = _("copies of plans")
        ordering = ["plan", "-given_on", "id"]

    def __str__(self) -> str:
        return f"copy {self.id}"


class PlanShare(models.Model):
    """An organisation may see one part of a plan: with the person's consent, until it is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(max_length=11, choices=Shared.choices)
    # A provider who takes part may write in what is shared with them.
    may_write = models.BooleanField(_("may write in it"), default=False)
    consent = models.ForeignKey("members.Consent", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("shared part of a plan")
        verbose_name_plural = _("shared parts of plans")
        ordering = ["plan", "organisation", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "part"],
                condition=Q(until=None),
                name="pathways_shared_once",
                violation_error_message=_("They may see this part already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} of plan {self.plan_id}"
