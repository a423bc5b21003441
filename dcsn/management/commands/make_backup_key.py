"""``manage.py make_backup_key FILE``: a key for backups. Keep the file away from the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dcsn.backups.keys import KeyFileError, make_key


class Command(BaseCommand):
    help = "Write a new key for backups to FILE; prints its public half."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            public = make_key(file)
        except KeyFileError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            f"{file} opens every backup made with it: keep it where the server is not, twice. The server "
            "needs only the public half below, in the file that DCSN_BACKUP_KEY_FILE names."
        )
        self.stdout.write(public)
