"""Employers and colleges whose people volunteer in work or study time."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from volunteers.models.opportunity import Opportunity
from volunteers.models.volunteer import Volunteer


class EmployerQuerySet(models.QuerySet["Employer"]):
    def visible_to(self, user: Any) -> EmployerQuerySet:
        """Where ``user`` is the contact; all for the volunteer centre."""
        if scope_of_permission(user, Permission.EMPLOYER_CHANGE).network:
            return self
        return self.of_contact(user)

    def of_contact(self, user: Any) -> EmployerQuerySet:
        return self.filter(contact=user.pk or 0, ended_at=None)


class Employer(models.Model):
    """An account: what was agreed with one employer or college, and who there may see its figures. A
    contact sees numbers, small ones left out, and never who among their staff volunteers."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("Employer")
        COLLEGE = "college", _("College or school")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="employer"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EMPLOYER)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("what was agreed"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = _("employer or college")
        verbose_name_plural = _("employers and colleges")
        ordering = ["organisation__sort_key"]

    def __str__(self) -> str:
        return f"employer {self.id}"


class Cohort(models.Model):
    """Those who volunteer through one employer in one year or course."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=100)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    volunteers = models.ManyToManyField(Volunteer, blank=True, related_name="cohorts")

    class Meta:
        verbose_name = _("group from an employer")
        verbose_name_plural = _("groups from employers")
        ordering = ["employer", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "name"],
                name="volunteers_cohort_once",
                violation_error_message=_("There is a group of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="volunteers_cohort_ends_after_it_begins",
                violation_error_message=_("The last day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffSlotQuerySet(models.QuerySet["StaffSlot"]):
    def open_to(self, volunteer: Volunteer) -> StaffSlotQuerySet:
        """Days to come, of the groups that ``volunteer`` is in; taken ones too."""
        mine = volunteer.cohorts.values("pk")
        employers = volunteer.cohorts.values("employer")
        return self.filter(
            Q(cohort=None, employer__in=employers) | Q(cohort__in=mine),
            day__gte=timezone.localdate(),
            employer__ended_at=None,
        )

    def with_places_taken(self) -> StaffSlotQuerySet:
        return self.annotate(taken=models.Count("taken_by", distinct=True))


class StaffSlot(models.Model):
    """Places on a day that an employer's staff may take; ``opportunity`` empty: anything that day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="slots")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.PROTECT, null=True, blank=True, related_name="staff_slots"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="slots"
    )
    day = models.DateField(_("day"))
    places = models.PositiveSmallIntegerField(_("places"))
    taken_by = models.ManyToManyField(Volunteer, blank=True, related_name="staff_slots")

    objects = StaffSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff slot")
        verbose_name_plural = _("staff slots")
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gt=0),
                name="volunteers_slot_has_a_place",
                violation_error_message=_("There must be at least one place."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.places} places on {self.day}"
