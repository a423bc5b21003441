"""Three names under what holds: a plan's version, a budget's amounts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Agreement(models.Model):
    """Somebody's name under a version as it stands: another version is nobody's yet.

    The person, the planner and the authoriser are three people. A subclass names what is agreed to, and
    has the database hold: one name for each role, no account twice, and staff by their own account.
    """

    class Role(models.TextChoices):
        PERSON = "person", _("the person")
        PLANNER = "planner", _("the planner")
        AUTHORISER = "authoriser", _("the authoriser")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(editable=False)
    role = models.CharField(max_length=10, choices=Role.choices)
    name = models.CharField(_("name"), max_length=100, blank=True)
    agreed_on = models.DateField(default=timezone.localdate)
    # Who is signed in; the person's own yes is often written down by the planner.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # The planner's and the authoriser's own account: never the same.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.role} of version {self.version}"
