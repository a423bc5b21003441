"""The secret address at which a volunteer's calendar fetches their shifts."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models.volunteer import Volunteer


class CalendarFeed(models.Model):
    """That there is an address, and since when; the address itself stands nowhere: it is this row's id
    under the portal's signature (docs/decisions/0073). A new address is a new row, and no address none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.OneToOneField(
        Volunteer, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"calendar address {self.id}"
