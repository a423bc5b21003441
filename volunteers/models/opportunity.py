"""What somebody could do: a role that an organisation offers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Location, Organisation
from directory.models.identity import PublicRecord
from volunteers.models.check import CheckKind
from volunteers.models.interest import Interest
from volunteers.states import OpportunityState


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def public(self) -> OpportunityQuerySet:
        """What anybody may find: open, of an organisation that is shown."""
        return self.filter(state=OpportunityState.OPEN, organisation__published=True)

    def visible_to(self, user: Any) -> OpportunityQuerySet:
        """What ``user`` may change: their organisation's, or all for the volunteer centre."""
        scope = scope_of_permission(user, Permission.OPPORTUNITY_CHANGE)
        return self if scope.network else self.filter(organisation_id__in=scope.organisations)

    def with_places_taken(self) -> OpportunityQuerySet:
        """``places_taken``: applications that were given a place and not ended."""
        return self.annotate(
            places_taken=Count("applications", filter=Q(applications__outcome="placed"))
        )


class Opportunity(PublicRecord):
    """A role in words that anybody understands. ``name`` is its title (see ``PublicRecord``).

    ``places`` empty: as many as come. The last place is given under a lock, in
    ``actions.applications.place_volunteer``.
    """

    class Kind(models.TextChoices):
        ONE_OFF = "one-off", _("One day or one task")
        TASTER = "taster", _("A taster, to see if you like it")
        REGULAR = "regular", _("Regular")
        FAMILY = "family", _("For families, young and old together")
        TEAM = "team", _("For a team from work or college")

    class Where(models.TextChoices):
        PLACE = "place", _("At one place")
        HOME = "home", _("From your own home")
        VISITS = "visits", _("At people's homes, or out and about")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="opportunities"
    )
    state = models.CharField(
        max_length=9, choices=OpportunityState.choices, default=OpportunityState.DRAFT
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.REGULAR)
    summary = models.CharField(_("in one sentence"), max_length=200)
    what = models.TextField(_("what you would do"), blank=True)
    where = models.CharField(_("where"), max_length=6, choices=Where.choices, default=Where.PLACE)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="opportunities"
    )
    times_note = models.CharField(_("when, in words"), max_length=200, blank=True)
    flexible = models.BooleanField(_("you choose the times"), default=False)
    minutes_a_week = models.PositiveIntegerField(_("minutes a week"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    interests = models.ManyToManyField(
        Interest, blank=True, related_name="opportunities", verbose_name=_("interests and skills")
    )
    languages = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("languages")
    )
    checks_needed = ArrayField(
        models.CharField(max_length=14, choices=CheckKind.choices),
        default=list,
        blank=True,
        verbose_name=_("checks needed"),
    )
    dbs_level = models.CharField(
        _("level of DBS check"), max_length=15, choices=CheckKind.level_choices(), blank=True
    )
    minimum_age = models.PositiveSmallIntegerField(_("youngest age"), default=18)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    support = models.TextField(_("what support you get"), blank=True)
    expenses = models.TextField(_("what expenses are paid"), blank=True)
    wait_days = models.PositiveSmallIntegerField(
        _("days until you usually start"), null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="volunteers_opp_by_organisation"),
            models.Index(fields=["kind"], name="volunteers_opp_open", condition=Q(state="open")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None)
                | Q(starts_on=None)
                | Q(ends_on__gte=models.F("starts_on")),
                name="volunteers_opp_ends_after_it_begins",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(places=None) | Q(places__gt=0),
                name="volunteers_opp_has_a_place",
                violation_error_message=_("There must be at least one place."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_age__lte=100), name="volunteers_opp_age_is_an_age"
            ),
            models.CheckConstraint(
                condition=~Q(checks_needed__contains=["dbs"]) | ~Q(dbs_level=""),
                name="volunteers_opp_dbs_has_a_level",
                violation_error_message=_("Say which level of DBS check the role may ask for."),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == OpportunityState.OPEN


class OpportunityTime(models.Model):
    """A weekly time at which the role is done, in the clock of Europe/London. ``ends`` 00:00: midnight."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="times")
    weekday = models.PositiveSmallIntegerField(_("day"))  # ISO: Monday is 1
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("time of an opportunity")
        verbose_name_plural = _("times of opportunities")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7), name="volunteers_opptime_iso_weekday"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")) | Q(ends="00:00"),
                name="volunteers_opptime_ends_after_it_begins",
                violation_error_message=_("It must end after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"
