"""Checks that keep somebody from being given anything new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from volunteers.models import Check, Volunteer
from volunteers.models.check import WARN_BEFORE
from volunteers.states import GONE, CheckState

MOST_ON_THE_BOARD = 50
# Older ones stand on the volunteer's own page: the board says what is to be done now.
OVER_FOR = timedelta(days=60)


def running_out(user: Any) -> list[Check]:
    """Checks of those who help or are on their way that run out within the longest warning, or ran out
    lately, and that nothing newer stands in for; the first day first. Empty for who handles no checks."""
    today = timezone.localdate()
    newer = Check.objects.filter(
        volunteer=OuterRef("volunteer"),
        kind=OuterRef("kind"),
        title=OuterRef("title"),
        next_due_on__gt=OuterRef("next_due_on"),
    )
    found = (
        Check.objects.visible_to(user)
        .filter(
            ~Exists(newer),
            state=CheckState.DECISION_RECORDED,
            next_due_on__gte=today - OVER_FOR,
            next_due_on__lte=today + timedelta(days=max(WARN_BEFORE)),
            volunteer__anonymised_at=None,
        )
        .exclude(volunteer__state__in=sorted(GONE))
        .select_related("volunteer__person")
        .order_by("next_due_on", "id")
    )
    return list(found[:MOST_ON_THE_BOARD])


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
