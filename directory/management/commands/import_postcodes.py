from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from directory.actions.postcodes import load_postcodes
from directory.imports.postcode_files import UnknownLayout


class Command(BaseCommand):
    help = (
        "Load where postcodes are, for distances, residency and wards, from Ordnance Survey's Code-Point "
        "Open or the ONS Postcode Directory (both Open Government Licence)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv file, or a folder of them")
        parser.add_argument(
            "--source-name", default="", help='what to call it, such as "ONSPD August 2026"'
        )
        parser.add_argument(
            "--ward-names",
            type=Path,
            help='the ONS table "Ward names and codes" (a .csv file), for figures by ward',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        ward_names: Path | None = options["ward_names"]
        for given in filter(None, (path, ward_names)):
            if not given.exists():
                raise CommandError(f"There is no file or folder {given}.")
        # disable=None: a bar on a terminal, silence in a log.
        with tqdm(desc="Postcodes", unit=" rows", disable=None) as bar:
            try:
                report = load_postcodes(
                    path=path,
                    source=options["source_name"],
                    ward_names=ward_names,
                    progress=bar.update,
                )
            except UnknownLayout as error:
                raise CommandError(str(error)) from error
        for row in report.first_unreadable:
            self.stdout.write(f"{row.file}, line {row.line}: not a postcode with a position.")
        for reason, rows in sorted(report.skipped.items()):
            self.stdout.write(f"{rows} rows left out: {reason}.")
        self.stdout.write(
            f"Centres worked out: {report.sectors} sectors, {report.outcodes} outcodes. "
            f"{report.wards} wards are new or have a new name."
        )
        self.stdout.write(
            f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, "
            f"{report.skipped['unreadable']} problems"
        )
