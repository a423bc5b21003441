"""What volunteers agree to, by version."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from volunteers.models.volunteer import Volunteer


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def visible_to(self, user: Any) -> PolicyVersionQuerySet:
        """Those that ``user`` writes: their organisations'; for the network's staff everybody's."""
        scope = scope_of_permission(user, Permission.VOLUNTEER_MANAGE)
        return self if scope.network else self.filter(organisation_id__in=scope.organisations)

    def newest(self) -> PolicyVersionQuerySet:
        """The newest version of each policy, in force or still to come."""
        return self.order_by("organisation_id", "key", "-number").distinct("organisation_id", "key")

    def in_force(self, on: date) -> PolicyVersionQuerySet:
        """The newest version of each policy on that day."""
        return (
            self.filter(in_force_from__lte=on)
            .order_by("organisation_id", "key", "-number")
            .distinct("organisation_id", "key")
        )


class PolicyVersion(models.Model):
    """One version of a policy ("Keeping people safe", "What stays between us"). Never changed once
    somebody agreed to it: a new version is a new row. ``organisation`` empty: the whole network's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    in_force_from = models.DateField(_("in force from"))

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of policies")
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key", "number"],
                nulls_distinct=False,
                name="volunteers_policy_version_once",
                violation_error_message=_("There is a version of this number already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Agreement(models.Model):
    """A volunteer agreed to one version of a policy, on a day, in a way that can be shown."""

    class How(models.TextChoices):
        ONLINE = "online", _("on this website")
        PAPER = "paper", _("signed on paper")
        SPOKEN = "spoken", _("in words, noted by staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="agreements")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="agreements")
    how = models.CharField(max_length=6, choices=How.choices)
    agreed_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("agreement to a policy")
        verbose_name_plural = _("agreements to policies")
        ordering = ["volunteer", "-agreed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "policy"], name="volunteers_agreement_once"
            )
        ]

    def __str__(self) -> str:
        return f"agreement {self.id}"
