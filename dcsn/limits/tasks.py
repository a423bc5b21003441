from __future__ import annotations

from celery import shared_task

from dcsn.limits.models import Tally


@shared_task(name="limits.sweep")
def sweep() -> None:
    """Nightly: forget the counts of yesterday."""
    Tally.objects.over().delete()
