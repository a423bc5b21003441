"""One record against one row: copied by the names of their fields."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from directory.imports.records import UNSET
from directory.imports.writing.outcome import State


def save(record: Any, row: Any, new: bool) -> State:
    changed = fill(record, row)
    if new:
        row.save(force_insert=True)
        return "created"
    if not changed:
        return "unchanged"
    if any(column.name == "last_modified" for column in row._meta.concrete_fields):
        changed.append("last_modified")
    row.save(update_fields=changed)
    return "updated"


def fill(record: Any, row: Any) -> list[str]:
    """Copy what the record says into the row. Returns the names of what differed."""
    changed = []
    columns = {column.attname: column for column in row._meta.concrete_fields}
    for entry in fields(record):
        value = getattr(record, entry.name)
        column = columns.get(entry.name)
        if value is UNSET or column is None or column.primary_key:
            continue
        if getattr(row, column.attname) != value:
            setattr(row, column.attname, value)
            changed.append(column.name)
    return changed
