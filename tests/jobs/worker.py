"""A real broker and real worker processes for tests, on a private Redis and the test database."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from dcsn.celery import app


def wait_for(
    condition: Callable[[], object], *, seconds: float, saying: str, log: Path | None = None
) -> object:
    """Ask ``condition`` until it holds; fails with ``saying`` and the end of ``log`` after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    end_of_log = log.read_text()[-3000:] if log else ""
    raise AssertionError(f"After {seconds} seconds: {saying} {end_of_log}")


def processes_of(group: int) -> list[int]:
    """The processes of a group that live. A dead one that nobody has asked for ("Z") does not."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Its name, in brackets, may hold anything; then come its state, its parent and its group.
            state, _parent, of = file.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):  # gone meanwhile
            continue
        if int(of) == group and state != "Z":
            found.append(int(file.parent.name))
    return found


class _Used:
    """A broker that this process's Celery can be made to send to."""

    url: str
    options: dict[str, object]
    environment: dict[str, str]

    def __init__(self) -> None:
        self._before: dict[str, object] = {}

    def use(self) -> None:
        """Make this process's Celery send here."""
        wanted = dict.fromkeys(("broker_url", "broker_write_url", "broker_read_url"), self.url)
        for name, value in {**wanted, "broker_transport_options": self.options}.items():
            self._before.setdefault(name, app.conf.get(name))
            app.conf[name] = value
        app._after_fork()  # drops the pools of connections to the broker before

    def forget(self) -> None:
        for name, value in self._before.items():
            app.conf[name] = value
        app._after_fork()


class Broker(_Used):
    """A Redis of its own on a socket, which can be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.socket = folder / "redis.sock"
        self.url = f"redis+socket://{self.socket}"
        self.options = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
        self.environment = {"REDIS_URL": f"unix://{self.socket}"}
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        server = shutil.which("redis-server") or shutil.which("valkey-server")
        assert server, "redis-server is needed: script/test installs it"
        self._process = subprocess.Popen(
            [server, "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self._folder),
             "--save", "", "--appendonly", "no", "--loglevel", "warning"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self.socket.exists, seconds=10, saying="Redis made no socket")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.socket.unlink(missing_ok=True)


class FileBroker(_Used):
    """What a machine without Redis uses: files in a folder. It forgets a message before the work is done."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.url = "filesystem://"
        self.options = {
            "data_folder_in": str(folder / "broker"),
            "data_folder_out": str(folder / "broker"),
            "control_folder": str(folder / "broker-control"),
        }
        self.environment = {"REDIS_URL": "", "DCSN_BROKER_DIR": str(folder / "broker")}

    def start(self) -> None:
        """The worker makes the folders of its own; this process sends before it is up."""
        for folder in {str(folder) for folder in self.options.values()}:
            Path(folder).mkdir(exist_ok=True)

    def stop(self) -> None:
        """Nothing to stop."""


def database_url() -> str:
    """The address of the database that this test runs in."""
    values = connection.settings_dict
    host = values["HOST"] or values["OPTIONS"].get("host", "")
    query = urlencode({"host": host}) if host.startswith("/") else ""
    place = "" if host.startswith("/") else f"{host}:{values['PORT'] or 5432}"
    login = values["USER"] + (f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else "")
    return f"postgresql://{login}@{place}/{values['NAME']}" + (f"?{query}" if query else "")


class Worker:
    """``celery worker`` as a process group of its own, so that it can be killed whole."""

    def __init__(self, broker: Broker | FileBroker, log: Path, **environment: str) -> None:
        self.log = log
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            **broker.environment,
            "DCSN_FILES_DIR": str(settings.MEDIA_ROOT),
            "DCSN_JOB_HEARTBEAT_SECONDS": str(settings.JOB_HEARTBEAT_SECONDS),
            "DCSN_DEVELOPMENT": "true",
            "PYTHONPATH": str(settings.BASE_DIR),
            "PYTHONWARNINGS": "ignore",
            **environment,
        }
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "dcsn", "worker",
                 "--include", "tests.jobs.kinds_for_tests", "--concurrency", "1",
                 "--without-gossip", "--without-mingle", "--loglevel", "INFO"],
                cwd=settings.BASE_DIR, env=self._environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        wait_for(
            lambda: b" ready." in self.log.read_bytes(),
            seconds=40,
            saying="the worker did not start",
            log=self.log,
        )

    def kill(self) -> None:
        """SIGKILL to the worker and its children: no goodbye, as when the power goes.

        Returns when all of them are gone. A killed process goes on until the kernel comes to it, and
        ``wait`` knows of the worker alone: a child could otherwise still write what a test looks at.
        """
        if self._process is not None:
            group = self._process.pid
            os.killpg(group, signal.SIGKILL)
            self._process.wait()
            self._process = None
            wait_for(
                lambda: not processes_of(group), seconds=60, saying="a child outlives its worker"
            )
            self.log.write_bytes(b"")

    def read_log(self) -> str:
        return self.log.read_text()
