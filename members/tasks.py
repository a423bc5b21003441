"""What happens by itself: names and addresses are forgotten in time."""

from __future__ import annotations

from celery import shared_task

from members.actions.paper import wipe_old_requests


@shared_task(name="members.wipe_old_requests")
def wipe() -> None:
    wipe_old_requests()
