"""Making a backup, and bringing one back.

Order matters in both. A backup takes the database first and the files after it, so that every file that
a row names is there. A restore unpacks and checks everything, then replaces the database in one
transaction, and only then the files; it brings the tables up to this version, erases again everybody who
was erased since, sends nothing that may have been sent since, and signs everybody out.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from dcsn.backups import keys, postgres
from dcsn.backups.archive import Contents, unpack, writing
from dcsn.messages.actions import doubt_after_restore
from dcsn.privacy.erasing import reapply_erasures

Say = Callable[[str], object]


class RestoreRefused(Exception):
    """Nothing was changed; the text says what to do."""


@dataclass(frozen=True)
class Restored:
    made_at: datetime
    contents: Contents
    erased_again: int
    doubtful_messages: int


def default_name(now: datetime) -> str:
    return f"portal-{now:%Y-%m-%dT%H%M%SZ}.age"


def back_up(destination: Path, key_file: Path) -> tuple[Path, Contents]:
    """Write an encrypted backup to ``destination`` (a file, or a folder for one named by the time).

    Raises ``KeyFileError``, ``DatabaseToolError`` or ``OSError``; no half-written file is left behind.
    """
    recipients = keys.recipients(key_file)
    now = timezone.now()
    if destination.is_dir():
        destination /= default_name(now)
    destination.parent.mkdir(parents=True, exist_ok=True)
    with writing(destination, recipients) as archive:
        archive.manifest(
            {"made_at": now.isoformat(), "postgresql": postgres.server_version()}
            | {"network": settings.NETWORK_NAME}
        )
        dumping = postgres.start(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", stdout=subprocess.PIPE
        )
        assert dumping.stdout is not None  # noqa: S101  (a pipe was asked for)
        try:
            archive.database(dumping.stdout)
        finally:
            dumping.stdout.close()
        postgres.finish(dumping, "pg_dump")
        if Path(settings.MEDIA_ROOT).is_dir():
            archive.files(Path(settings.MEDIA_ROOT))
        archive.erasures(settings.ERASURE_LOG)
        archive.end()
    return destination, archive.contents


def holds_data() -> bool:
    """Is there anything to lose? An empty or newly migrated database has no user, person or service."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in {"accounts_user", "members_person", "directory_service"} & tables:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(table)})")  # noqa: S608
            if cursor.fetchone()[0]:
                return True
    return False


def restore(source: Path, key_file: Path, *, replace: bool, say: Say = print) -> Restored:
    """Bring the database and the files back to what they were when ``source`` was made.

    ``replace`` must be true when there is data already, since all of it goes. Raises ``ArchiveError``,
    ``KeyFileError``, ``DatabaseToolError`` or ``RestoreRefused``; until the database is replaced, in one
    transaction, nothing has changed.
    """
    identities = keys.identities(key_file)
    if not replace and holds_data():
        raise RestoreRefused(
            "This database holds data, all of which a restore would replace. If that is meant, stop the "
            "web, worker and beat processes and run this again with --replace."
        )
    settings.ERASURE_LOG.parent.mkdir(parents=True, exist_ok=True)
    # Beside the files, on the same disk, readable by nobody else, and gone at the end whatever happens.
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.ERASURE_LOG.parent) as name:
        folder = Path(name)
        say("Decrypting and checking the archive.")
        manifest, contents = unpack(source, identities, folder)
        made_at = datetime.fromisoformat(manifest["made_at"])
        say(f"It was made on {made_at:%d %B %Y at %H:%M} UTC. Replacing the database.")
        _replace_database(folder / "database.dump")
        say("Replacing the files.")
        _replace_files(folder / "files")
        _join_erasures(folder / "erasures.jsonl")
    connections.close_all()
    say("Bringing the tables up to this version.")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    say("Erasing again everybody who was erased since.")
    erased = reapply_erasures()["brought_back"]
    # What was waiting to be sent may have been sent since: staff decide, not the sweep.
    doubtful = doubt_after_restore()
    # Sign-ins that were ended since would be alive again.
    Session.objects.all().delete()
    cache.clear()
    return Restored(made_at, contents, erased, doubtful)


def _pieces(folder: Path) -> Iterator[bytes]:
    for piece in sorted(folder.iterdir()):
        yield piece.read_bytes()


def _replace_database(dump: Path) -> None:
    """``pg_restore`` writes SQL, ``psql`` runs it: dropping and filling are one transaction."""
    joined = dump.with_name("database")
    with joined.open("wb") as whole:
        for piece in _pieces(dump):
            whole.write(piece)
    shutil.rmtree(dump)
    connections.close_all()
    reading = postgres.start(
        "pg_restore",
        "--file=-",
        "--no-owner",
        "--no-privileges",
        str(joined),
        stdout=subprocess.PIPE,
    )
    running = postgres.start(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
        "--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public", "--file=-",
        stdin=reading.stdout, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    if reading.stdout is not None:
        reading.stdout.close()  # so that pg_restore ends when psql does
    postgres.finish(running, "psql")
    postgres.finish(reading, "pg_restore")
    joined.unlink()


def _replace_files(restored: Path) -> None:
    """Put the archive's files in place of all that are there; the folder itself may be a mounted one."""
    target = Path(settings.MEDIA_ROOT)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    if restored.is_dir():
        for new in restored.iterdir():
            shutil.move(new, target / new.name)


def _join_erasures(archived: Path) -> None:
    """The log of erasures never shrinks: what the archive knows is added to what is known here."""
    if not archived.exists():
        return
    log = settings.ERASURE_LOG
    known = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    lines = dict.fromkeys([*archived.read_text(encoding="utf-8").splitlines(), *known])
    whole = [line for line in lines if line.strip() and _is_whole(line)]
    unfinished = log.with_name(f".{log.name}.unfinished")
    unfinished.write_text("".join(f"{line}\n" for line in whole), encoding="utf-8")
    unfinished.chmod(0o600)
    unfinished.rename(log)


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
