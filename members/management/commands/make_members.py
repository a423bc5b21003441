from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from members.invented.making import CannotMake, make_members


class Command(BaseCommand):
    help = (
        "Invent members of six years: people, plans, memberships and their terms, payments with "
        "receipts, banking and journal, cards and the safety net. For measuring. Refused in a real "
        "portal. All or nothing: interrupted, it leaves nothing behind; the same seed again makes "
        "nothing again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same members")
        parser.add_argument(
            "--until", type=date.fromisoformat, help="the last day (today if not given)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today: date = options["until"] or timezone.localdate()
        with tqdm(total=options["members"], desc="Members", unit=" members", disable=None) as bar:
            try:
                made = make_members(
                    options["members"], seed=options["seed"], today=today, progress=bar.update
                )
            except CannotMake as error:
                raise CommandError(str(error)) from error
        if not made:
            self.stdout.write("They were made before: nothing to do.")
        for name, count in made.items():
            self.stdout.write(f"{count:>9,} {name}")
