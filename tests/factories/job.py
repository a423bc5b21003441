"""Jobs as the tests need them, made by the real actions."""

from __future__ import annotations

from typing import Any

from dcsn.jobs import Job, start_job
from dcsn.jobs.runner import run_job
from tests.jobs import kinds_for_tests  # noqa: F401  (importing registers the kinds)


def waiting_job(by: Any = None, key: str = "sample") -> Job:
    return start_job("tests.counting", by=by, parameters={"steps": 2}, key=key)


def finished_job(by: Any = None, key: str = "sample") -> Job:
    """Done, with its file."""
    job = run_job(waiting_job(by, key).pk)
    assert job is not None
    assert job.state == "done"
    return job
