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
    ``reached_at``: they were sent by the volunteer's own channel and did arrive, or were handed over.
    ``way``: how they are on their way; *by hand* is for somebody to do."""

    class Way(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        SMS = "sms", _("by text message")
        LETTER = "letter", _("by letter")
        BY_HAND = "by-hand", _("to be told by somebody")

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
    way = models.CharField(max_length=7, choices=Way.choices, default=Way.BY_HAND)
    # The outbox's message; empty for what is printed or said.
    message = models.UUIDField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        ordering = ["-at", "id"]
        indexes = [
            models.Index(
                fields=["at"],
                name="volunteers_thanks_on_the_way",
                condition=Q(reached_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"thanks {self.id}"


class Reference(models.Model):
    """What an organisation says of a volunteer's work, for whoever the volunteer shows it to.

    Each row is one version as it was signed: the facts stand in it as they were on that day. What is to be
    said otherwise is said in the next version; none is changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="references")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)
    role = models.CharField(_("what they did"), max_length=200)
    from_on = models.DateField(_("from"))
    # Empty: they still help.
    until_on = models.DateField(_("until"), null=True, blank=True)
    # Confirmed by both sides, counted when it was signed.
    minutes = models.PositiveIntegerField(_("minutes confirmed"), default=0)
    text = models.TextField(_("in your words"), blank=True)
    signed = models.CharField(_("signed by"), max_length=150)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(default=timezone.now)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference for a volunteer")
        verbose_name_plural = _("references for volunteers")
        ordering = ["-given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "organisation", "number"],
                name="volunteers_reference_version_once",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="volunteers_reference_ends_after_it_began",
                violation_error_message=_("It must end after it began."),
            ),
            models.CheckConstraint(
                condition=~Q(signed=""),
                name="volunteers_reference_is_signed",
                violation_error_message=_("Say who signs it."),
            ),
        ]

    def __str__(self) -> str:
        return f"reference {self.id}"
