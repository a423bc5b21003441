"""Readers for files of postcodes: three layouts, told apart by their first line.

=================  =============================================================================
Code-Point Open    no header, ten columns: postcode, quality, easting, northing, country, two
                   health areas, county, district, ward (Ordnance Survey, OGL)
ONSPD              header with ``pcds``, ``lat``, ``long``, ``doterm``, the local authority as
                   ``oslaua``, ``laua`` or ``lad25cd`` and the ward as ``osward`` or ``wd25cd``
                   (Office for National Statistics, OGL)
with positions     header with ``postcode``, ``lat``, ``lon``, ``lad_code`` and perhaps
                   ``ward_code_2014`` and ``ward_name_2014``, as some public conversions of
                   Code-Point Open have it
=================  =============================================================================

Only the last has the names of wards; for the others there is :func:`read_ward_names`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from directory.osgrid import to_wgs84
from directory.postcodes import normalise

CODE_POINT_COLUMNS = 10
# "No location is known" in Code-Point Open; the position is then 0, 0.
NO_POSITION_QUALITY = "90"
_AUTHORITY = re.compile(r"^(oslaua|laua|lad\d\dcd|lad_code)$")
_WARD = re.compile(r"^(osward|wd\d\dcd|ward_code(_\d{4})?)$")
_WARD_NAME = re.compile(r"^(wd\d\dnm|ward_name(_\d{4})?)$")
_AREA_CODE = re.compile(r"^[A-Z]\d{8}$")


class UnknownLayout(Exception):
    """The file is none of the layouts; the message says which were looked for."""


@dataclass(frozen=True, slots=True)
class UnitPostcode:
    code: str
    latitude: float
    longitude: float
    area_code: str
    ward_code: str = ""
    ward_name: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that gives no postcode, and why: ``terminated``, ``no position`` or ``unreadable``."""

    file: str
    line: int
    reason: str


Row = UnitPostcode | Skipped


def read_postcodes(path: Path) -> Iterator[Row]:
    """The unit postcodes of a file, or of every ``.csv`` below a folder, in order of name.

    Code-Point Open comes as a folder with a file for each postcode area.
    """
    files = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise UnknownLayout(f"There is no .csv file in {path.name}.")
    for file in files:
        yield from _read_file(file)


def _read_file(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as handle:
        lines = csv.reader(line.replace("\0", "") for line in handle)
        try:
            first = next(lines)
        except StopIteration:
            return
        names = {name.strip().lower(): at for at, name in enumerate(first)}
        read: Callable[[list[str]], UnitPostcode | str]
        if "pcds" in names and {"lat", "long"} <= names.keys():
            read = _with_header(names, "pcds", "lat", "long")
        elif "postcode" in names and {"lat", "lon"} <= names.keys():
            read = _with_header(names, "postcode", "lat", "lon")
        elif len(first) == CODE_POINT_COLUMNS and normalise(first[0]):
            read = _code_point
            yield _row(path, 1, first, read)
        else:
            raise UnknownLayout(
                f"{path.name} is not a file of postcodes that can be read: neither Code-Point "
                "Open's ten columns, nor a header with pcds, lat and long (ONSPD), nor one with "
                "postcode, lat and lon."
            )
        for row in lines:
            if any(cell.strip() for cell in row):
                yield _row(path, lines.line_num, row, read)


def _row(
    path: Path, line: int, row: list[str], read: Callable[[list[str]], UnitPostcode | str]
) -> Row:
    try:
        found = read(row)
    except (ValueError, IndexError):
        found = "unreadable"
    return Skipped(path.name, line, found) if isinstance(found, str) else found


def _code_point(row: list[str]) -> UnitPostcode | str:
    code = normalise(row[0])
    if code is None:
        return "unreadable"
    if row[1].strip() == NO_POSITION_QUALITY:
        return "no position"
    latitude, longitude = to_wgs84(float(row[2]), float(row[3]))
    return UnitPostcode(code, round(latitude, 6), round(longitude, 6), _area(row[8]), _area(row[9]))


def _with_header(
    names: dict[str, int], code_name: str, latitude_name: str, longitude_name: str
) -> Callable[[list[str]], UnitPostcode | str]:
    at_code, at_latitude, at_longitude = (
        names[code_name],
        names[latitude_name],
        names[longitude_name],
    )
    at_area = _column(names, _AUTHORITY)
    at_ward, at_ward_name = _column(names, _WARD), _column(names, _WARD_NAME)
    at_end = names.get("doterm")

    def read(row: list[str]) -> UnitPostcode | str:
        code = normalise(row[at_code])
        if code is None:
            return "unreadable"
        if at_end is not None and row[at_end].strip():
            return "terminated"
        latitude, longitude = float(row[at_latitude]), float(row[at_longitude])
        # ONSPD writes 99.999999, 0 where it has none.
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or latitude > 99:
            return "no position"
        area = _area(row[at_area]) if at_area is not None else ""
        ward = _area(row[at_ward]) if at_ward is not None else ""
        name = row[at_ward_name].strip() if at_ward_name is not None else ""
        return UnitPostcode(code, latitude, longitude, area, ward, name)

    return read


def read_ward_names(path: Path) -> dict[str, str]:
    """The names of wards by their codes, from the ONS table *Ward names and codes* (OGL).

    :raises UnknownLayout: for a file without a column such as ``WD25CD`` and one such as ``WD25NM``.
    """
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as handle:
        rows = csv.reader(line.replace("\0", "") for line in handle)
        names = {name.strip().lower(): at for at, name in enumerate(next(rows, []))}
        at_code, at_name = _column(names, _WARD), _column(names, _WARD_NAME)
        if at_code is None or at_name is None:
            raise UnknownLayout(
                f"{path.name} does not name wards: it has no column such as WD25CD with one such as "
                "WD25NM."
            )
        longest = max(at_code, at_name)
        return {
            code: row[at_name].strip()
            for row in rows
            if len(row) > longest and (code := _area(row[at_code])) and row[at_name].strip()
        }


def _column(names: dict[str, int], pattern: re.Pattern[str]) -> int | None:
    return next((at for name, at in names.items() if pattern.match(name)), None)


def _area(text: str) -> str:
    """A GSS code, or nothing: pseudo codes and blanks decide no residency."""
    text = text.strip().upper()
    return text if _AREA_CODE.match(text) and not text.startswith(("L", "M")) else ""
