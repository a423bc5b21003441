"""When a volunteer is free, week by week."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.volunteer import Volunteer


class Availability(models.Model):
    """A weekly window by the clock on the wall in Europe/London, whatever the season. ``weekday`` is ISO:
    Monday is 1. ``ends`` 00:00 is the midnight at the end of the day; a window over midnight is two rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="availability")
    weekday = models.PositiveSmallIntegerField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("time when a volunteer is free")
        verbose_name_plural = _("times when volunteers are free")
        ordering = ["volunteer", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7),
                name="volunteers_availability_iso_weekday",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")) | Q(ends="00:00"),
                name="volunteers_availability_ends_after_it_begins",
                violation_error_message=_("It must end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["volunteer", "weekday", "starts"], name="volunteers_availability_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"


class Away(models.Model):
    """Days on which a volunteer is not free at all: a holiday, an operation. Both days included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="away")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("time away")
        verbose_name_plural = _("times away")
        ordering = ["volunteer", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=models.F("from_on")),
                name="volunteers_away_ends_after_it_begins",
                violation_error_message=_("The last day must not be before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"away {self.from_on} to {self.until_on}"
