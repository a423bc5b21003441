"""A worker killed half way through a run of letters: another finishes it, and nobody gets two."""

from __future__ import annotations

import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dcsn.jobs import Job, tasks
from dcsn.messages.models import Message
from dcsn.printing.checks import check_tags
from members.letters.actions import make_run, print_run, send_emails
from members.models import Letter, LetterKind, Membership
from tests.conftest import Cast
from tests.factories.membership import PlanFactory
from tests.jobs.worker import Broker, Worker, wait_for
from tests.printing.reading import page_texts

pytestmark = pytest.mark.django_db(transaction=True)
LETTERS = 150
Member = Callable[..., Membership]


@pytest.fixture
def worker(settings, tmp_path) -> Iterator[Worker]:
    settings.JOB_HEARTBEAT_SECONDS = 1
    settings.MEDIA_ROOT = tmp_path / "files"
    # Not tmp_path: a socket's path may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="dcsn-") as folder:
        broker = Broker(Path(folder))
        broker.start()
        broker.use()
        worker = Worker(broker, tmp_path / "worker.log")
        worker.start()
        yield worker
        worker.kill()
        broker.forget()
        broker.stop()


def now(job: Job) -> Job:
    job.refresh_from_db()
    return job


def finished(job: Job, worker: Worker) -> None:
    """The sweep that beat sends gives the silent job to the worker that is there now."""
    wait_for(
        lambda: tasks.sweep.delay() and (time.sleep(0.5) or now(job).state == "done"),
        seconds=180,
        saying=f"not finished: {job.state} {job.error} {worker.read_log()[-3000:]}",
    )


def test_a_killed_run_is_finished_by_another_worker(
    cast: Cast, member: Member, worker: Worker
) -> None:
    # Given a run of letters in three sizes that a worker has begun
    plan = PlanFactory()
    for number in range(LETTERS):
        member(
            plan=plan, given_name=f"Ann{number:03d}", formats=[f"print_{(14, 18, 24)[number % 3]}"]
        )
    run = make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.membership_officer)
    job = print_run(run=run, by=cast.membership_officer)
    shards = job.folder / "shards"
    wait_for(lambda: now(job).done >= 3, seconds=120, saying=f"not begun: {worker.read_log()}")
    # When the worker and its children are killed without a word
    worker.kill()
    assert now(job).state == "running"
    assert job.result_path is None
    made = {path.name: path.stat().st_mtime_ns for path in shards.glob("*.pdf")}
    assert len(made) >= 3
    assert job.done < (job.total or 0)
    # Then another worker finishes it, and has each letter in it once
    worker.start()
    finished(job, worker)
    assert now(job).attempts == 2
    assert job.result_path is not None
    assert check_tags(job.result_path).faults == {}
    texts = " ".join(page_texts(job.result_path.read_bytes()))
    greeted = Counter(word for word in texts.replace(",", " ").split() if word.startswith("Ann"))
    # On the list of the envelopes, in the address and after "Dear".
    assert greeted == {f"Ann{number:03d}": 3 for number in range(LETTERS)}
    run.refresh_from_db()
    assert set(run.pages) == {"14", "18", "24"}
    # And no address is left lying about in the shards
    assert [path.name for path in job.folder.iterdir()] == ["result"]
    assert Letter.objects.count() == LETTERS


def test_killed_among_the_emails_nobody_gets_two(
    cast: Cast, member: Member, worker: Worker
) -> None:
    plan = PlanFactory()
    for number in range(350):
        member(plan=plan, contact_by="email", email=f"ann{number}@example.org")
    run = make_run(kind=LetterKind.RENEWAL, key=uuid.uuid4(), by=cast.membership_officer)
    job = send_emails(run=run, by=cast.membership_officer)
    wait_for(lambda: now(job).done >= 100, seconds=60, saying=f"not begun: {worker.read_log()}")
    worker.kill()
    assert now(job).done < 350
    worker.start()
    finished(job, worker)
    messages = Message.objects.filter(key__startswith="member-letter:")
    assert messages.count() == 350
    assert messages.values("to_address").distinct().count() == 350
    assert run.letters.filter(state="sent").count() == 350
