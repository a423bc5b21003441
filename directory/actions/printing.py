"""Asking for a print that takes longer than a reader should wait."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.jobs import Job, discard_results, start_job
from dcsn.printing import PaperColour, PrintSize
from directory.printing import content_key, document_of
from directory.selections import Selection

PRINT_JOB = "directory.print"


def start_print(*, selection: Selection, size: PrintSize, paper: PaperColour) -> Job:
    """The job that makes this print: one under way or ready for the same content, else a new one.

    Nobody's own: whoever asks for the same content on the same day shares the work and the file, and the
    directory is public. So a thousand readers who print one topic cost one print.
    """
    key = content_key(document_of(selection, size=size, paper=paper, now=timezone.now()))
    ready = Job.objects.filter(
        kind=PRINT_JOB,
        key__endswith=key,
        is_public=True,
        state=Job.State.DONE,
        expires_at__gt=timezone.now(),
    )
    for job in ready.order_by("-ended_at")[:1]:
        if job.result_path is not None:
            return job
    return start_job(
        PRINT_JOB,
        by=None,
        parameters={**selection.codes, "size": int(size), "paper": str(paper)},
        key=key,
    )


def discard_prints() -> None:
    """Take back every long print that waits to be fetched, and the shards it was made from.

    Called when a place becomes confidential: what was printed an hour ago names its address.
    """
    discard_results(PRINT_JOB)
    transaction.on_commit(lambda: shutil.rmtree(settings.PRINT_CACHE_DIR, ignore_errors=True))
