"""Checks that keep somebody from being given anything new."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from volunteers.models import Check, Volunteer


def checks_over(user: Any, volunteer: Volunteer) -> list[str]:
    """The kinds that ran out and that nothing newer stands in for; empty for who handles no checks."""
    today = timezone.localdate()
    newer = Check.objects.standing(today).filter(  # type: ignore[attr-defined]
        volunteer=OuterRef("volunteer"), kind=OuterRef("kind"), title=OuterRef("title")
    )
    found = (
        Check.objects.visible_to(user)
        .filter(~Exists(newer), volunteer=volunteer, next_due_on__lt=today)
        .order_by("kind")
    )
    return list(dict.fromkeys(str(check.get_kind_display()) for check in found))
