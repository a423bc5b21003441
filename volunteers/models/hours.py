"""Time given: logged by one side, confirmed by the other."""

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
from volunteers.models.offer import Offer
from volunteers.models.opportunity import Opportunity
from volunteers.models.shift import ShiftPlace
from volunteers.models.volunteer import Volunteer


class OfOrganisationQuerySet(models.QuerySet[Any]):
    """Rows with ``organisation`` and ``volunteer``, for those who confirm hours there."""

    def visible_to(self, user: Any) -> Any:
        scope = scope_of_permission(user, Permission.HOURS_CONFIRM)
        return self if scope.network else self.filter(organisation_id__in=scope.organisations)

    def own(self, user: Any) -> Any:
        """The signed-in volunteer's own."""
        return self.filter(volunteer__person__user=user.pk or 0)


class HoursQuerySet(OfOrganisationQuerySet):
    def counted(self) -> Any:
        """Those that figures are made of: both sides agree, or a manager settled it."""
        return self.filter(state__in=[Hours.State.CONFIRMED, Hours.State.SETTLED])

    def waiting(self) -> Any:
        return self.filter(state=Hours.State.LOGGED)

    def disputed(self) -> Any:
        return self.filter(state=Hours.State.DISPUTED)


class Side(models.TextChoices):
    """Who logs, and who confirms: never the same."""

    VOLUNTEER = "volunteer", _("the volunteer")
    ORGANISATION = "organisation", _("the organisation")


class Hours(models.Model):
    """Minutes on one day. Logged by either side, confirmed by the other; when the two do not agree, the
    manager settles it and ``minutes`` is what was settled (``minutes_logged`` stays what was said)."""

    class State(models.TextChoices):
        LOGGED = "logged", _("waiting to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        DISPUTED = "disputed", _("the two do not agree")
        SETTLED = "settled", _("settled by the manager")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="hours")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # What they were given for: at most one of the three.
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.PROTECT, null=True, blank=True, related_name="hours"
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="hours"
    )
    shift_place = models.ForeignKey(
        ShiftPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="hours"
    )
    day = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    minutes_logged = models.PositiveSmallIntegerField(editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.LOGGED)
    logged_side = models.CharField(max_length=12, choices=Side.choices)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    logged_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    # What the other side says it was; empty when they only say that it is wrong.
    minutes_disputed = models.PositiveSmallIntegerField(null=True, blank=True)
    dispute_words = models.CharField(_("what is not right"), max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Both sides read why.
    settled_because = models.CharField(_("why so many"), max_length=300, blank=True)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours given")
        verbose_name_plural = _("hours given")
        ordering = ["-day", "id"]
        indexes = [
            models.Index(fields=["volunteer", "day"], name="volunteers_hours_by_volunteer"),
            models.Index(fields=["organisation", "state", "day"], name="volunteers_hours_by_org"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=0, minutes__lte=1440, minutes_logged__gt=0)
                & Q(minutes_logged__lte=1440),
                name="volunteers_hours_fit_in_a_day",
                violation_error_message=_("A day has no more than 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(opportunity=None, offer=None)
                | Q(opportunity=None, shift_place=None)
                | Q(offer=None, shift_place=None),
                name="volunteers_hours_for_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="volunteers_hours_confirmed_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="disputed") | Q(disputed_at__isnull=False),
                name="volunteers_hours_disputed_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_at__isnull=False),
                name="volunteers_hours_settled_when",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(logged_by=None)
                | ~Q(confirmed_by=models.F("logged_by")),
                name="volunteers_hours_confirmed_by_another",
                violation_error_message=_("Hours are confirmed by the other side."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes on {self.day}"
