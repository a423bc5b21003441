"""What is offered: the service, what it costs, and who it is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models.identity import Identified, PublicRecord
from directory.models.organisations import Organisation
from directory.models.reach import Language
from directory.models.taxonomy import TaxonomyTerm

# How long a check of the facts is good for. Open Referral UK recommends an assured date under three
# months old; a service nobody has looked at for a year is said to be out of date.
FRESH_FOR = timedelta(days=92)
OVERDUE_AFTER = timedelta(days=365)


class Freshness(models.TextChoices):
    """How far a reader can trust the facts, from the date they were last checked."""

    FRESH = "fresh", _("checked in the last three months")
    DUE = "due", _("checked in the last year")
    OVERDUE = "overdue", _("not checked for over a year")
    NEVER = "never", _("not checked yet")


class ServiceQuerySet(models.QuerySet["Service"]):
    def publishable(self) -> ServiceQuerySet:
        """Those that the public may see anywhere: page, search, map, export, print.

        This is the only place where that is decided. A service that is closed for a while stays,
        with a notice, because people who knew it will look for it.
        """
        return self.filter(
            status__in=[Service.Status.ACTIVE, Service.Status.TEMPORARILY_CLOSED],
            published=True,
            organisation__published=True,
        )

    def for_a_to_z(self, letter: str) -> ServiceQuerySet:
        """Names under one letter, with who offers them; "0" stands for figures and signs."""
        found = self.publishable().select_related("organisation").order_by("sort_key", "id")
        if letter == "0":
            return found.exclude(sort_key__regex=r"^[a-z]")
        return found.filter(sort_key__startswith=letter)

    def first_letters(self) -> set[str]:
        """The letters that names begin with; "0" for any figure or sign."""
        found = (
            self.order_by().annotate(first=Substr("sort_key", 1, 1)).values_list("first", flat=True)
        )
        return {c if "a" <= c <= "z" else "0" for c in found.distinct()}

    def for_topic_page(self, term_ids: Iterable[UUID]) -> ServiceQuerySet:
        """What is about one of these topics, by name, ready for a list."""
        return self.publishable().filter(terms__in=list(term_ids)).distinct().for_lists()

    def for_list_of(self, ids: Iterable[UUID]) -> ServiceQuerySet:
        """These, where the public may see them: somebody's own list."""
        return self.publishable().filter(id__in=list(ids)).for_lists()

    def for_lists(self) -> ServiceQuerySet:
        """With everything that one entry of a list says, in a fixed number of queries."""
        return (
            self.select_related("organisation")
            .prefetch_related("phones", "organisation__phones", "cost_options")
            .with_hours()
            .order_by("sort_key", "id")
        )

    def for_service_page(self) -> ServiceQuerySet:
        """With everything that a service's own page says, in a fixed number of queries."""
        return self.publishable().with_everything()

    def with_everything(self) -> ServiceQuerySet:
        """With all that is said about a service anywhere, on its page or on paper."""
        return (
            self.select_related("organisation")
            .prefetch_related(
                "phones",
                "organisation__phones",
                "contacts",
                "cost_options",
                "languages",
                "terms",
                "access_facts",
                "eligibility_rules__terms",
                "service_areas",
                "service_at_locations__location__addresses",
                "service_at_locations__location__access_facts",
            )
            .with_hours()
            .order_by("sort_key", "id")
        )

    def with_hours(self) -> ServiceQuerySet:
        """With everything that :mod:`directory.hours.records` reads, in nine queries for any
        number of services. Events that are over stay in the database."""
        from directory.models.hours import Event  # hours has a foreign key to this module

        yesterday = timezone.now() - timedelta(days=1)
        upcoming = Event.objects.filter(Q(starts_at__gte=yesterday) | Q(ends_at__gte=yesterday))
        return self.prefetch_related(
            "openingrules",
            "scheduleexceptions",
            "service_at_locations__openingrules",
            "service_at_locations__scheduleexceptions",
            "service_at_locations__location__openingrules",
            "service_at_locations__location__scheduleexceptions",
            models.Prefetch("events", queryset=upcoming, to_attr="upcoming_events"),
        )

    def editable_by(self, user: AbstractBaseUser | AnonymousUser) -> ServiceQuerySet:
        """Those whose facts ``user`` may change: all of them, or their own organisation's."""
        scope = scope_of_permission(user, Permission.SERVICE_CHANGE)
        return self if scope.network else self.filter(organisation__in=scope.organisations)

    def for_desk(self) -> ServiceQuerySet:
        """The editors' list: never checked first, then the longest ago."""
        return self.select_related("organisation").order_by(
            F("checked_on").asc(nulls_first=True), "sort_key", "id"
        )


class Service(PublicRecord):
    """Help that a person can get (HSDS ``service``, Open Referral UK v3)."""

    class Status(models.TextChoices):
        """Open Referral UK's own words, which it writes in lower case with a space."""

        ACTIVE = "active", _("running")
        INACTIVE = "inactive", _("not running")
        DEFUNCT = "defunct", _("ended")
        TEMPORARILY_CLOSED = "temporarily closed", _("closed for now")

    class Cost(models.TextChoices):
        """Three states: the absence of a price is not the same as free."""

        FREE = "free", _("Free")
        PAID = "paid", _("Paid for")
        NOT_KNOWN = "not_known", _("Cost not known")

    class Delivery(models.TextChoices):
        """How the help reaches a person."""

        AT_PLACE = "at_place", _("At a place")
        COMES_TO_YOU = "comes_to_you", _("Comes to you")
        PHONE = "phone", _("By phone")
        ONLINE = "online", _("Online")

    class Capacity(models.TextChoices):
        OPEN = "open", _("Taking people now")
        WAITING_LIST = "waiting_list", _("There is a waiting list")
        FULL = "full", _("Full for now")
        NOT_KNOWN = "not_known", _("Not known: ask")

    class BankHolidays(models.TextChoices):
        CLOSED = "closed", _("Closed on bank holidays")
        OPEN = "open", _("Open on bank holidays")
        NOT_KNOWN = "not_known", _("Bank holidays: not known, ask")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="services"
    )
    summary = models.CharField(
        _("in one or two sentences"), max_length=400, blank=True, help_text=_("Plain text.")
    )
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    easy_read_summary = models.TextField(
        _("Easy Read summary"), blank=True, help_text=_("Written by a person, one idea a line.")
    )
    bsl_video_url = models.URLField(_("British Sign Language video"), max_length=500, blank=True)
    url = models.URLField(_("website"), max_length=500, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    status = models.CharField(
        _("state"), max_length=20, choices=Status.choices, default=Status.ACTIVE
    )
    closed_until = models.DateField(_("closed until"), null=True, blank=True)
    alert = models.CharField(
        _("notice"), max_length=300, blank=True, help_text=_("Shown first on the page.")
    )
    published = models.BooleanField(_("shown to the public"), default=True)

    application_process = models.TextField(
        _("how to start"), blank=True, help_text=_("One line: ring, walk in, or fill in a form.")
    )
    required_documents = models.TextField(_("what to bring"), blank=True)
    interpretation_services = models.CharField(_("interpreting"), max_length=300, blank=True)

    cost = models.CharField(_("cost"), max_length=10, choices=Cost.choices, default=Cost.NOT_KNOWN)
    fees_description = models.TextField(_("about the cost"), blank=True)
    eligibility_description = models.TextField(_("who it is for, in words"), blank=True)
    minimum_age = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("oldest age"), null=True, blank=True)

    delivery = ArrayField(
        models.CharField(max_length=15, choices=Delivery.choices),
        default=list,
        blank=True,
        verbose_name=_("how the help is given"),
    )
    capacity = models.CharField(
        _("places"), max_length=15, choices=Capacity.choices, default=Capacity.NOT_KNOWN
    )
    wait_time = models.CharField(_("how long the wait is"), max_length=200, blank=True)
    bank_holidays = models.CharField(
        _("on bank holidays"),
        max_length=10,
        choices=BankHolidays.choices,
        default=BankHolidays.NOT_KNOWN,
    )
    hours_note = models.CharField(
        _("about the times"),
        max_length=300,
        blank=True,
        help_text=_("What the times cannot say, such as “ring first”."),
    )

    accreditations = models.TextField(_("accreditations"), blank=True)
    terms = models.ManyToManyField(
        TaxonomyTerm, related_name="services", blank=True, verbose_name=_("topics")
    )
    languages = models.ManyToManyField(
        Language, related_name="services", blank=True, verbose_name=_("languages spoken")
    )

    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_(
            "When somebody last confirmed the facts (HSDS assured_date). Never by an edit."
        ),
    )
    checked_by = models.CharField(
        _("checked by"), max_length=150, blank=True, help_text=_("A role or organisation.")
    )
    source = models.CharField(_("came from"), max_length=100, blank=True)
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="directory_service_has_name",
                violation_error_message=_("Give the service's name."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_age=None)
                | Q(maximum_age=None)
                | Q(minimum_age__lte=models.F("maximum_age")),
                name="directory_service_ages_in_order",
                violation_error_message=_("The youngest age must not be above the oldest."),
            ),
            models.CheckConstraint(
                condition=Q(closed_until=None) | Q(status="temporarily closed"),
                name="directory_service_closed_until_when_closed",
                violation_error_message=_(
                    "A date of re-opening goes with a service that is closed for now."
                ),
            ),
            models.CheckConstraint(
                condition=Q(checked_by="") | Q(checked_on__isnull=False),
                name="directory_service_checked_by_with_date",
                violation_error_message=_("Say when it was checked as well as by whom."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "inactive", "defunct", "temporarily closed"]),
                name="directory_service_status_known",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("directory:service", args=[self.slug, self.short_id])

    def freshness(self, today: date | None = None) -> Freshness:
        """How far the facts can be trusted on ``today`` (the London date when not given)."""
        if self.checked_on is None:
            return Freshness.NEVER
        age = (today or timezone.localdate()) - self.checked_on
        if age <= FRESH_FOR:
            return Freshness.FRESH
        return Freshness.DUE if age <= OVERDUE_AFTER else Freshness.OVERDUE

    @property
    def is_closed_for_now(self) -> bool:
        return self.status == self.Status.TEMPORARILY_CLOSED

    @property
    def has_no_place(self) -> bool:
        """Given by phone, online or at home only: a distance must never cut it."""
        return self.Delivery.AT_PLACE not in self.delivery


class CostOption(Identified):
    """One price, such as £11 a visit (HSDS ``cost_option``). Money is integer pence."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="cost_options")
    option = models.CharField(_("for whom or what"), max_length=200, blank=True)
    amount = models.PositiveIntegerField(_("amount in pence"), null=True, blank=True)
    currency = models.CharField(max_length=3, default="GBP")
    amount_description = models.CharField(
        _("per what"), max_length=200, blank=True, help_text=_("“a visit”, “an hour”")
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["amount", "option", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_to=None)
                | Q(valid_from__lte=models.F("valid_to")),
                name="directory_cost_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.option} {self.amount}"


class ServiceArea(Identified):
    """Where people must live to use it (HSDS ``service_area``). None given means not known."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_areas")
    name = models.CharField(max_length=255, blank=True)
    area_code = models.CharField(
        max_length=9, blank=True, help_text=_("GSS code of an area, or a postcode district.")
    )
    uri = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class EligibilityTerm(Identified):
    """One answer to "who is it for?", within a group: "carers" in "Caring"."""

    class Group(models.TextChoices):
        AGE = "age", _("Age")
        DISABILITY = "disability", _("Disability")
        CARING = "caring", _("Caring for someone")
        HEALTH = "health", _("Health condition")
        HOUSING = "housing", _("Housing")
        INCOME = "income", _("Money and work")
        GENDER = "gender", _("Gender")
        COMMUNITY = "community", _("Community and language")

    group = models.CharField(max_length=12, choices=Group.choices)
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    # For the group AGE, so that a filter by age can compare numbers.
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["group", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="directory_eligibility_once")
        ]

    def __str__(self) -> str:
        return self.name


class EligibilityRule(models.Model):
    """Who a service is for, in one group: open to all, or these. No row means not known."""

    class Openness(models.TextChoices):
        ALL = "all", _("open to all")
        THESE = "these", _("only these")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="eligibility_rules")
    group = models.CharField(max_length=12, choices=EligibilityTerm.Group.choices)
    openness = models.CharField(max_length=5, choices=Openness.choices)
    terms = models.ManyToManyField(EligibilityTerm, related_name="rules", blank=True)

    class Meta:
        ordering = ["service", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "group"], name="directory_one_rule_per_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.get_openness_display()}"
