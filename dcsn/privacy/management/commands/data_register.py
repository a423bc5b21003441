"""``manage.py data_register``: every table and field, what it is, on what basis and how long it is kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dcsn.privacy.register import DOCUMENT, data_handling, path, register


class Command(BaseCommand):
    help = (
        "Print the register of personal data (UK GDPR Article 30), or write docs/data-handling.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="tables with no personal data too")
        parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT}")
        parser.add_argument(
            "--check", action="store_true", help=f"fail when {DOCUMENT} is not what --write makes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            path().write_text(data_handling(), encoding="utf-8")
        elif options["check"]:
            if path().read_text(encoding="utf-8") != data_handling():
                raise CommandError(
                    f"{DOCUMENT} is out of date: run manage.py data_register --write"
                )
        else:
            self.stdout.write(register(every=options["all"]))
