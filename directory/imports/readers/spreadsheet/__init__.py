"""One row a service: the list that an organisation keeps in a spreadsheet.

A mapping file (TOML or JSON) says which column is what::

    sheet = "Services"             # of an .xlsx; the first when not given
    first_line = 3                 # the line with the column names; 1 when not given

    [columns]
    name = "Name of service"       # the portal's word = the list's column
    organisation = "Group"
    phone = "Telephone"
    times = "When"

    [always]
    organisation = "…"             # for every row whose cell is empty

``docs/importing.md`` explains every word of :data:`FIELDS`.
"""

from __future__ import annotations

from pathlib import Path

from directory.imports.identity import Identities
from directory.imports.readers.spreadsheet.files import SUFFIXES, read_mapping, xlsx_rows
from directory.imports.readers.spreadsheet.sheet import Sheet
from directory.imports.readers.tables import UnknownSource, read_csv
from directory.imports.records import Batch

__all__ = ["SUFFIXES", "read"]


def read(path: Path, mapping: Path, ids: Identities) -> Batch:
    chosen = read_mapping(mapping)
    if path.suffix.lower() == ".xlsx":
        rows = xlsx_rows(path, chosen)
    elif path.suffix.lower() == ".csv":
        rows = read_csv(path)
    else:
        raise UnknownSource(f"{path.name} is neither .xlsx nor .csv.")
    columns = {field: str(column).strip().lower() for field, column in chosen["columns"].items()}
    if rows:
        missing = [
            chosen["columns"][field]
            for field, column in columns.items()
            if column not in rows[0].values
        ]
        if missing:
            raise UnknownSource(f"{path.name} has no column called {', '.join(missing)}.")
    return Sheet(columns, chosen, ids).batch(rows)
