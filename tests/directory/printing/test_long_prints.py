"""A worker killed in the middle of a long print: another finishes it, with the shards that were made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dcsn.jobs import Job, tasks
from dcsn.printing import PaperColour, PrintSize
from dcsn.printing.checks import check_tags
from directory.actions.printing import start_print
from directory.selections import Topic
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory
from tests.jobs.worker import Broker, Worker, wait_for
from tests.printing.reading import page_texts

pytestmark = pytest.mark.django_db(transaction=True)
TOPICS, SERVICES_EACH = 12, 16


@pytest.fixture
def cache(settings, tmp_path) -> Path:
    settings.PRINT_CACHE_DIR = tmp_path / "cache"
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "cache"


@pytest.fixture
def worker(settings, cache, tmp_path) -> Iterator[Worker]:
    settings.JOB_HEARTBEAT_SECONDS = 1
    # Not tmp_path: a socket's path may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="dcsn-") as folder:
        broker = Broker(Path(folder))
        broker.start()
        broker.use()
        worker = Worker(broker, tmp_path / "worker.log", DCSN_PRINT_CACHE_DIR=str(cache))
        worker.start()
        yield worker
        worker.kill()
        broker.forget()
        broker.stop()


@pytest.fixture
def everything(db) -> Topic:
    top = TopicFactory(name="Everything", slug="everything")
    for number in range(TOPICS):
        below = TopicFactory(name=f"Topic {number:02d}", parent=top, position=number)
        for each in range(SERVICES_EACH):
            ServiceFactory(
                name=f"Club {number:02d}-{each:02d}",
                description="We welcome anybody who would like company. " * 12,
                summary="",
                phone="01632 960 111",
                terms=[below],
            )
    return Topic(top)


def now(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_a_killed_print_is_finished_by_another_worker(everything, worker, cache):
    # Given a long print that a worker has begun
    job = start_print(selection=everything, size=PrintSize.GIANT, paper=PaperColour.YELLOW)
    wait_for(lambda: now(job).done >= 4, seconds=60, saying=f"not begun: {worker.read_log()}")
    # When the worker and its children are killed without a word
    worker.kill()
    assert now(job).state == "running"
    assert job.result_path is None
    made = {path.name for path in cache.glob("*.json")}
    assert len(made) >= 4
    # Then, after another worker starts, the sweep that beat sends has it finished
    worker.start()
    wait_for(
        lambda: tasks.sweep.delay() and (time.sleep(0.5) or now(job).state == "done"),
        seconds=90,
        saying=f"not finished: {job.state} {job.error} {worker.read_log()[-3000:]}",
    )
    assert now(job).attempts == 2
    # And the shards that the first had made were used: their files are the same
    assert made <= {path.name for path in cache.glob("*.json")}
    # And the document is whole, every number in it right
    assert job.result_path is not None
    assert re.fullmatch(r"everything-giant-print-\d{4}-\d\d-\d\d\.pdf", job.result_path.name)
    assert check_tags(job.result_path).faults == {}
    pages = list(page_texts(job.result_path.read_bytes()))
    listed = re.findall(r"(Club \d\d-\d\d), page.(\d+)", " ".join(pages))
    assert len(listed) == TOPICS * SERVICES_EACH
    assert all(f"{name} Organisation" in pages[int(page) - 1] for name, page in listed)
    # And nothing half made lies about
    assert [path.name for path in job.folder.iterdir()] == ["result"]


def test_layout_processes_leave_when_only_their_parent_is_killed(tmp_path):
    """A worker that is killed alone (the kernel's memory killer) takes its layout processes along."""
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from dcsn.printing.press import PressSetup\n"
        "from dcsn.printing.layout_processes import Workers\n"
        "from dcsn.printing.shards import ShardCache\n"
        "if __name__ == '__main__':\n"
        "    workers = Workers(PressSetup('', '/static/', ()), ShardCache(Path('.')), processes=1)\n"
        "    print(workers.process_ids[0], flush=True)\n"
        "    time.sleep(60)\n"
    )
    path = tmp_path / "parent.py"
    path.write_text(script)
    parent = subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    try:
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    wait_for(
        lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child),
        seconds=10,
        saying="the layout process outlived its parent",
    )


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"
