"""Measures of whether life got better, each with the occasion on which it was taken."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pathways.models.goal import Goal
from pathways.models.pathway import Pathway
from pathways.outcomes.ons4 import HIGHEST, LOWEST, Question
from pathways.plans.states import Achievement


class Measuring(models.Model):
    """One sitting: what was asked then stands in its rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one sitting.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="measurings")
    review = models.ForeignKey(
        "pathways.Review", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_on = models.DateField(_("asked on"), default=timezone.localdate)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["pathway", "taken_on", "id"]

    def __str__(self) -> str:
        return f"sitting {self.id}"


class WellbeingAnswer(models.Model):
    """One of the four questions of the ONS; "would rather not say" is no row. Never summed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measuring = models.ForeignKey(Measuring, on_delete=models.PROTECT, related_name="wellbeing")
    question = models.CharField(max_length=10, choices=[(q.value, q.value) for q in Question])
    score = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("answer about well-being")
        verbose_name_plural = _("answers about well-being")
        ordering = ["measuring", "question"]
        constraints = [
            models.UniqueConstraint(
                fields=["measuring", "question"], name="pathways_wellbeing_once"
            ),
            models.CheckConstraint(
                condition=Q(score__range=(LOWEST, HIGHEST)),
                name="pathways_wellbeing_nought_to_ten",
                violation_error_message=_("Choose a number from 0 to 10."),
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.id}"


class GoalAnswer(models.Model):
    """How far somebody has come with a goal, by their own word on that day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measuring = models.ForeignKey(Measuring, on_delete=models.PROTECT, related_name="goal_answers")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="answers")
    achievement = models.CharField(max_length=14, choices=Achievement.choices)

    class Meta:
        verbose_name = _("answer about a goal")
        verbose_name_plural = _("answers about goals")
        ordering = ["measuring", "id"]
        constraints = [
            models.UniqueConstraint(fields=["measuring", "goal"], name="pathways_goal_asked_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.id}"


class OutsideScore(models.Model):
    """The result of a tool that is not built in (most need a licence): its name, its range, the number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measuring = models.ForeignKey(
        Measuring, on_delete=models.PROTECT, related_name="outside_scores"
    )
    tool = models.CharField(_("name of the tool"), max_length=100)
    lowest = models.DecimalField(_("lowest score"), max_digits=8, decimal_places=2)
    highest = models.DecimalField(_("highest score"), max_digits=8, decimal_places=2)
    score = models.DecimalField(_("score"), max_digits=8, decimal_places=2)
    more_is_better = models.BooleanField(_("a higher score is better"), default=True)

    class Meta:
        verbose_name = _("score of an outside tool")
        verbose_name_plural = _("scores of outside tools")
        ordering = ["measuring", "tool"]
        constraints = [
            models.UniqueConstraint(fields=["measuring", "tool"], name="pathways_tool_once"),
            models.CheckConstraint(
                condition=Q(lowest__lt=F("highest"))
                & Q(score__gte=F("lowest"), score__lte=F("highest")),
                name="pathways_score_in_its_range",
                violation_error_message=_("The score lies between the lowest and the highest."),
            ),
        ]

    def __str__(self) -> str:
        return f"score {self.id}"
