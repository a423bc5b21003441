from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from pathways.invented import CannotMake, make_pathways


class Command(BaseCommand):
    help = (
        "Invent pathways of two years: people, coordinators with forty each, stages, contacts, plans, "
        "reviews and well-being. For measuring. Refused in a real portal. All or nothing: interrupted, "
        "it leaves nothing behind; the same seed again makes nothing again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pathways", type=int, default=5_000)
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same pathways")
        parser.add_argument(
            "--until", type=date.fromisoformat, help="the last day (today if not given)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today: date = options["until"] or timezone.localdate()
        with tqdm(total=options["pathways"], desc="Pathways", disable=None) as bar:
            try:
                made = make_pathways(
                    options["pathways"], seed=options["seed"], today=today, progress=bar.update
                )
            except CannotMake as error:
                raise CommandError(str(error)) from error
        if not made:
            self.stdout.write("They were made before: nothing to do.")
        for name, count in made.items():
            self.stdout.write(f"{count:>9,} {name}")
