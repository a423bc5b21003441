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


def wait_for(condition: Callable[[], object], *, seconds: float, saying: str) -> object:
    """Ask ``condition`` until it holds; fails with ``saying`` after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"After {seconds} seconds: {saying}")


class Broker:
    """A Redis of its own on a socket, which can be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self._folder = folder
        self._process: subprocess.Popen | None = None
        self._addresses: dict[str, object] = {}

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

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

    def use(self) -> None:
        """Make this process's Celery send here."""
        for name in ("broker_url", "broker_write_url", "broker_read_url"):
            self._addresses[name] = app.conf.get(name)
            app.conf[name] = self.url
        app._after_fork()  # drops the pools of connections to the broker before

    def forget(self) -> None:
        for name, address in self._addresses.items():
            app.conf[name] = address
        app._after_fork()


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

    def __init__(self, broker: Broker, log: Path, **environment: str) -> None:
        self._log = log
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"unix://{broker.socket}",
            "DCSN_FILES_DIR": str(settings.MEDIA_ROOT),
            "DCSN_JOB_HEARTBEAT_SECONDS": str(settings.JOB_HEARTBEAT_SECONDS),
            "DCSN_DEVELOPMENT": "true",
            "PYTHONPATH": str(settings.BASE_DIR),
            "PYTHONWARNINGS": "ignore",
            **environment,
        }
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "dcsn", "worker",
                 "--include", "tests.jobs.kinds_for_tests", "--concurrency", "1",
                 "--without-gossip", "--without-mingle", "--loglevel", "INFO"],
                cwd=settings.BASE_DIR, env=self._environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        wait_for(
            lambda: b" ready." in self._log.read_bytes(),
            seconds=40,
            saying=f"the worker did not start: {self._log.read_text()[-2000:]}",
        )

    def kill(self) -> None:
        """SIGKILL to the worker and its children: no goodbye, as when the power goes."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            self._log.write_bytes(b"")

    def read_log(self) -> str:
        return self._log.read_text()
