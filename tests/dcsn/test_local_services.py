"""The database and the broker for a machine that has neither: started, used and stopped for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from dcsn.local_services import LONGEST_SOCKET_PATH, Postgres, Redis


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, since a socket's path must be, and open, as a clone usually is."""
    with tempfile.TemporaryDirectory(prefix="dcsn-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def services(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "DCSN_READ_ENV_FILE": "false"}
    return subprocess.run(
        [sys.executable, "-m", "dcsn.local_services", *arguments],
        cwd=settings.BASE_DIR, env=kept | given, capture_output=True, text=True, check=False,
    )  # fmt: skip


def addresses(output: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in output.splitlines())


def test_both_are_started_once_and_stopped(folder: Path) -> None:
    where = ("--folder", str(folder))
    try:
        first = services("start", *where)
        assert first.returncode == 0, first.stderr
        found = addresses(first.stdout)
        with psycopg.connect(found["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT current_setting('max_connections')").fetchone()
        assert row == ("200",)
        assert found["REDIS_URL"].startswith("unix://")
        # A second start finds them running and says the same
        assert services("start", *where).stdout == first.stdout
        assert services("status", *where).stdout.count("not running") == 0
    finally:
        services("stop", *where)
    assert services("status", *where).stdout.count("not running") == 2
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(found["DATABASE_URL"])


def test_what_is_given_is_left_alone(folder: Path) -> None:
    given = services(
        "start", "--folder", str(folder), DATABASE_URL="postgresql://x/y", REDIS_URL="redis://z"
    )
    assert (given.returncode, given.stdout) == (0, "")
    assert not (folder / "postgres").exists()


def test_nobody_else_can_reach_the_sockets(folder: Path) -> None:
    postgres, redis = Postgres.below(folder), Redis.below(folder)
    try:
        postgres.start()
        redis.start()
        for private in (postgres.sockets, postgres.data, redis.socket.parent):
            assert private.stat().st_mode & 0o077 == 0, private
    finally:
        postgres.stop()
        redis.stop()


def test_a_deep_folder_has_its_sockets_elsewhere(folder: Path) -> None:
    deep = folder / ("a" * 60) / ("b" * 60)
    postgres, redis = Postgres.below(deep), Redis.below(deep)
    try:
        postgres.start()
        redis.start()
        assert postgres.answers()
        assert redis.answers()
        assert len(str(redis.socket)) <= LONGEST_SOCKET_PATH
    finally:
        postgres.stop()
        redis.stop()
        shutil.rmtree(postgres.sockets, ignore_errors=True)
        shutil.rmtree(redis.socket.parent, ignore_errors=True)


def test_a_folder_closed_to_others_works_too(folder: Path) -> None:
    """As root, PostgreSQL's own user cannot enter it: data and programs move; else nothing differs."""
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    postgres = Postgres.below(closed / "portal" / "var")
    moved = os.geteuid() == 0
    assert (closed in postgres.data.parents) is not moved
    try:
        postgres.start()
        assert postgres.answers()
    finally:
        postgres.stop()
        if moved:
            shutil.rmtree(postgres.data.parent)
