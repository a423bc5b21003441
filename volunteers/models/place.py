"""A volunteer's standing with an organisation, and their application for a role."""

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
from volunteers.models.volunteer import Route, Volunteer


class VolunteerPlaceQuerySet(models.QuerySet["VolunteerPlace"]):
    def current(self) -> VolunteerPlaceQuerySet:
        return self.filter(ended_at=None)


class VolunteerPlace(models.Model):
    """Whose volunteer somebody is. ``OWN``: they came to this organisation themselves. ``SHARED``: they
    agreed that it may see them. Its managers see nobody else."""

    class Standing(models.TextChoices):
        OWN = "own", _("their own organisation")
        SHARED = "shared", _("agreed to be shared")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="standings")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="volunteer_places"
    )
    standing = models.CharField(max_length=6, choices=Standing.choices, default=Standing.OWN)
    began_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(_("agreed to be shared"), null=True, blank=True)
    agreed_how = models.CharField(_("how they agreed"), max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = VolunteerPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of a volunteer")
        verbose_name_plural = _("places of volunteers")
        ordering = ["volunteer", "began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "organisation"],
                condition=Q(ended_at=None),
                name="volunteers_place_once",
                violation_error_message=_("They are with this organisation already."),
            ),
            models.CheckConstraint(
                condition=Q(standing="own") | Q(agreed_at__isnull=False) & ~Q(agreed_how=""),
                name="volunteers_place_shared_when_agreed",
                violation_error_message=_("Ask the volunteer first, and say how they agreed."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation"],
                name="volunteers_place_current",
                condition=Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.standing} place of {self.volunteer_id}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any) -> ApplicationQuerySet:
        """For roles of an organisation where ``user`` looks after volunteers."""
        scope = scope_of_permission(user, Permission.VOLUNTEER_VIEW)
        if scope.network:
            return self
        return self.filter(opportunity__organisation_id__in=scope.organisations)

    def own(self, user: Any) -> ApplicationQuerySet:
        return self.filter(volunteer__person__user=user.pk or 0)

    def waiting(self) -> ApplicationQuerySet:
        return self.filter(outcome=Application.Outcome.WAITING)


class Application(models.Model):
    """A volunteer asks for a role. What becomes of it: a place, another suggestion, or they take it back."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("being looked at")
        PLACED = "placed", _("has a place")
        REDIRECTED = "redirected", _("shown something else")
        WITHDRAWN = "withdrawn", _("taken back")
        ENDED = "ended", _("had a place, and it has ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="applications")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.PROTECT, related_name="applications"
    )
    # Of the form that was sent: the same form twice is one application.
    key = models.UUIDField(null=True, unique=True, editable=False)
    route = models.CharField(max_length=8, choices=Route.choices, default=Route.ONLINE)
    why = models.TextField(_("why this role"), blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    applied_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["applied_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "opportunity"],
                condition=Q(outcome__in=["waiting", "placed"]),
                name="volunteers_application_once",
                violation_error_message=_("They have applied for this role already."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_at=None)
                | ~Q(outcome="waiting") & Q(decided_at__isnull=False),
                name="volunteers_application_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.id}"
