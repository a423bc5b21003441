"""What one can join: plans, and their terms from a day on."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from members.membership.periods import Period, Unit


class PlanQuerySet(models.QuerySet["Plan"]):
    def offered(self) -> PlanQuerySet:
        """Those that somebody can join now."""
        return self.filter(offered=True).order_by("position", "name")


class Plan(models.Model):
    """A kind of membership. What it costs and how long it lasts is in its terms, which are dated."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("For one person")
        HOUSEHOLD = "household", _("For a household")
        CARER = "carer", _("For carers")
        ASSOCIATE = "associate", _("Associate: for friends of the network")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("for whom"), max_length=10, choices=Kind.choices)
    description = models.TextField(_("what it gives"), blank=True)
    # The one who joined is one of them.
    people_at_most = models.PositiveSmallIntegerField(_("people at most"), default=1)
    offered = models.BooleanField(_("can be joined now"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    # Two officers at once are told apart by it.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people_at_most__gte=1, people_at_most__lte=20),
                name="members_plan_people",
                violation_error_message=_("Between one and twenty people can share a membership."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def terms_on(self, day: date) -> PlanTerms | None:
        """What held on that day; None before the first terms begin."""
        return self.terms.filter(valid_from__lte=day).order_by("-valid_from").first()


class PlanTerms(models.Model):
    """What a plan costs and how long it lasts, from a day until the next terms begin.

    Never changed, which a trigger sees to: a new price is a new row, so that it does not rewrite the past.
    Money in pence.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="terms")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    valid_from = models.DateField(_("from"))
    price_pence = models.PositiveIntegerField(_("price"))
    # The safety net's price; nothing, unless the network decides otherwise.
    concession_pence = models.PositiveIntegerField(_("price with the safety net"), default=0)
    vat_note = models.CharField(_("about VAT"), max_length=200, blank=True)
    period = models.CharField(
        _("period"),
        max_length=7,
        choices=[(Period.ROLLING, _("from the day of joining")), (Period.FIXED, _("fixed"))],
        default=Period.ROLLING,
    )
    duration = models.PositiveSmallIntegerField(_("how long"), default=1)
    unit = models.CharField(
        max_length=5,
        choices=[(Unit.MONTH, _("months")), (Unit.YEAR, _("years"))],
        default=Unit.YEAR,
    )
    fixed_month = models.PositiveSmallIntegerField(null=True, blank=True, choices=MONTHS)
    fixed_day = models.PositiveSmallIntegerField(null=True, blank=True)
    rollover_month = models.PositiveSmallIntegerField(null=True, blank=True, choices=MONTHS)
    rollover_day = models.PositiveSmallIntegerField(null=True, blank=True)
    new_months = models.PositiveSmallIntegerField(_("months called new"), default=3)
    grace_months = models.PositiveSmallIntegerField(_("months of grace"), default=1)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("terms of a plan")
        verbose_name_plural = _("terms of plans")
        ordering = ["plan", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "valid_from"],
                name="members_plan_terms_once_a_day",
                violation_error_message=_("There are terms from this day already."),
            ),
            models.CheckConstraint(
                condition=Q(concession_pence__lte=models.F("price_pence")),
                name="members_plan_concession_is_less",
                violation_error_message=_("The safety net cannot cost more than the price."),
            ),
            models.CheckConstraint(
                condition=Q(duration__gte=1, duration__lte=120),
                name="members_plan_duration",
                violation_error_message=_("It lasts at least one month or year."),
            ),
            models.CheckConstraint(
                condition=Q(fixed_month=None) | Q(fixed_month__range=(1, 12)),
                name="members_plan_fixed_month",
            ),
            models.CheckConstraint(
                condition=Q(rollover_month=None) | Q(rollover_month__range=(1, 12)),
                name="members_plan_rollover_month",
            ),
            models.CheckConstraint(
                condition=(Q(fixed_day=None) | Q(fixed_day__range=(1, 31)))
                & (Q(rollover_day=None) | Q(rollover_day__range=(1, 31))),
                name="members_plan_days",
            ),
            models.CheckConstraint(
                condition=~Q(period="fixed", unit="year")
                | Q(fixed_month__isnull=False, fixed_day__isnull=False),
                name="members_plan_fixed_year_has_a_start",
                violation_error_message=_("Say on which day of the year it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"terms of {self.plan_id} from {self.valid_from}"

    def price(self, *, concession: bool) -> int:
        """In pence."""
        return self.concession_pence if concession else self.price_pence
