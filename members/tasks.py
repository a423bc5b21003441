"""What happens by itself: names and addresses are forgotten in time, reviews are not."""

from __future__ import annotations

from celery import shared_task

from members.actions.agreements import remind_of_reviews
from members.actions.complaints import remind_of_complaints
from members.actions.paper import wipe_old_requests
from members.finding.duplicates import look_for_duplicates


@shared_task(name="members.wipe_old_requests")
def wipe() -> None:
    wipe_old_requests()


@shared_task(name="members.remind_of_reviews")
def remind() -> None:
    remind_of_reviews()


@shared_task(name="members.look_for_duplicates")
def duplicates() -> None:
    look_for_duplicates()


@shared_task(name="members.remind_of_complaints")
def remind_complaints() -> None:
    remind_of_complaints()
