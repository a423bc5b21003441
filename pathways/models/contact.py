"""That somebody spoke with a person on a pathway, and a coordinator's calendar of what is due."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pathways.models.pathway import Pathway


class Contact(models.Model):
    """One talk, visit or letter. It says that nobody is forgotten; what matters belongs into the plan."""

    class Way(models.TextChoices):
        PHONE = "phone", _("on the phone")
        VISIT = "visit", _("at their home")
        MET = "met", _("somewhere else")
        ONLINE = "online", _("by e-mail, message or video")
        LETTER = "letter", _("by letter")
        TRIED = "tried", _("tried, and not reached")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one contact.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="contacts")
    on = models.DateField(_("on which day"), default=timezone.localdate)
    way = models.CharField(_("how"), max_length=6, choices=Way.choices)
    note = models.CharField(_("in a few words"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-on", "-at"]
        indexes = [models.Index(fields=["pathway", "-on"], name="pathways_last_contact")]

    def __str__(self) -> str:
        return f"contact {self.id}"


class CaseloadCalendar(models.Model):
    """Whether a coordinator has a calendar address, and which: the address itself is kept nowhere.

    ``number`` is signed into it, so that a new one makes the old one stop.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="caseload_calendar"
    )
    number = models.PositiveIntegerField(default=1, editable=False)
    live = models.BooleanField(_("can be read"), default=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("calendar of a coordinator")
        verbose_name_plural = _("calendars of coordinators")

    def __str__(self) -> str:
        return f"calendar {self.id}"
