from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from pathways.starter import load_kinds


class Command(BaseCommand):
    help = "Add the kinds of pathway that a network begins with. Those that are there stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_kinds()} kinds of pathway were added.")
