"""The nightly run as a job: one that loses its worker is given to another, and goes on."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy

from dcsn.audit import Actor, record
from dcsn.jobs import Job, job_kind, start_job
from dcsn.privacy.events import RETENTION_STARTED
from dcsn.privacy.retention import run_retention


@transaction.atomic
def start_retention(*, by: Actor) -> Job:
    """Have it done by a worker; two who ask at once get two jobs that do not hinder each other."""
    job = start_job("privacy.retention", by=by, parameters={}, key="retention")
    record(RETENTION_STARTED, by=by)
    return job


@job_kind("privacy.retention", title=gettext_lazy("Forgetting what is kept long enough"))
def forget(job: Job) -> None:
    run_retention(key=f"job:{job.pk}", progress=job.report)
