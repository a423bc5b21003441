"""What happens by itself. Each task is safe to run twice at once, late, and again."""

from __future__ import annotations

from celery import shared_task

from pathways.carers.clock import tell_of_telecare
from pathways.reviews.clock import look_after_reviews


@shared_task(name="pathways.reviews", expires=3000)
def reviews() -> int:
    return look_after_reviews()


@shared_task(name="pathways.telecare", expires=3000)
def telecare() -> int:
    return tell_of_telecare()
