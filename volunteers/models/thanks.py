"""What volunteers get back: thanks that reach them, and a reference."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from volunteers.models.hours import OfOrganisationQuerySet
from volunteers.models.offer import Offer
from volunteers.models.volunteer import Volunteer


class Thanks(models.Model):
    """Words for a volunteer, from an organisation or from the person whom they helped (``offer``).
    ``reached_at``: they were sent by the volunteer's own channel and did arrive, or were handed over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="thanks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(
        Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="thanks"
    )
    words = models.TextField(_("what they say"))
    # As the thanks should be signed.
    signed = models.CharField(_("from"), max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    # The outbox's message; empty for what is printed or said.
    message = models.UUIDField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"thanks {self.id}"


class Reference(models.Model):
    """What an organisation says of a volunteer's work, for whoever the volunteer shows it to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="references")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)
    text = models.TextField(_("reference"), blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(null=True, blank=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference for a volunteer")
        verbose_name_plural = _("references for volunteers")
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_at=None) | ~Q(text=""),
                name="volunteers_reference_says_something",
                violation_error_message=_("Write the reference."),
            )
        ]

    def __str__(self) -> str:
        return f"reference {self.id}"
