"""What Celery is told: an id. Everything else is in the row."""

from __future__ import annotations

from celery import shared_task

from dcsn.jobs.actions import sweep_jobs
from dcsn.jobs.runner import run_job


@shared_task(name="jobs.run")
def run(job_id: str) -> None:
    run_job(job_id)


@shared_task(name="jobs.sweep", expires=60)
def sweep() -> None:
    sweep_jobs()
