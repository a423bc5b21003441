"""Versions of the table from which indicative budgets are reckoned. None is ever changed."""

from __future__ import annotations

import uuid
from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from pathways.budgets.allocation import Domain, Level, SourceFigures, Table
from pathways.models.pathway import Pathway


class AllocationVersion(AppendOnly):
    """Questions, points and source figures, as they held from a day on (Derby's method).

    ``table``: ``[{"code", "words", "levels": [{"code", "words", "points"}]}]``. Money in pence.
    """

    instead = "Make the next version."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True, editable=False)
    valid_from = models.DateField(_("from"))
    table = models.JSONField()
    budget_pence = models.BigIntegerField(_("community care budget for a year"))
    sample_cases = models.PositiveIntegerField(_("cases of the paper exercise"))
    sample_points = models.PositiveIntegerField(_("their points"))
    people = models.PositiveIntegerField(_("people who use services"))
    top_slice_per_mille = models.PositiveSmallIntegerField(
        _("held back, in a thousand"), default=150
    )
    sources = models.TextField(_("where the figures come from"))
    # Whether the table treats ages and groups alike was looked at, and what was found (Equality Act, s.149).
    equality_check = models.TextField(_("equality check"))
    # [{"by": "age" | "group", "name", "cases", "points"}] of the sample; None where too few to be shown.
    equality_table = models.JSONField(default=list, blank=True)
    signed_off_by = models.CharField(_("signed off by"), max_length=100, blank=True)
    signed_off_on = models.DateField(_("signed off on"), null=True, blank=True)
    made_by_name = models.CharField(_("author"), max_length=100)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the allocation table")
        verbose_name_plural = _("versions of the allocation table")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["valid_from"],
                name="pathways_allocation_once_a_day",
                violation_error_message=_("There is a version from this day already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    budget_pence__gte=0,
                    sample_cases__gte=1,
                    sample_points__gte=1,
                    people__gte=1,
                    top_slice_per_mille__lt=1000,
                ),
                name="pathways_allocation_can_be_reckoned",
                violation_error_message=_("Cases, points and people are at least one."),
            ),
            models.CheckConstraint(
                condition=~Q(equality_check="") & ~Q(sources=""),
                name="pathways_allocation_says_its_sources",
                violation_error_message=_(
                    "Say where the figures come from, and what the check found."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"allocation table {self.number}"

    @property
    def questions(self) -> Table:
        return Table(
            tuple(
                Domain(
                    domain["code"],
                    domain["words"],
                    tuple(
                        Level(level["code"], level["words"], level["points"])
                        for level in domain["levels"]
                    ),
                )
                for domain in self.table
            )
        )

    @property
    def figures(self) -> SourceFigures:
        return SourceFigures(
            budget_pence=self.budget_pence,
            sample_cases=self.sample_cases,
            sample_points=self.sample_points,
            people=self.people,
            top_slice=Fraction(self.top_slice_per_mille, 1000),
        )


class NeedsAssessment(models.Model):
    """Answers to the table's questions for one person: with them, never about them alone.

    ``started -> submitted -> discussed -> superseded``. It has no legal significance: a formal assessment
    is always required (study of 2011, Appendix 5).
    """

    class State(models.TextChoices):
        STARTED = "started", _("begun")
        SUBMITTED = "submitted", _("handed in")
        DISCUSSED = "discussed", _("talked through")
        SUPERSEDED = "superseded", _("a newer one has taken its place")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="needs")
    allocation = models.ForeignKey(
        AllocationVersion, on_delete=models.PROTECT, related_name="assessments"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    # The code of a level for each domain.
    answers = models.JSONField(default=dict, blank=True)
    points = models.PositiveIntegerField(null=True, blank=True)
    # Unpaid care never lowers the figure without the carer's own yes.
    carer_agreed_on = models.DateField(_("the carer agreed on"), null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("assessment of needs")
        verbose_name_plural = _("assessments of needs")
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="started") | Q(points__isnull=False),
                name="pathways_needs_have_points",
            )
        ]

    def __str__(self) -> str:
        return f"assessment {self.id}"
