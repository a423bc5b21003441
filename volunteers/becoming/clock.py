"""By the clock: checks that run out, and volunteers for whom nothing is due to happen."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from volunteers.actions.checks import warn_of_checks
from volunteers.actions.volunteers import locked, renew_next_step
from volunteers.becoming.telling import CLOCK, tell_of_check
from volunteers.models import Volunteer


def warn(today: date | None = None) -> int:
    """60, 30 and 7 days before a check runs out, each once. Returns how many warnings."""
    return len(warn_of_checks(by=CLOCK, today=today, tell=tell_of_check))


def leave_nobody_waiting() -> int:
    """Every move sets a next step; should one be missing for whatever reason, it is set now."""
    number = 0
    for volunteer in list(Volunteer.objects.all().without_next_step()):
        with transaction.atomic():
            current = locked(volunteer)
            if Volunteer.objects.all().without_next_step().filter(pk=current.pk).exists():
                renew_next_step(current)
                number += 1
    return number
