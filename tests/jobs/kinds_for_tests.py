"""Kinds of job that only the tests know; a real worker gets them by ``--include``.

Each writes what it does into the folder of its job, where the test, in another process, can look.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from dcsn.jobs import Job, JobRefused, job_kind


def diary(job: Job) -> Path:
    """One line for each step: the worker's process and the step."""
    job.folder.mkdir(parents=True, exist_ok=True)
    return job.folder / "diary.txt"


@job_kind("tests.counting", title="Counting", attempts=3)
def count(job: Job) -> None:
    """Count to ``steps``, going on after the steps that the diary already holds."""
    steps = job.parameters["steps"]
    path = diary(job)
    done = len(path.read_text().splitlines()) if path.exists() else 0
    job.report(done, steps)
    for step in range(done, steps):
        time.sleep(job.parameters.get("pause_ms", 0) / 1000)
        with path.open("a") as file:
            file.write(f"{os.getpid()} {step}\n")
        job.report(step + 1, steps)
    result = job.folder / "made.txt"
    result.write_text("".join(f"{step}\n" for step in range(steps)))
    job.attach(result, "counted.txt")


@job_kind("tests.refusing", title="Refusing")
def refuse(job: Job) -> None:
    raise JobRefused("Nothing matches, so there is nothing to print.")


@job_kind("tests.failing", title="Failing", attempts=2)
def fail(job: Job) -> None:
    raise RuntimeError("a bug")
