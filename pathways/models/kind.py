"""Kinds of pathway and their stages: data, so that a borough can have its own."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pathways.reviews.dates import Rhythm


class PathwayKind(models.Model):
    """General, social prescribing, reablement, carers, hospital discharge: with its stages and its rhythm."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("what it is for"), blank=True)
    offered = models.BooleanField(_("can be begun now"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    # Care and Support Statutory Guidance, chapter 13: a light-touch review after six to eight weeks.
    first_after_weeks = models.PositiveSmallIntegerField(_("first review after, weeks"), default=6)
    first_within_weeks = models.PositiveSmallIntegerField(_("and within, weeks"), default=8)
    then_within_months = models.PositiveSmallIntegerField(_("then within, months"), default=12)
    # Reablement lasts six to twelve weeks; empty for what has no end of its own.
    lasts_at_least_weeks = models.PositiveSmallIntegerField(
        _("lasts at least, weeks"), null=True, blank=True
    )
    lasts_at_most_weeks = models.PositiveSmallIntegerField(
        _("lasts at most, weeks"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("kind of pathway")
        verbose_name_plural = _("kinds of pathway")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_after_weeks__lte=F("first_within_weeks")),
                name="pathways_kind_window_opens_first",
                violation_error_message=_("A review's window opens before it closes."),
            ),
            models.CheckConstraint(
                condition=Q(then_within_months__gte=1, then_within_months__lte=12),
                name="pathways_kind_reviewed_every_year",
                violation_error_message=_(
                    "Reviews are at most twelve months apart (Care Act guidance, chapter 13)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(lasts_at_least_weeks=None, lasts_at_most_weeks=None)
                | Q(lasts_at_least_weeks__lte=F("lasts_at_most_weeks")),
                name="pathways_kind_lasts_from_until",
                violation_error_message=_("Give both, the shorter time first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.first_after_weeks, self.first_within_weeks, self.then_within_months)


class Stage(models.Model):
    """A step of a kind of pathway: where somebody is on their way. Not a state: nothing follows from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.ForeignKey(PathwayKind, on_delete=models.PROTECT, related_name="stages")
    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("place"), default=100)
    # After how many days somebody should look whether it goes on; empty: no hurry.
    usual_days = models.PositiveSmallIntegerField(_("usually lasts, days"), null=True, blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="pathways_stage_once"),
            models.UniqueConstraint(
                fields=["kind", "position"],
                name="pathways_stage_one_place_each",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.name
