"""What the directory does by itself, at night."""

from __future__ import annotations

from celery import shared_task

from directory.models import Correction, SharedList
from directory.search import reindex


@shared_task(name="directory.forget")
def forget() -> None:
    """Reports a year after their answer, and shared lists after a year: the time said when they were made."""
    Correction.objects.over().delete()
    SharedList.objects.over().delete()


@shared_task(name="directory.reindex")
def reindex_everything() -> None:
    """Opening times that are over leave the index, and how often each word is used is counted anew."""
    reindex()
