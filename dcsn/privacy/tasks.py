"""What happens by itself: every night, what is kept long enough is forgotten."""

from __future__ import annotations

from celery import shared_task

from dcsn.privacy.jobs import start_retention
from dcsn.privacy.retention import RETENTION


@shared_task(name="privacy.retention")
def retention() -> None:
    start_retention(by=RETENTION)
