"""PostgreSQL's own programs, found and called for the database in the settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

from dcsn.local_services import ServiceFailed, installed_postgres


class DatabaseToolError(Exception):
    """A program of PostgreSQL is missing or failed; the text says what it wrote."""


def server_version() -> int:
    """The server's major version: 18."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def program(name: str) -> str:
    """The path of ``pg_dump``, ``pg_restore`` or ``psql``, of the server's own version when there is one.

    A newer one will do for reading an older server; what an older one writes a newer server reads too.
    """
    version = server_version()
    debian = Path(f"/usr/lib/postgresql/{version}/bin") / name
    if debian.exists():
        return str(debian)
    try:
        embedded = installed_postgres() / "bin" / name
    except ServiceFailed:
        embedded = None
    if embedded is not None and embedded.exists() and version <= 18:
        return str(embedded)
    if found := shutil.which(name):
        return found
    raise DatabaseToolError(f"{name} of PostgreSQL {version} is not installed on this machine.")


#: psycopg's names and libpq's variables for the same thing.
_VARIABLES = {
    "dbname": "PGDATABASE",
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def environment() -> dict[str, str]:
    """libpq's variables for the database: its password is never on a command line, which all can read."""
    given = connection.get_connection_params()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    values = {_VARIABLES[name]: str(given[name]) for name in _VARIABLES if given.get(name)}
    return kept | values | {"PGAPPNAME": "dcsn backup"}


def start(name: str, *arguments: str, **pipes: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [program(name), *arguments], env=environment(), stderr=subprocess.PIPE, **pipes
    )


def finish(process: subprocess.Popen[bytes], name: str) -> None:
    """Wait for it; ``DatabaseToolError`` with the end of what it wrote when it failed."""
    said = ""
    if process.stderr is not None:
        with process.stderr as pipe:
            said = pipe.read().decode(errors="replace").strip()
    if process.wait() != 0:
        raise DatabaseToolError(f"{name} failed: {said[-2000:]}")
