from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from referrals.caseload.making import CannotMake, Size, make_caseload


class Command(BaseCommand):
    help = (
        "Invent the work of two years: people, enquiries, referrals in every state with their steps, "
        "reminders, follow-ups, consents and audit trail. For measuring. Refused in a real portal. All "
        "or nothing: interrupted, it leaves nothing behind; the same seed again makes nothing again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=10_000)
        parser.add_argument("--enquiries", type=int, default=50_000)
        parser.add_argument("--referrals", type=int, default=80_000)
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same caseload")
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            help="the last day of the two years (yesterday if not given)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(options["people"], options["enquiries"], options["referrals"])
        until: date | None = options["until"]
        now = (
            timezone.make_aware(datetime.combine(until, time(20)))
            if until
            else timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        )
        with tqdm(total=size.people, desc="Caseload", unit=" people", disable=None) as bar:
            try:
                made = make_caseload(size, seed=options["seed"], now=now, progress=bar.update)
            except CannotMake as error:
                raise CommandError(str(error)) from error
        if not made:
            self.stdout.write("It was made before: nothing to do.")
        for name, count in made.items():
            self.stdout.write(f"{count:>9,} {name}")
