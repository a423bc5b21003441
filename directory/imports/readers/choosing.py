"""Which reader a source needs."""

from __future__ import annotations

from pathlib import Path

from directory.imports.identity import Identities
from directory.imports.readers import askdarcel, connect, hsds, hsds_files, hsds_json, spreadsheet
from directory.imports.readers.tables import UnknownSource, read_csv_folder
from directory.imports.records import Batch

__all__ = ["UnknownSource", "read_source"]


def read_source(path: Path, *, source: str, mapping: Path | None = None) -> Batch:
    """Read ``path``, a file or a folder, into records.

    :param source: what the list is called: ids that are not UUIDs mean something only with it, so
        it must stay the same from one import to the next.
    :param mapping: for a spreadsheet, which column is what.
    :raises UnknownSource: with a sentence for the person who started the import.
    """
    ids = Identities(source)
    if not path.exists():
        raise UnknownSource(f"There is no file or folder {path}.")
    if mapping is not None:
        return spreadsheet.read(path, mapping, ids)
    if path.is_file():
        if path.suffix.lower() == ".json":
            return hsds.build(hsds_json.read_tables([path]), ids)
        if path.suffix.lower() in spreadsheet.SUFFIXES:
            raise UnknownSource(
                f"{path.name} is one table. Say with --mapping which column is what; "
                "docs/importing.md shows how."
            )
        raise UnknownSource(f"{path.name} is neither .json, .csv nor .xlsx.")
    tables = read_csv_folder(path)
    if tables:
        if connect.recognises(tables):
            return connect.build(tables, ids)
        if askdarcel.recognises(tables):
            return askdarcel.build(tables, ids)
        if hsds_files.recognises(tables):
            return hsds.build(hsds_files.canonical(tables), ids)
        raise UnknownSource(
            f"The tables in {path.name} are none that can be read: for HSDS there must be "
            "services.csv and organizations.csv."
        )
    files = sorted(path.glob("*.json"))
    if files:
        return hsds.build(hsds_json.read_tables(files), ids)
    raise UnknownSource(f"There are no .csv and no .json files in {path.name}.")
