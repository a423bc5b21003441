"""When help is given: rules that repeat, days that differ, and single events.

Opening hours (``OpeningRule``) are kept apart from sessions and events (``Event``), as HSDS is
about to do (``operating_hours`` and ``events``). Times are local London times: a club that opens
at 10 opens at 10 before and after the clocks change. No rule at all means *not known*, which is
neither closed nor open round the clock.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.identity import Identified
from directory.models.places import Location, ServiceAtLocation
from directory.models.services import Service

# Exactly one of the three owners; rules of the service are used where its place has none.
ONE_OWNER = (
    Q(service__isnull=False, service_at_location__isnull=True, location__isnull=True)
    | Q(service__isnull=True, service_at_location__isnull=False, location__isnull=True)
    | Q(service__isnull=True, service_at_location__isnull=True, location__isnull=False)
)


class Weekday(models.IntegerChoices):
    """Numbered as Python's ``date.weekday()``."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Owned(models.Model):
    """Belongs to a service, to a service at one of its places, or to a place."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True


class Calendar(models.Model):
    """Dates that rules can follow: bank holidays (days off) or school terms (date ranges)."""

    class Kind(models.TextChoices):
        BANK_HOLIDAYS = "bank_holidays", _("Bank holidays")
        TERMS = "terms", _("School terms")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    covers_until = models.DateField(
        null=True, blank=True, help_text=_("After this date the calendar does not know.")
    )

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A bank holiday, or a term from its first to its last day."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    starts_on = models.DateField()
    ends_on = models.DateField()
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=models.F("ends_on")),
                name="directory_calendar_day_in_order",
            ),
            models.UniqueConstraint(
                fields=["calendar", "starts_on"], name="directory_calendar_day_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_on}"


class OpeningRule(Identified, Owned):
    """One session that repeats: "every second Tuesday, 10am to noon" (HSDS ``schedule``).

    Several sessions a day are several rules. ``closes_at`` at or before ``opens_at`` is the next
    day; both empty means that day, times not known.

    * weekly: ``weekday``
    * every n weeks: ``weekday``, ``interval`` > 1 and ``anchor``, a date on which it took place
    * nth weekday of the month: ``weekday`` and ``nth`` (1 to 5, or -1 for the last)
    * a day of the month: ``monthday`` (31 skips shorter months; -1 is the last day)
    """

    class Freq(models.TextChoices):
        WEEKLY = "WEEKLY", _("weekly")
        MONTHLY = "MONTHLY", _("monthly")

    freq = models.CharField(max_length=8, choices=Freq.choices, default=Freq.WEEKLY)
    interval = models.PositiveSmallIntegerField(default=1)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices, null=True, blank=True)
    nth = models.SmallIntegerField(null=True, blank=True)
    monthday = models.SmallIntegerField(null=True, blank=True)
    anchor = models.DateField(null=True, blank=True, help_text=_("A date on which it took place."))
    opens_at = models.TimeField(_("from"), null=True, blank=True)
    closes_at = models.TimeField(_("to"), null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    term_time_only = models.BooleanField(_("in school terms only"), default=False)
    by_appointment = models.BooleanField(_("ring first"), default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["weekday", "opens_at", "id"]
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="directory_opening_rule_one_owner"),
            models.CheckConstraint(
                condition=Q(
                    freq="WEEKLY", weekday__isnull=False, nth__isnull=True, monthday__isnull=True
                )
                | Q(freq="MONTHLY", weekday__isnull=False, nth__isnull=False, monthday__isnull=True)
                | Q(freq="MONTHLY", weekday__isnull=True, nth__isnull=True, monthday__isnull=False),
                name="directory_opening_rule_shape",
                violation_error_message=_("Choose a weekday, a weekday of the month or a date."),
            ),
            models.CheckConstraint(
                condition=Q(interval=1) | Q(interval__gt=1, anchor__isnull=False),
                name="directory_opening_rule_interval_has_anchor",
                violation_error_message=_(
                    "“Every second week” needs a date on which it took place."
                ),
            ),
            models.CheckConstraint(
                condition=Q(nth=None) | Q(nth__in=[1, 2, 3, 4, 5, -1]),
                name="directory_opening_rule_nth",
            ),
            models.CheckConstraint(
                condition=Q(monthday=None) | Q(monthday=-1) | Q(monthday__gte=1, monthday__lte=31),
                name="directory_opening_rule_monthday",
            ),
            models.CheckConstraint(
                condition=Q(weekday=None) | Q(weekday__lte=6),
                name="directory_opening_rule_weekday",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_to=None)
                | Q(valid_from__lte=models.F("valid_to")),
                name="directory_opening_rule_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.freq} {self.weekday} {self.opens_at}"


class ScheduleException(Identified, Owned):
    """Days that differ: closed, or other hours (HSDS ``holiday_schedule``)."""

    starts_on = models.DateField()
    ends_on = models.DateField()
    closed = models.BooleanField(default=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_OWNER, name="directory_schedule_exception_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=models.F("ends_on")),
                name="directory_schedule_exception_in_order",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(closed=True, opens_at=None, closes_at=None)
                | Q(closed=False, opens_at__isnull=False, closes_at__isnull=False),
                name="directory_schedule_exception_shape",
                violation_error_message=_("Say that it is closed, or give both times."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.reason}"


class Event(Identified):
    """One dated session, kept apart from opening hours."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="events")
    location = models.ForeignKey(
        Location, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    title = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="directory_event_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_at}"
