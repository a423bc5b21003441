"""``manage.py data_register``: every table and field, what it is and how long it is kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dcsn.privacy.classification import Kind, declared
from dcsn.privacy.registry import links


class Command(BaseCommand):
    help = "Print the register of personal data (UK GDPR Article 30) as a Markdown table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="Tables with no personal data too.")

    def handle(self, *args: Any, **options: Any) -> None:
        keeps = {model._meta.label: str(link.keep) for model, link in links()}
        self.stdout.write("| table | personal | special category | kept | after an erasure |")
        self.stdout.write("| --- | --- | --- | --- | --- |")
        for label, fields in sorted(declared().items()):
            personal = ", ".join(fields.of_kind(Kind.PERSONAL))
            special = ", ".join(fields.of_kind(Kind.SPECIAL))
            if personal or special or options["all"]:
                self.stdout.write(
                    f"| {label} | {personal} | {special} | {fields.kept.words} "
                    f"| {keeps.get(label, '')} |"
                )
