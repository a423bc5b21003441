"""``manage.py retention``: forget what is kept long enough; ``--dry-run`` says how much that is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dcsn.privacy.retention import count_due, run_retention


class Command(BaseCommand):
    help = "Forget what is kept long enough (beat does it every night). Prints counts, never names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for count in count_due():
                one = count.retention_class
                held = f", {count.held} more on hold" if count.held else ""
                self.stdout.write(
                    f"{one.name}: {count.due} older than {one.days} days ({one.variable}){held}"
                )
            return
        run = run_retention()
        for name, counts in sorted(run.counts.items()):
            self.stdout.write(
                f"{name}: {counts['done']} done, {counts['held']} on hold, {counts['failed']} failed"
            )
        if any(counts["failed"] for counts in run.counts.values()):
            self.stderr.write(
                "Some could not be dealt with: the log says why. They are tried again."
            )
