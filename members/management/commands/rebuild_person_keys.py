"""Write the keys by which people are found anew, and look for duplicates."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from members.finding import rebuild_keys
from members.finding.duplicates import look_for_duplicates


class Command(BaseCommand):
    help = "Writes the keys by which people are found anew: after an import, or when the rules changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--duplicates",
            action="store_true",
            help="Also hold everybody against everybody, instead of leaving it to the night.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Keys of {rebuild_keys()} people are written.")
        if options["duplicates"]:
            found = look_for_duplicates(most=None)
            self.stdout.write(f"{found} pairs look like one person.")
