"""Loading where postcodes are: units from a file, sectors and outcodes worked out from them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from directory.imports.positions import locate_places
from directory.imports.postcode_files import Skipped, UnitPostcode, read_postcodes
from directory.models import PostcodePlace, Service
from directory.search import reindex

# A centre made from far fewer units than the one we have comes from a file of part of the country
# (one borough): it would move the sector's centre into that borough.
ENOUGH_OF_THE_UNITS = 0.5


@dataclass
class PostcodeReport:
    """What a load did; ``created``, ``updated`` and ``unchanged`` count unit postcodes."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    sectors: int = 0
    outcodes: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    first_unreadable: list[Skipped] = field(default_factory=list)


def load_postcodes(
    *, path: Path, source: str = "", progress: Callable[[int], None] = lambda rows: None
) -> PostcodeReport:
    """Write the unit postcodes of ``path`` and the centres of their sectors and outcodes.

    Places that had no position, or only that of their sector, get the better one.

    Raises :class:`~directory.imports.postcode_files.UnknownLayout` before anything is written.
    Loading the same file again changes nothing.
    """
    report = PostcodeReport()
    source = (source or path.name)[:100]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming_postcode (code text, latitude float8, "
            "longitude float8, area_code text) ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming_postcode FROM STDIN") as copy:
            for unit in _units(read_postcodes(path), report, progress):
                copy.write_row((unit.code, unit.latitude, unit.longitude, unit.area_code))
        _write_units(cursor, source, report)
        report.sectors = _write_centres(cursor, PostcodePlace.Level.SECTOR, source)
        report.outcodes = _write_centres(cursor, PostcodePlace.Level.OUTCODE, source)
        cursor.execute("DROP TABLE incoming_postcode")
        moved = locate_places()
        if moved:
            reindex(
                Service.objects.filter(service_at_locations__location__in=moved).values_list(
                    "id", flat=True
                )
            )
    return report


def _units(
    rows: Iterator[UnitPostcode | Skipped],
    report: PostcodeReport,
    progress: Callable[[int], None],
) -> Iterator[UnitPostcode]:
    for row in rows:
        progress(1)
        if isinstance(row, UnitPostcode):
            yield row
            continue
        report.skipped[row.reason] += 1
        if row.reason == "unreadable" and len(report.first_unreadable) < 10:
            report.first_unreadable.append(row)


def _write_units(cursor, source: str, report: PostcodeReport) -> None:
    cursor.execute("SELECT count(DISTINCT code) FROM incoming_postcode")
    total = cursor.fetchone()[0]
    cursor.execute(
        """
        INSERT INTO directory_postcodeplace AS kept
               (code, level, latitude, longitude, area_code, units, source)
        SELECT DISTINCT ON (code) code, 'unit', latitude, longitude, area_code, NULL::integer, %s
          FROM incoming_postcode ORDER BY code
            ON CONFLICT (code) DO UPDATE
           SET latitude = excluded.latitude, longitude = excluded.longitude,
               area_code = excluded.area_code, source = excluded.source, level = 'unit'
         WHERE (kept.latitude, kept.longitude, kept.area_code, kept.source)
               IS DISTINCT FROM
               (excluded.latitude, excluded.longitude, excluded.area_code, excluded.source)
        RETURNING (xmax = 0)
        """,
        [source],
    )
    written = Counter(row[0] for row in cursor.fetchall())
    report.created, report.updated = written[True], written[False]
    report.unchanged = total - report.created - report.updated


# What a unit's code is cut to.
_CUT = {
    PostcodePlace.Level.SECTOR: "left(code, -2)",
    PostcodePlace.Level.OUTCODE: "split_part(code, ' ', 1)",
}


def _write_centres(cursor, level: PostcodePlace.Level, source: str) -> int:
    """The mean of all units known, for every sector or outcode that the file touched."""
    cut = _CUT[level]
    cursor.execute(
        # `cut` is one of two constants above; everything else is a parameter.
        f"""
        INSERT INTO directory_postcodeplace AS kept
               (code, level, latitude, longitude, area_code, units, source)
        SELECT {cut}, %s, round(avg(latitude)::numeric, 6)::float8,
               round(avg(longitude)::numeric, 6)::float8, '', count(*), %s
          FROM directory_postcodeplace
         WHERE level = 'unit' AND {cut} IN (SELECT DISTINCT {cut} FROM incoming_postcode)
         GROUP BY {cut}
            ON CONFLICT (code) DO UPDATE
           SET latitude = excluded.latitude, longitude = excluded.longitude,
               units = excluded.units, source = excluded.source
         WHERE (kept.latitude, kept.longitude, kept.units)
               IS DISTINCT FROM (excluded.latitude, excluded.longitude, excluded.units)
           AND excluded.units >= coalesce(kept.units, 0) * %s
        """,  # noqa: S608
        [level, source, ENOUGH_OF_THE_UNITS],
    )
    return cursor.rowcount


def load_sector_figures(path: Path, *, source: str) -> int:
    """Centres that ship as figures: a CSV with ``code``, ``latitude``, ``longitude``, ``units``.

    Sectors already known from a loaded file are left as they are. Outcodes are the mean of their
    sectors, weighted by units. Returns how many rows were new.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        lines = (line for line in handle if not line.startswith("#"))
        sectors = [
            PostcodePlace(
                code=row["code"],
                level=PostcodePlace.Level.SECTOR,
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                units=int(row["units"]),
                source=source,
            )
            for row in csv.DictReader(lines)
        ]
    places = [*sectors, *_outcodes(sectors, source)]
    with transaction.atomic():
        known = set(
            PostcodePlace.objects.filter(code__in=[place.code for place in places]).values_list(
                "code", flat=True
            )
        )
        new = [place for place in places if place.code not in known]
        PostcodePlace.objects.bulk_create(new)
    return len(new)


def _outcodes(sectors: list[PostcodePlace], source: str) -> Iterator[PostcodePlace]:
    groups: dict[str, list[PostcodePlace]] = {}
    for sector in sectors:
        groups.setdefault(sector.code.split(" ")[0], []).append(sector)
    for code, members in groups.items():
        units = sum(member.units or 0 for member in members)
        yield PostcodePlace(
            code=code,
            level=PostcodePlace.Level.OUTCODE,
            latitude=round(sum(m.latitude * (m.units or 0) for m in members) / units, 6),
            longitude=round(sum(m.longitude * (m.units or 0) for m in members) / units, 6),
            units=units,
            source=source,
        )
