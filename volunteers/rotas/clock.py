"""By the clock: who comes tomorrow is reminded today."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from dcsn.audit import SystemJob
from dcsn.messages import Message
from directory.hours import clock
from volunteers.models import ShiftPlace
from volunteers.rotas.telling import remind

CLOCK = SystemJob("volunteers clock")
_LIVE = {"state": ShiftPlace.State.CONFIRMED, "shift__cancelled_at": None}


def remind_of_shifts(now: datetime | None = None) -> int:
    """Remind whoever has a place on a shift that begins tomorrow, by London's day; once each, however often
    this runs.

    :returns: how many were reminded now.
    """
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    begins = clock.moment(tomorrow, clock.MIDNIGHT)
    ends = clock.moment(tomorrow + timedelta(days=1), clock.MIDNIGHT)
    places = ShiftPlace.objects.filter(
        **_LIVE, shift__starts_at__gte=begins, shift__starts_at__lt=ends
    )
    number = 0
    for key in list(places.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            place = (
                ShiftPlace.objects.select_for_update(of=("self",))
                .select_related("shift__opportunity", "volunteer__person")
                .filter(pk=key, **_LIVE)
                .first()
            )
            if place is None:
                continue
            before = Message.objects.filter(key__startswith=f"shift-place:{key}:reminder:").count()
            remind(place, by=CLOCK)
            after = Message.objects.filter(key__startswith=f"shift-place:{key}:reminder:").count()
            number += after - before
    return number
