"""Dated rates: what is paid for a mile, and what an hour given is counted as."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DatedRateQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Any:
        """The rate in force on that day, or None."""
        return self.filter(from_on__lte=day).order_by("-from_on").first()


class Vehicle(models.TextChoices):
    """What miles were travelled with; *passenger* is what a driver gets for each passenger they took."""

    CAR = "car", _("Car or van")
    MOTORCYCLE = "motorcycle", _("Motorcycle")
    BICYCLE = "bicycle", _("Bicycle")
    PASSENGER = "passenger", _("For each passenger")


class MileageRateQuerySet(DatedRateQuerySet):
    def on(self, day: date, vehicle: str = Vehicle.CAR) -> Any:
        """The rate of that vehicle in force on that day, or None."""
        return self.filter(vehicle=vehicle, from_on__lte=day).order_by("-from_on").first()


class MileageRate(models.Model):
    """Pence for a mile with a vehicle, from a day on until the next rate; ``pence_after`` for miles beyond
    ``after_miles`` in a tax year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vehicle = models.CharField(
        _("vehicle"), max_length=10, choices=Vehicle.choices, default=Vehicle.CAR
    )
    from_on = models.DateField(_("from"))
    pence = models.PositiveSmallIntegerField(_("pence for a mile"))
    after_miles = models.PositiveIntegerField(_("miles in a tax year"), null=True, blank=True)
    pence_after = models.PositiveSmallIntegerField(
        _("pence for each mile more"), null=True, blank=True
    )
    source = models.CharField(_("where it comes from"), max_length=200, blank=True)

    objects = MileageRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mileage rate")
        verbose_name_plural = _("mileage rates")
        ordering = ["vehicle", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "from_on"],
                name="volunteers_mileage_rate_once",
                violation_error_message=_("There is a rate from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(after_miles=None, pence_after=None)
                | Q(after_miles__isnull=False, pence_after__isnull=False),
                name="volunteers_mileage_rate_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle}: {self.pence} p from {self.from_on}"


class HourValueRate(models.Model):
    """What an hour given is counted as, in pence, from a day on until the next rate; for reports only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    from_on = models.DateField(_("from"), unique=True)
    pence = models.PositiveIntegerField(_("pence for an hour"))
    source = models.CharField(_("where it comes from"), max_length=200, blank=True)

    objects = DatedRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("value of an hour")
        verbose_name_plural = _("values of an hour")
        ordering = ["-from_on"]

    def __str__(self) -> str:
        return f"{self.pence} p from {self.from_on}"


def mileage_pence(miles: Decimal, pence: int) -> int:
    """What so many miles come to, to the nearest penny, a half upwards."""
    return int((miles * pence).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def value_pence(minutes: int, pence: int) -> int:
    """What so many minutes are counted as at so much an hour, to the nearest penny, a half upwards."""
    return (minutes * pence * 2 + 60) // 120
