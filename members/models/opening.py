"""Records of people that somebody opened by giving a reason: another access point's, or a stranger's."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from members.models.person import Person


def end_of_the_day(now: datetime) -> datetime:
    """The next midnight by the clock on the wall."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


class OpeningQuerySet(models.QuerySet["Opening"]):
    def now(self) -> OpeningQuerySet:
        """Those that still open something."""
        return self.filter(until__gt=timezone.now())

    def for_lead(self, user: Any) -> OpeningQuerySet:
        """What a hub lead looks through: records of their own people that were opened, and whatever
        their own staff opened elsewhere."""
        scope = scope_of_permission(user, Permission.OPENING_LIST)
        if not scope.network:
            self = self.filter(
                Q(person__organisation_id__in=scope.organisations)
                | Q(opened_from_id__in=scope.organisations)
            )
        return self.select_related("person__organisation", "user", "opened_from").order_by(
            "-at", "id"
        )


class Opening(models.Model):
    """That a user opened one person's record for the rest of the day, and why."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("They are here, or on the phone, and want my help")
        SOMEBODY_ELSE = "somebody_else", _("Somebody is asking on their behalf")
        REFERRAL = "referral", _("I am working on an enquiry or a referral about them")
        DUPLICATE = "duplicate", _("To see whether two records are the same person")
        SAFETY = "safety", _("I am worried about somebody's safety")
        RIGHTS = "rights", _("They asked what is known about them, or to be forgotten")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_from = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened from"),
        help_text=_("The access point where they work; empty for a role of the whole network."),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    words = models.CharField(
        _("In a few words"),
        max_length=200,
        blank=True,
        help_text=_("The person and the lead of their access point can read this."),
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(editable=False)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening with a reason")
        verbose_name_plural = _("openings with a reason")
        ordering = ["-at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(until__gt=F("at")), name="members_opening_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(words=""),
                name="members_opening_other_is_said",
                violation_error_message=_("Say why in a few words"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "person", "-until"], name="members_opening_now"),
        ]

    def __str__(self) -> str:
        return f"opening {self.id}"
