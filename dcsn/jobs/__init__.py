"""Long work as rows: what is under way, how far it is, and how it goes on after a crash.

>>> from dcsn.jobs import job_kind, start_job

An app registers its kinds in ``<app>/jobs.py``, which is found when Django starts. The names below
are looked up when first used, because this package is imported before the models exist.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dcsn.jobs.actions import cancel_job, discard_results, start_job
    from dcsn.jobs.kinds import job_kind
    from dcsn.jobs.models import Job
    from dcsn.jobs.refusals import JobCancelled, JobLost, JobRefused

_HOMES = {
    "Job": "dcsn.jobs.models",
    "JobCancelled": "dcsn.jobs.refusals",
    "JobLost": "dcsn.jobs.refusals",
    "JobRefused": "dcsn.jobs.refusals",
    "cancel_job": "dcsn.jobs.actions",
    "discard_results": "dcsn.jobs.actions",
    "job_kind": "dcsn.jobs.kinds",
    "start_job": "dcsn.jobs.actions",
}

__all__ = [
    "Job",
    "JobCancelled",
    "JobLost",
    "JobRefused",
    "cancel_job",
    "discard_results",
    "job_kind",
    "start_job",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
