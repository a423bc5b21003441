"""The portal as it runs in production: gunicorn, its own PostgreSQL and Redis, all of which can be killed."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dcsn.local_services import Postgres, Redis


def wait_until(condition: Callable[[], bool], *, seconds: float = 20, saying: str = "") -> None:
    """Ask until it holds. A server that is starting says so by refusing the connection."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise AssertionError(f"After {seconds} seconds: {saying}")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Portal:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres.below(folder)
        self.redis = Redis.below(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "web.log"
        self._web: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "1",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "DCSN_READ_ENV_FILE": "false",
            "DCSN_SECRET_KEY": "only-for-tests-" + "k4lZ6qW8eR5tY7uI9" * 4,
            "DCSN_ALLOWED_HOSTS": "portal.example",
            "DCSN_SITE_ADDRESS": "https://portal.example",
            "DCSN_TRUSTED_PROXIES": "1",
            "DCSN_HELPLINE_NUMBER": "01632 960 100",
            "DCSN_FILES_DIR": str(self.folder / "files"),
            "DCSN_STATIC_DIR": str(self.folder / "static"),
        }

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        self.postgres.start()
        self.redis.start()
        self.manage("prepare")
        self.manage("collectstatic", "--noinput")
        gunicorn = Path(sys.executable).with_name("gunicorn")
        with self.log.open("wb") as log:
            self._web = subprocess.Popen(
                [str(gunicorn), "dcsn.wsgi"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stderr=log,
                stdout=log,
                start_new_session=True,
            )
        wait_until(lambda: self.get("/healthz").status == 200, saying=self.log.read_text())

    def stop(self) -> None:
        if self._web is not None:
            self._web.terminate()
            self._web.wait(30)
        self.redis.stop()
        self.postgres.stop()

    def worker_ids(self) -> list[int]:
        assert self._web is not None
        children = Path(f"/proc/{self._web.pid}/task/{self._web.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def kill_worker(self) -> None:
        for child in self.worker_ids():
            os.kill(child, signal.SIGKILL)

    def get(self, address: str, **headers: str) -> Answer:
        return self.ask("GET", address, headers=headers)

    def ask(
        self,
        method: str,
        address: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {"Host": "portal.example", "X-Forwarded-Proto": "https"} | {
            name.replace("_", "-"): value for name, value in (headers or {}).items()
        }
        try:
            connection.request(method, address, body=body, headers=given)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def send_raw(self, data: bytes) -> bytes:
        """What no client library would send; returns whatever is answered."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as client:
            with contextlib.suppress(OSError):  # refused before all was sent
                client.sendall(data)
            answer = b""
            with contextlib.suppress(OSError):
                while piece := client.recv(65536):
                    answer += piece
            return answer
