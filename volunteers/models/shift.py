"""Rotas: when a standing role is done, and who has a place."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from volunteers.models.opportunity import Opportunity
from volunteers.models.volunteer import Volunteer


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, user: Any) -> ShiftQuerySet:
        """Of roles that ``user`` may change."""
        return self.filter(opportunity__in=Opportunity.objects.visible_to(user))

    def to_come(self, now: Any = None) -> ShiftQuerySet:
        return self.filter(cancelled_at=None, ends_at__gt=now or timezone.now()).order_by(
            "starts_at", "id"
        )

    def with_places_taken(self) -> ShiftQuerySet:
        """``taken`` and ``waiting``, counted in the same query."""
        return self.annotate(
            taken=Count("shift_places", filter=Q(shift_places__state="confirmed")),
            waiting=Count("shift_places", filter=Q(shift_places__state="waiting")),
        )


class Shift(models.Model):
    """One time at which a role is done. Both ends are moments, so that the night on which the clocks
    change is neither longer nor shorter than it really is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    places = models.PositiveSmallIntegerField(_("places"), default=1)
    note = models.CharField(_("note"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # The form that made it, with the others of a weekly rota: sent twice, it makes them once.
    series = models.UUIDField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    # Held against what somebody had on their screen, and told to calendars as the number of its change.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["opportunity", "starts_at"], name="volunteers_shift_when")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="volunteers_shift_ends_after_it_begins",
                violation_error_message=_("It must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(places__gt=0),
                name="volunteers_shift_has_a_place",
                violation_error_message=_("There must be at least one place."),
            ),
            models.UniqueConstraint(
                fields=["series", "starts_at"], name="volunteers_shift_once_in_series"
            ),
        ]

    def __str__(self) -> str:
        return f"shift {self.id}"


class ShiftPlaceQuerySet(models.QuerySet["ShiftPlace"]):
    def visible_to(self, user: Any) -> ShiftPlaceQuerySet:
        scope = scope_of_permission(user, Permission.VOLUNTEER_VIEW)
        if scope.network:
            return self
        return self.filter(shift__opportunity__organisation_id__in=scope.organisations)

    def own(self, user: Any) -> ShiftPlaceQuerySet:
        return self.filter(volunteer__person__user=user.pk or 0)


class ShiftPlace(models.Model):
    """A volunteer on a shift, or waiting for a place (``joined_at`` is the order of the list)."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("has a place")
        WAITING = "waiting", _("on the waiting list")
        GIVEN_BACK = "given-back", _("given back")
        DONE = "done", _("was there")
        NO_SHOW = "no-show", _("did not come")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="shift_places")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="shift_places")
    state = models.CharField(max_length=10, choices=State.choices)
    joined_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    # Since when another volunteer of the role may take it over; until one does, it stays theirs.
    swap_offered_at = models.DateTimeField(null=True, blank=True)
    # Whose place this one takes over, when two swap.
    instead_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField(_("why it may overlap"), max_length=300, blank=True)

    objects = ShiftPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on a shift")
        verbose_name_plural = _("places on shifts")
        ordering = ["shift", "joined_at", "id"]
        indexes = [models.Index(fields=["volunteer", "state"], name="volunteers_shiftplace_whose")]
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"],
                condition=Q(state__in=["confirmed", "waiting"]),
                name="volunteers_shiftplace_once",
                violation_error_message=_("They are on this shift already."),
            )
        ]

    def __str__(self) -> str:
        return f"place {self.id}"
