"""A backup is made of the test database by the real programs and restored into another database."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pyrage
import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command
from django.db import connection

from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from dcsn.backups import keys
from dcsn.privacy import erase_person
from tests.factories.message import MessageFactory
from tests.factories.person import PersonFactory
from tests.factories.service import ServiceFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Elsewhere:
    """An empty database and empty folders: the machine on which a backup is brought back."""

    name: str
    folder: Path

    @property
    def url(self) -> str:
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()

    def restore(self, *arguments: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "restore", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {
                "DATABASE_URL": self.url,
                "DCSN_FILES_DIR": str(self.folder / "files"),
                "DCSN_ERASURE_LOG": str(self.folder / "erasures.jsonl"),
                "DCSN_READ_ENV_FILE": "false",
                "DCSN_DEVELOPMENT": "true",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as other:
            return other.execute(query).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    name = f"restore_{uuid.uuid4().hex[:10]}"
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield Elsewhere(name, folder)
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def files(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    (tmp_path / "files" / "pictures").mkdir(parents=True)
    (tmp_path / "files" / "pictures" / "hall.jpg").write_bytes(bytes(range(256)) * 100)
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    keys.make_key(tmp_path / "key")
    return tmp_path / "key"


def backed_up(destination: Path, key: Path) -> Path:
    call_command("backup", destination, key=key, stdout=io.StringIO())
    return destination


def test_what_was_backed_up_comes_back(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    # Given a network with a service, a user and a picture
    service = ServiceFactory(name="Ŵyn's Lunch Club; DROP TABLE x; 'É' \\")
    UserFactory(email="editor@example.org")
    # When it is backed up and restored on another machine
    archive = backed_up(tmp_path / "b.age", key)
    done = elsewhere.restore(archive, "--key", key)
    assert done.returncode == 0, done.stderr
    # Then everything is there
    assert elsewhere.ask("SELECT id, name FROM directory_service") == [(service.pk, service.name)]
    assert elsewhere.ask("SELECT email FROM accounts_user") == [("editor@example.org",)]
    picture = elsewhere.folder / "files" / "pictures" / "hall.jpg"
    assert picture.read_bytes() == bytes(range(256)) * 100
    # And nothing readable is left behind
    assert sorted(path.name for path in elsewhere.folder.iterdir()) == ["files"]


def test_an_erasure_made_after_the_backup_is_carried_out_again(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    archive = backed_up(tmp_path / "b.age", key)
    erased = str(uuid.uuid4())
    entry = {"subjects": [erased], "at": "2026-03-03T12:00:00+00:00", "by": "x", "reason": "asked"}
    (elsewhere.folder / "erasures.jsonl").write_text(json.dumps(entry) + "\n")
    done = elsewhere.restore(archive, "--key", key)
    assert done.returncode == 0, done.stderr
    assert elsewhere.ask("SELECT subject::text FROM privacy_erasure") == [(erased,)]
    # And it is remembered for the next time
    assert erased in (elsewhere.folder / "erasures.jsonl").read_text()


def test_a_person_forgotten_since_the_backup_does_not_come_back(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path, settings: LazySettings
) -> None:
    # Given a person in a backup, whose machine's log of erasures is the one that a restore finds
    settings.ERASURE_LOG = elsewhere.folder / "erasures.jsonl"
    forgotten = PersonFactory(family_name="Forgotten")
    PersonFactory(family_name="Remembered")
    archive = backed_up(tmp_path / "b.age", key)
    # When they are erased, and the backup is brought back
    erase_person(forgotten.pk, by=SystemJob("test"), reason="asked")
    done = elsewhere.restore(archive, "--key", key)
    assert done.returncode == 0, done.stderr
    # Then they are still forgotten, and the other is there
    assert "1 people erased since were erased again" in done.stdout
    found = {row[0] for row in elsewhere.ask("SELECT family_name FROM members_person")}
    assert "Remembered" in found
    assert "Forgotten" not in found


def test_what_was_waiting_to_be_sent_is_shown_to_staff_and_not_sent_twice(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    MessageFactory(channel="email", to_address="a@example.org")
    MessageFactory(channel="letter", to_address="1 High Street")
    archive = backed_up(tmp_path / "b.age", key)
    done = elsewhere.restore(archive, "--key", key)
    assert done.returncode == 0, done.stderr
    assert dict(elsewhere.ask("SELECT channel, state FROM outbox_message")) == {
        "email": "uncertain",
        "letter": "queued",
    }


def test_erasures_known_to_the_archive_and_to_the_machine_are_joined(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path, settings: LazySettings
) -> None:
    lines = [
        json.dumps({"subjects": [str(uuid.uuid4())], "at": at, "by": "x", "reason": "asked"})
        for at in ("2026-01-01T09:00:00+00:00", "2026-02-01T09:00:00+00:00")
    ]
    settings.ERASURE_LOG.write_text(lines[0] + "\n")
    archive = backed_up(tmp_path / "b.age", key)
    # The second line was broken off by a power cut
    (elsewhere.folder / "erasures.jsonl").write_text(lines[1] + '\n{"subj')
    assert elsewhere.restore(archive, "--key", key).returncode == 0
    assert (elsewhere.folder / "erasures.jsonl").read_text().splitlines() == lines
    assert len(elsewhere.ask("SELECT 1 FROM privacy_erasure")) == 2


def test_everybody_is_signed_out(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path, client: Any
) -> None:
    session = client.session
    session["seen"] = True
    session.save()
    archive = backed_up(tmp_path / "b.age", key)
    assert elsewhere.restore(archive, "--key", key).returncode == 0
    assert elsewhere.ask("SELECT 1 FROM django_session") == []


def test_data_are_replaced_only_when_that_is_said(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    UserFactory(email="first@example.org")
    archive = backed_up(tmp_path / "b.age", key)
    assert elsewhere.restore(archive, "--key", key).returncode == 0
    (elsewhere.folder / "files" / "later.jpg").write_bytes(b"later")
    # When it is restored once more
    refused = elsewhere.restore(archive, "--key", key)
    # Then it is refused, and what is there stays
    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert (elsewhere.folder / "files" / "later.jpg").exists()
    # Unless that is meant
    assert elsewhere.restore(archive, "--key", key, "--replace").returncode == 0
    assert not (elsewhere.folder / "files" / "later.jpg").exists()
    assert elsewhere.ask("SELECT email FROM accounts_user") == [("first@example.org",)]


def test_a_damaged_or_cut_archive_changes_nothing(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    UserFactory(email="first@example.org")
    archive = backed_up(tmp_path / "b.age", key)
    assert elsewhere.restore(archive, "--key", key).returncode == 0
    whole = archive.read_bytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    for broken in (bytes(damaged), whole[: len(whole) // 2], whole[:-1], b"not an archive"):
        archive.write_bytes(broken)
        done = elsewhere.restore(archive, "--key", key, "--replace")
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert elsewhere.ask("SELECT email FROM accounts_user") == [("first@example.org",)]
        assert (elsewhere.folder / "files" / "pictures" / "hall.jpg").exists()


def test_another_key_does_not_open_it(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    archive = backed_up(tmp_path / "b.age", key)
    keys.make_key(tmp_path / "other")
    done = elsewhere.restore(archive, "--key", tmp_path / "other")
    assert done.returncode != 0
    assert "cannot be read with this key" in done.stderr


def test_the_public_half_is_enough_to_back_up_and_not_to_restore(
    files: Path, key: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    public = tmp_path / "public"
    public.write_text(str(keys.identities(key)[0].to_public()) + "\n")
    archive = backed_up(tmp_path / "b.age", public)
    refused = elsewhere.restore(archive, "--key", public)
    assert "no secret key" in refused.stderr
    assert elsewhere.restore(archive, "--key", key).returncode == 0


def test_nothing_readable_is_in_the_archive_and_only_the_owner_may_read_it(
    files: Path, key: Path, tmp_path: Path
) -> None:
    UserFactory(email="mary@example.org")
    (files / "letter.txt").write_text("Dear Mary")
    archive = backed_up(tmp_path / "b.age", key)
    data = archive.read_bytes()
    assert b"mary@example.org" not in data
    assert b"Dear Mary" not in data
    assert archive.stat().st_mode & 0o777 == 0o600
    # And it opens with age alone, without this project
    plain = pyrage.decrypt(data, keys.identities(key))
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        names = tar.getnames()
    assert names[0] == "manifest.json"
    assert names[-1] == "end.json"
    assert {"database.dump/00001", "files/letter.txt"} <= set(names)


def test_a_failed_backup_leaves_no_file_behind(
    files: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "backups"
    target.mkdir()
    monkeypatch.setattr(
        "dcsn.backups.postgres.environment", lambda: {"PGHOST": "/nowhere", "PGDATABASE": "x"}
    )
    with pytest.raises(CommandError, match=r"No backup was made\. pg_dump failed"):
        call_command("backup", target, key=key)
    assert list(target.iterdir()) == []


def test_a_key_is_never_overwritten(key: Path) -> None:
    before = key.read_text()
    with pytest.raises(CommandError, match="exists already"):
        call_command("make_backup_key", key)
    assert key.read_text() == before
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "# only a remark\n", "age1nonsense\n", "AGE-SECRET-KEY-X\n"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", tmp_path / "b.age", key=tmp_path / "key")
    assert not (tmp_path / "b.age").exists()
    assert not User.objects.exists()
