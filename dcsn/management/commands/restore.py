"""``manage.py restore SOURCE --key FILE``: bring a backup back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from dcsn.backups.actions import RestoreRefused, restore
from dcsn.backups.archive import ArchiveError
from dcsn.backups.keys import KeyFileError
from dcsn.backups.postgres import DatabaseToolError


class Command(BaseCommand):
    help = "Replace database and files by a backup, and erase again whoever was erased since."
    # The tables may not be there yet, or be older than the code.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument("--key", type=Path, required=True, help="the file with the secret key")
        parser.add_argument(
            "--replace", action="store_true", help="go on although the database holds data"
        )

    def handle(self, *args: Any, source: Path, key: Path, replace: bool, **options: Any) -> None:
        try:
            done = restore(source, key, replace=replace, say=self.stdout.write)
        except (
            RestoreRefused, ArchiveError, KeyFileError, DatabaseToolError, DatabaseError, OSError,
        ) as error:  # fmt: skip
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored {done.contents.files} files and the database of {done.made_at:%d %B %Y, %H:%M} "
            f"UTC. {done.erased_again} people erased since were erased again; {done.doubtful_messages} "
            "messages that were waiting may have been sent since: look at them. Everybody is signed out."
        )
