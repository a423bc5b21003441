"""Two shifts for each other: one volunteer asks, another says yes or no."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models.shift import ShiftPlace


class ShiftExchangeQuerySet(models.QuerySet["ShiftExchange"]):
    def with_shifts(self) -> ShiftExchangeQuerySet:
        return self.select_related(
            "offered__shift__opportunity__organisation",
            "offered__volunteer__person",
            "wanted__shift__opportunity__organisation",
            "wanted__volunteer__person",
        )

    def waiting(self, now: datetime | None = None) -> ShiftExchangeQuerySet:
        """Asked, and both shifts still to come: what somebody can answer."""
        at = now or timezone.now()
        rows = self.filter(state=ShiftExchange.State.ASKED)
        for side in ("offered", "wanted"):
            rows = rows.filter(
                **{
                    f"{side}__state": ShiftPlace.State.CONFIRMED,
                    f"{side}__shift__cancelled_at": None,
                    f"{side}__shift__starts_at__gt": at,
                }
            )
        return rows

    def own(self, volunteer: Any) -> ShiftExchangeQuerySet:
        """What this volunteer asked, or was asked."""
        return self.filter(Q(offered__volunteer=volunteer) | Q(wanted__volunteer=volunteer))


class ShiftExchange(models.Model):
    """``offered`` is the place of whoever asks, ``wanted`` the one they would have instead. Whoever asks does
    not learn whose that is: they ask for a shift, and each volunteer on it who could do theirs is asked."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked, no answer yet")
        DONE = "done", _("exchanged")
        DECLINED = "declined", _("the other keeps theirs")
        WITHDRAWN = "withdrawn", _("not wanted any more")
        OVER = "over", _("came to nothing: one of the shifts had changed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offered = models.ForeignKey(
        ShiftPlace, on_delete=models.CASCADE, related_name="exchanges_asked"
    )
    wanted = models.ForeignKey(
        ShiftPlace, on_delete=models.CASCADE, related_name="exchanges_wanted"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ShiftExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange of shifts")
        verbose_name_plural = _("exchanges of shifts")
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(offered=F("wanted")), name="volunteers_exchange_is_of_two"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at=None)
                | ~Q(state="asked") & Q(ended_at__isnull=False),
                name="volunteers_exchange_ended_when",
            ),
            # A place goes to one volunteer once; who said no is not asked for the same again.
            models.UniqueConstraint(
                fields=["offered"], condition=Q(state="done"), name="volunteers_exchange_gives_once"
            ),
            models.UniqueConstraint(
                fields=["wanted"], condition=Q(state="done"), name="volunteers_exchange_takes_once"
            ),
            models.UniqueConstraint(
                fields=["offered", "wanted"],
                condition=Q(state__in=["asked", "declined"]),
                name="volunteers_exchange_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"exchange {self.id}"

    def is_waiting(self) -> bool:
        """As ``waiting()``, of one with its places and shifts joined."""
        return self.state == self.State.ASKED and all(
            place.state == ShiftPlace.State.CONFIRMED
            and place.shift.cancelled_at is None
            and place.shift.starts_at > timezone.now()
            for place in (self.offered, self.wanted)
        )
