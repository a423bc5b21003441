"""The mapping, and the rows of an ``.xlsx``."""

from __future__ import annotations

import json
import tomllib
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from directory.imports.readers.tables import Row, UnknownSource
from directory.imports.records import (
    Whence,
)

SUFFIXES = {".xlsx", ".csv"}
MOST_LINES = 50_000
FIELDS = frozenset(
    (
        *("id", "name", "other_names", "organisation", "organisation_about", "summary"),
        *("description", "phone", "text_phone", "email", "website", "how_to_start", "bring"),
        *("cost", "price", "per", "fees", "who", "ages", "place", "address", "address_2", "town"),
        *("county", "postcode", "confidential", "getting_there", "times", "times_note", "topics"),
        *("languages", "access", "delivery", "status", "checked_on"),
    )
)


def read_mapping(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise UnknownSource(f"The mapping {path.name} cannot be read: {error}.") from error
    columns = found.get("columns")
    if not isinstance(columns, dict) or "name" not in columns:
        raise UnknownSource(f"The mapping {path.name} needs [columns] with at least a name.")
    always = found.get("always", {})
    unknown = sorted({*columns, *always} - FIELDS)
    if unknown:
        raise UnknownSource(
            f"The mapping {path.name} uses words that mean nothing here: {', '.join(unknown)}. "
            f"Known are {', '.join(sorted(FIELDS))}."
        )
    if "organisation" not in columns and "organisation" not in always:
        raise UnknownSource(
            f"The mapping {path.name} says nowhere which organisation it is: give the column in "
            "[columns], or the name in [always]."
        )
    return {
        "columns": columns,
        "always": always,
        "sheet": found.get("sheet"),
        "first_line": int(found.get("first_line", 1)),
    }


def xlsx_rows(path: Path, chosen: dict[str, Any]) -> list[Row]:
    try:
        # Read only and values only: no formula is worked out, no link is followed.
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise UnknownSource(f"{path.name} is not an .xlsx spreadsheet.") from error
    try:
        name = chosen["sheet"]
        if name is not None and name not in book.sheetnames:
            raise UnknownSource(f"{path.name} has no sheet called {name}.")
        sheet = book[name] if name is not None else book.worksheets[0]
        rows: list[Row] = []
        header: list[str] = []
        first = chosen["first_line"]
        lines = sheet.iter_rows(min_row=first, max_row=first + MOST_LINES, values_only=True)
        for number, cells in enumerate(lines, start=first):
            texts = [_cell(cell) for cell in cells]
            if not header:
                header = [text.strip().lower() for text in texts]
            elif any(text.strip() for text in texts):
                rows.append(Row(Whence(path.name, number), dict(zip(header, texts, strict=False))))
        return rows
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
