"""What happens when processes die: a real worker, a real Redis, the real signal."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dcsn.celery import app
from dcsn.jobs import Job, start_job, tasks
from dcsn.jobs.actions import sweep_jobs
from tests.jobs.kinds_for_tests import diary
from tests.jobs.worker import Broker, FileBroker, Worker, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[Broker, FileBroker], ids=["Redis", "files"])
def any_broker(request, settings) -> Iterator[Broker | FileBroker]:
    settings.JOB_HEARTBEAT_SECONDS = 1
    # Not tmp_path: a socket's path may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="dcsn-") as folder:
        broker = request.param(Path(folder))
        broker.start()
        broker.use()
        yield broker
        broker.forget()
        broker.stop()


@pytest.fixture
def worker(any_broker, tmp_path) -> Iterator[Worker]:
    worker = Worker(any_broker, tmp_path / "worker.log")
    try:
        worker.start()
        yield worker
    finally:
        worker.kill()


def start(steps: int, pause_ms: int) -> Job:
    return start_job(
        "tests.counting", by=None, parameters={"steps": steps, "pause_ms": pause_ms}, key="k"
    )


def now(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_a_worker_killed_in_the_middle_is_followed_by_another_that_goes_on(worker):
    # Given a job that a worker has begun
    job = start(steps=20, pause_ms=100)
    wait_for(lambda: now(job).done >= 5, seconds=20, saying="the worker did not begin")
    # When the worker is killed, and another starts
    worker.kill()
    steps_before = len(diary(job).read_text().splitlines())
    assert now(job).state == "running", "a dead worker cannot say that it died"
    worker.start()
    time.sleep(1)
    assert now(job).state == "running", "it is given time before it is believed dead"

    # Then the sweep, which beat sends every half minute, starts the job again
    def done_after_a_sweep() -> bool:
        tasks.sweep.delay()
        time.sleep(1)
        return now(job).state == "done"

    wait_for(done_after_a_sweep, seconds=40, saying="not restarted", log=worker.log)
    # And it went on where it was, doing nothing twice
    lines = diary(job).read_text().splitlines()
    assert [int(line.split()[1]) for line in lines] == list(range(20))
    assert len({line.split()[0] for line in lines}) == 2
    assert 5 <= steps_before < 20
    assert (now(job).attempts, job.done, job.result_path.read_text().count("\n")) == (2, 20, 20)


@pytest.mark.parametrize("any_broker", [Broker], indirect=True)
def test_without_a_broker_the_request_succeeds_and_the_job_waits_for_it(worker, any_broker):
    broker = any_broker
    # Given a broker that is gone
    broker.stop()
    # When somebody asks for a job
    job = start(steps=2, pause_ms=0)
    # Then they are answered (without limits to its tries Celery would hang here), and the row is there
    assert now(job).state == "queued"
    # And when the broker is back, the sweep offers it again
    broker.start()
    broker.use()
    Job.objects.update(nudged_at=None)
    assert sweep_jobs()["offered"] == 1
    wait_for(lambda: now(job).state == "done", seconds=40, saying=worker.read_log()[-3000:])


def test_every_task_that_beat_sends_exists():
    app.loader.import_default_modules()
    schedule = app.conf.beat_schedule
    assert {"jobs.sweep"} <= {entry["task"] for entry in schedule.values()}
    for name, entry in schedule.items():
        assert entry["task"] in app.tasks, f"{name} sends a task that does not exist"
