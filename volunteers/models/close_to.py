"""Who stands behind a volunteer: a parent, whom to ring in an emergency; and with whom never."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Person
from volunteers.models.volunteer import Volunteer


class ParentConfirmation(models.Model):
    """A parent's or guardian's word for somebody under 16. Until ``confirmed_at`` nobody contacts the
    young person, offers them anything or gives them a place. ``secret_hash``: of the link in the message
    to the parent; the link itself is kept nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.OneToOneField(Volunteer, on_delete=models.CASCADE, related_name="parent")
    name = models.CharField(_("parent's or guardian's name"), max_length=100)
    email = models.EmailField(_("their e-mail address"), blank=True)
    phone = models.CharField(_("their phone number"), max_length=40, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    # Staff who wrote down what the parent said or signed; empty when they used their link.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("parent's confirmation")
        verbose_name_plural = _("parents' confirmations")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None),
                name="volunteers_parent_yes_or_no",
            ),
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="volunteers_parent_can_be_reached",
                violation_error_message=_(
                    "Give an e-mail address or a phone number of the parent."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"parent of {self.volunteer_id}"


class NotWith(models.Model):
    """These two are not brought together: whichever of them said so, and whatever the reason.

    Neither is told that the other is on the list, and no copy for the other one says it.
    """

    class SaidBy(models.TextChoices):
        VOLUNTEER = "volunteer", _("the volunteer")
        PERSON = "person", _("the other person")
        STAFF = "staff", _("staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="not_with")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_by = models.CharField(max_length=9, choices=SaidBy.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("not to be brought together")
        verbose_name_plural = _("not to be brought together")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "person"],
                name="volunteers_not_with_once",
                violation_error_message=_("They are on the list already."),
            )
        ]

    def __str__(self) -> str:
        return f"not with {self.id}"


class EmergencyContact(models.Model):
    """Whom to ring when something happens to a volunteer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="emergency_contacts"
    )
    name = models.CharField(_("name"), max_length=100)
    relation = models.CharField(_("who they are to the volunteer"), max_length=60, blank=True)
    phone = models.CharField(_("phone number"), max_length=40)

    class Meta:
        verbose_name = _("emergency contact")
        verbose_name_plural = _("emergency contacts")
        ordering = ["volunteer", "name"]

    def __str__(self) -> str:
        return f"emergency contact of {self.volunteer_id}"
