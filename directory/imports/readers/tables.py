"""Rows of a table, each knowing where it stands."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from directory.imports.records import Whence

# A cell larger than this is no description: it is a mistake or an attack.
LARGEST_CELL = 1_000_000


class UnknownSource(Exception):
    """The source cannot be read at all; the message says why, for the person who started it."""


@dataclass(slots=True)
class Row:
    """One row; column names in lower case. Values from CSV are text, from JSON of any kind."""

    whence: Whence
    values: dict[str, Any]

    def text(self, *names: str) -> str:
        """The first of these columns that is not empty, as text without space around it."""
        for name in names:
            value = self.values.get(name)
            if value is None or isinstance(value, dict | list):
                continue
            text = str(value).strip()
            if text:
                return text
        return ""

    def has(self, *names: str) -> bool:
        """Whether the source has any of these columns, empty or not."""
        return any(name in self.values for name in names)


Tables = dict[str, list[Row]]


def read_csv(path: Path) -> list[Row]:
    """The rows of a CSV file, in UTF-8 with or without a mark, else in Windows-1252.

    Raises :class:`UnknownSource` when it is no table.
    """
    return list(_rows(path))


def _rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LARGEST_CELL)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes when somebody saves as "CSV" in Britain.
        text = data.decode("cp1252", errors="replace")
    lines = csv.reader(text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True))
    try:
        header = [name.strip().lower() for name in next(lines)]
        while True:
            # The line on which the row begins: a description can hold line breaks.
            begins = lines.line_num + 1
            cells = next(lines)
            if any(cell.strip() for cell in cells):
                yield Row(Whence(path.name, begins), dict(zip(header, cells, strict=False)))
    except StopIteration:
        return
    except csv.Error as error:
        raise UnknownSource(f"{path.name}, line {lines.line_num}: {error}.") from error


def read_csv_folder(path: Path) -> Tables:
    """Every ``.csv`` file directly in a folder, by its name without ``.csv``."""
    return {file.stem.lower(): read_csv(file) for file in sorted(path.glob("*.csv"))}
