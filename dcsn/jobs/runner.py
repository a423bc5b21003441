"""Running one job in a worker: take it, vouch for it while it runs, end it.

The job's code runs outside any transaction, so that its progress can be seen; every write asks for
the lease, so that two workers can never both end one job.
"""

from __future__ import annotations

import logging
import threading
import uuid
from datetime import timedelta
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.jobs.kinds import Kind
from dcsn.jobs.models import Job, forgotten_at_end
from dcsn.jobs.refusals import JobCancelled, JobLost, JobRefused

logger = logging.getLogger(__name__)

# Waited before a job that failed is tried again: 30 seconds, then 60, …
RETRY_AFTER = timedelta(seconds=30)


def claim(job_id: uuid.UUID | str) -> Job | None:
    """Take a waiting job for this worker, or ``None`` when it is not to be had.

    ``SKIP LOCKED``: of two workers that ask at the same moment, one gets it and the other goes on.
    """
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(
                Q(not_before=None) | Q(not_before__lte=Now()),
                pk=job_id,
                state=Job.State.QUEUED,
            )
            .first()
        )
        if job is None:
            return None
        lease = uuid.uuid4()
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.RUNNING,
            lease=lease,
            heartbeat=Now(),
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", Now()),
        )
    job.refresh_from_db()
    return job


def run_job(job_id: uuid.UUID | str) -> Job | None:
    """Run the job with this id, if nobody else does; returns it as it was left."""
    job = claim(job_id)
    if job is None:
        return None
    kind = job.definition
    if kind is None:
        _finish(job, Job.State.FAILED, _("This version of the portal does not know this work."))
        return job
    try:
        with Heartbeat(job, kind.longest):
            kind.run(job)
    except JobCancelled:
        _finish(job, Job.State.CANCELLED)
    except JobLost:
        logger.warning("Job %s was taken over by another worker", job.pk)
    except JobRefused as refusal:
        _finish(job, Job.State.FAILED, str(refusal)[:500])
    except Exception:
        logger.exception("Job %s (%s) failed at attempt %s", job.pk, job.kind, job.attempts)
        _try_again_or_fail(job, kind)
    else:
        _finish(job, Job.State.DONE)
    return job


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.RUNNING)


def _finish(job: Job, state: str, error: str = "") -> None:
    keep = job.definition.keep_result if job.definition else timedelta(days=1)
    ended = _mine(job).update(
        state=state,
        error=error,
        lease=None,
        ended_at=Now(),
        expires_at=Now() + keep,
        **forgotten_at_end(job),
    )
    if not ended:
        logger.warning("Job %s was ended elsewhere; this worker's result is dropped", job.pk)
    job.refresh_from_db()


def _try_again_or_fail(job: Job, kind: Kind) -> None:
    if job.attempts >= kind.attempts:
        _finish(job, Job.State.FAILED, _("Something went wrong, and trying again did not help."))
        return
    _mine(job).update(
        state=Job.State.QUEUED,
        lease=None,
        nudged_at=None,
        # The next sweep after this offers it again.
        not_before=timezone.now() + RETRY_AFTER * job.attempts,
    )
    job.refresh_from_db()


class Heartbeat:
    """Says every few seconds, from a thread of its own, that this worker is alive.

    The thread dies with the process, which is the point; it also stops after ``longest``, so that
    work which hangs is taken over. It has a database connection of its own.
    """

    def __init__(self, job: Job, longest: timedelta) -> None:
        self._job = job
        self._beats = max(1, int(longest.total_seconds() // settings.JOB_HEARTBEAT_SECONDS))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job {job.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _beat(self) -> None:
        try:
            for _number in range(self._beats):
                if self._stop.wait(settings.JOB_HEARTBEAT_SECONDS):
                    return
                try:
                    _mine(self._job).update(heartbeat=Now())
                except Exception as error:  # the database may be back at the next beat
                    logger.warning("Job %s: no heartbeat (%s)", self._job.pk, error)
                    connections.close_all()
        finally:
            connections.close_all()
