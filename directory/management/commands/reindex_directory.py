"""``manage.py reindex_directory``: write everything that search looks in anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from directory.models import Service
from directory.search import reindex


class Command(BaseCommand):
    help = "Write the search entries, words and ways of saying topics of the whole directory anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="No progress bar.")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Service.objects.publishable().count()
        with tqdm(total=total, unit=" services", disable=options["quiet"] or None) as bar:
            written = reindex(progress=lambda done: bar.update(done - bar.n))
        self.stdout.write(f"{written} services indexed")
