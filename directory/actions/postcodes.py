"""Loading where postcodes are: units from a file, sectors and outcodes worked out from them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from directory.imports.positions import locate_places
from directory.imports.postcode_files import (
    Skipped,
    UnitPostcode,
    read_postcodes,
    read_ward_names,
)
from directory.models import PostcodePlace, Service, Ward
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
    wards: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    first_unreadable: list[Skipped] = field(default_factory=list)


def load_postcodes(
    *,
    path: Path,
    source: str = "",
    ward_names: Path | None = None,
    progress: Callable[[int], None] = lambda rows: None,
) -> PostcodeReport:
    """Write the unit postcodes of ``path``, their wards, and the centres of their sectors and outcodes.

    :param ward_names: the ONS table of the names of wards, where the file has only their codes.

    Places that had no position, or only that of their sector, get the better one.

    Raises :class:`~directory.imports.postcode_files.UnknownLayout` before anything is written.
    Loading the same file again changes nothing.
    """
    report = PostcodeReport()
    source = (source or path.name)[:100]
    names = read_ward_names(ward_names) if ward_names else {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming_postcode (code text, latitude float8, "
            "longitude float8, area_code text, ward_code text) ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming_postcode FROM STDIN") as copy:
            for unit in _units(read_postcodes(path), report, progress):
                copy.write_row(
                    (unit.code, unit.latitude, unit.longitude, unit.area_code, unit.ward_code)
                )
                if unit.ward_name:
                    names.setdefault(unit.ward_code, unit.ward_name)
        _write_units(cursor, source, report)
        report.wards = _write_wards(cursor, names)
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
               (code, level, latitude, longitude, area_code, ward_code, units, source)
        SELECT DISTINCT ON (code) code, 'unit', latitude, longitude, area_code, ward_code,
               NULL::integer, %s
          FROM incoming_postcode ORDER BY code
            ON CONFLICT (code) DO UPDATE
           SET latitude = excluded.latitude, longitude = excluded.longitude,
               area_code = excluded.area_code, source = excluded.source, level = 'unit',
               -- A file without wards takes none away.
               ward_code = coalesce(nullif(excluded.ward_code, ''), kept.ward_code)
         WHERE (kept.latitude, kept.longitude, kept.area_code, kept.source)
               IS DISTINCT FROM
               (excluded.latitude, excluded.longitude, excluded.area_code, excluded.source)
            OR excluded.ward_code NOT IN ('', kept.ward_code)
        RETURNING (xmax = 0)
        """,
        [source],
    )
    written = Counter(row[0] for row in cursor.fetchall())
    report.created, report.updated = written[True], written[False]
    report.unchanged = total - report.created - report.updated


def _write_wards(cursor, names: dict[str, str]) -> int:
    """A row for each ward that a unit lies in; a name that is known already stays unless it differs."""
    cursor.execute("SELECT DISTINCT ward_code FROM incoming_postcode WHERE ward_code <> ''")
    codes = {row[0] for row in cursor.fetchall()}
    return keep_wards({code: names.get(code, "") for code in codes})


def keep_wards(names: dict[str, str]) -> int:
    """Write wards by their codes; a blank name takes none away. Returns how many were written."""
    known = dict(Ward.objects.filter(code__in=names).values_list("code", "name"))
    rows = [
        Ward(code=code, name=name[:100])
        for code, name in names.items()
        if code not in known or name[:100] not in ("", known[code])
    ]
    Ward.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["name"]
    )
    return len(rows)


# What a unit's code is cut to.
_CUT = {
    PostcodePlace.Level.SECTOR: "left(code, -2)",
    PostcodePlace.Level.OUTCODE: "split_part(code, ' ', 1)",
}
# The ward of most units; an outcode lies in too many.
_WARD = {
    PostcodePlace.Level.SECTOR: (
        "coalesce(mode() WITHIN GROUP (ORDER BY nullif(ward_code, '')), '')"
    ),
    PostcodePlace.Level.OUTCODE: "''",
}


def _write_centres(cursor, level: PostcodePlace.Level, source: str) -> int:
    """The mean of all units known, for every sector or outcode that the file touched."""
    cut, ward = _CUT[level], _WARD[level]
    cursor.execute(
        # `cut` and `ward` are constants above; everything else is a parameter.
        f"""
        INSERT INTO directory_postcodeplace AS kept
               (code, level, latitude, longitude, area_code, ward_code, units, source)
        SELECT {cut}, %s, round(avg(latitude)::numeric, 6)::float8,
               round(avg(longitude)::numeric, 6)::float8, '', {ward}, count(*), %s
          FROM directory_postcodeplace
         WHERE level = 'unit' AND {cut} IN (SELECT DISTINCT {cut} FROM incoming_postcode)
         GROUP BY {cut}
            ON CONFLICT (code) DO UPDATE
           SET latitude = excluded.latitude, longitude = excluded.longitude,
               units = excluded.units, source = excluded.source,
               ward_code = coalesce(nullif(excluded.ward_code, ''), kept.ward_code)
         WHERE ((kept.latitude, kept.longitude, kept.units)
                IS DISTINCT FROM (excluded.latitude, excluded.longitude, excluded.units)
                OR excluded.ward_code NOT IN ('', kept.ward_code))
           AND excluded.units >= coalesce(kept.units, 0) * %s
        """,  # noqa: S608
        [level, source, ENOUGH_OF_THE_UNITS],
    )
    return cursor.rowcount


def load_sector_figures(path: Path, *, source: str) -> int:
    """Centres that ship as figures: a CSV with ``code``, ``latitude``, ``longitude``, ``units`` and
    perhaps ``ward_code`` and ``ward_name``, the ward that most of the sector lies in.

    Sectors already known from a loaded file are left as they are, but for a ward where none is known.
    Outcodes are the mean of their sectors, weighted by units. Returns how many rows were new.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(line for line in handle if not line.startswith("#")))
    sectors = [
        PostcodePlace(
            code=row["code"],
            level=PostcodePlace.Level.SECTOR,
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            ward_code=row.get("ward_code", ""),
            units=int(row["units"]),
            source=source,
        )
        for row in rows
    ]
    places = [*sectors, *_outcodes(sectors, source)]
    with transaction.atomic():
        known = PostcodePlace.objects.in_bulk([place.code for place in places])
        new = [place for place in places if place.code not in known]
        PostcodePlace.objects.bulk_create(new)
        wardless = [
            place
            for place in sectors
            if place.ward_code and place.code in known and not known[place.code].ward_code
        ]
        PostcodePlace.objects.bulk_update(wardless, ["ward_code"])
        keep_wards({row["ward_code"]: row["ward_name"] for row in rows if row.get("ward_code")})
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
