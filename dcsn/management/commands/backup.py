"""``manage.py backup DEST``: database, files and the log of erasures in one encrypted archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from dcsn.backups.actions import back_up
from dcsn.backups.keys import KeyFileError
from dcsn.backups.postgres import DatabaseToolError


class Command(BaseCommand):
    help = "Write an encrypted backup to DEST: a file, or a folder for one named by the time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("destination", type=Path)
        parser.add_argument(
            "--key", type=Path, help="the key file; DCSN_BACKUP_KEY_FILE when left out"
        )

    def handle(self, *args: Any, destination: Path, key: Path | None, **options: Any) -> None:
        key = key or settings.BACKUP_KEY_FILE
        if key is None:
            raise CommandError(
                "Say which key to encrypt with: --key FILE, or DCSN_BACKUP_KEY_FILE. "
                "manage.py make_backup_key FILE makes one."
            )
        try:
            path, contents = back_up(destination, key)
        except (KeyFileError, DatabaseToolError, DatabaseError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(
            f"{path}: database, {contents.files} files, {contents.bytes:,} bytes before encryption"
        )
