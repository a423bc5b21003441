from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from dcsn.audit import SystemJob
from directory.actions.imports import ImportReport, import_services
from directory.imports.readers import UnknownSource


class Command(BaseCommand):
    help = (
        "Bring a list of services in: HSDS CSV (1, 2, 3), Open Referral UK v3 JSON, a directory's "
        "own CSV, or a spreadsheet with a mapping. docs/importing.md explains each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="a file, or a folder of tables")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and write nothing"
        )
        parser.add_argument(
            "--mapping", type=Path, help="for a spreadsheet: which column is what (.toml or .json)"
        )
        parser.add_argument(
            "--source-name",
            default="",
            help="what the list is called; keep it from one import to the next (else: the name of "
            "the file or folder)",
        )
        parser.add_argument(
            "--topics",
            action="store_true",
            help="show the list's own terms as topics to browse, not only as words to find it by",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["source"]
        # disable=None: a bar on a terminal, silence in a log.
        with tqdm(desc="Importing", unit=" records", disable=None) as bar:

            def progress(records: int, total: int) -> None:
                bar.total = total
                bar.update(records)

            try:
                report = import_services(
                    path=path,
                    source=options["source_name"] or path.resolve().stem,
                    by=SystemJob("import services"),
                    mapping=options["mapping"],
                    dry_run=options["dry_run"],
                    topics=options["topics"],
                    progress=progress,
                )
            except UnknownSource as error:
                raise CommandError(str(error)) from error
        self._say(report, dry_run=options["dry_run"])

    def _say(self, report: ImportReport, *, dry_run: bool) -> None:
        for problem in report.problems:
            self.stdout.write(str(problem))
        outcome = report.outcome
        for name, tally in (
            ("Terms", outcome.terms),
            ("Organisations", outcome.organisations),
            ("Places", outcome.places),
        ):
            self.stdout.write(
                f"{name}: {tally.created} created, {tally.updated} updated, "
                f"{tally.unchanged} unchanged."
            )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was written.")
        self.stdout.write(report.last_line)
