"""What readers tell us about mistakes, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.codes import new_code, say_code
from directory.models.identity import Identified
from directory.models.services import Service

KEPT_AFTER_ANSWER = timedelta(days=366)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def for_queue(self) -> CorrectionQuerySet:
        """Those that wait for an answer, the oldest first."""
        return self.filter(state=Correction.State.NEW).select_related("service").order_by("made_at")

    def answered(self) -> CorrectionQuerySet:
        return (
            self.exclude(state=Correction.State.NEW)
            .select_related("service")
            .order_by("-answered_at")
        )

    def over(self) -> CorrectionQuerySet:
        """Those answered longer ago than they are kept."""
        return self.filter(answered_at__lte=timezone.now() - KEPT_AFTER_ANSWER)


class Correction(Identified):
    """A reader says that something about a service is wrong, or that help is missing altogether.

    Nobody's name or address is asked for: the answer is read with the code. What was written can still
    name somebody, so it counts as personal and is deleted a year after the answer.
    """

    class About(models.TextChoices):
        PHONE = "phone", _("The phone number is wrong")
        ENDED = "ended", _("It has ended or closed")
        TIMES = "times", _("The days or times are wrong")
        PLACE = "place", _("The address or how to get in is wrong")
        COST = "cost", _("The cost is wrong")
        OTHER = "other", _("Something else")
        # About no service: what somebody looked for and did not find.
        MISSING = "missing", _("Help that is missing")

    class State(models.TextChoices):
        NEW = "new", _("Waiting for an answer")
        PUT_RIGHT = "put_right", _("Put right")
        NO_CHANGE = "no_change", _("No change needed")

    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="corrections", null=True, blank=True
    )
    about = models.CharField(_("what is wrong"), max_length=10, choices=About.choices)
    text = models.TextField(_("what it should say"), max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    reply = models.TextField(_("answer to the reader"), max_length=2000, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["state", "made_at"], name="directory_correction_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="new", answered_at=None, answered_by=None, reply="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(state="new")),
                name="directory_correction_answered_or_new",
                violation_error_message=_("An answer has a date and somebody who gave it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    about__in=["phone", "ended", "times", "place", "cost", "other", "missing"]
                ),
                name="directory_correction_about_known",
            ),
            models.CheckConstraint(
                condition=Q(about="missing", service=None)
                | (~Q(about="missing") & Q(service__isnull=False)),
                name="directory_correction_of_a_service_or_missing",
            ),
        ]

    def __str__(self) -> str:
        return self.said_code

    @property
    def said_code(self) -> str:
        """The code as people read it out."""
        return say_code(self.code)

    @property
    def is_answered(self) -> bool:
        return self.state != self.State.NEW
