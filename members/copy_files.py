"""Files that the apps above put beside a copy of everything, without this app knowing them.

In ``pathways/fhir/copy.py``, called from its ``apps.ready()``::

    register_file(CopyFile(key="fhir", heading=…, words=…, make=bundle_of, made_from=(…,), …))

A file is made when everything is gathered, and kept as a part of the copy: whoever reads the copy through
decides about it too, and what was decided about is what is given. A file cannot leave one line out, so it is
not given where anything was left out of the parts that it holds again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from members.models import CopyPart, CopyRequest, Person

# What stands in a part's ``table`` before the key of its file.
TABLE = "file:"


@dataclass(frozen=True)
class CopyFile:
    """``make(person)``: its text, or None where there is nothing to put into one. ``words``: what the
    reviewer reads about it; ``made_from``: the tables whose rows it holds again."""

    key: str
    heading: str | Promise
    words: str | Promise
    media_type: str
    extension: str
    make: Callable[[Person], str | None]
    made_from: tuple[str, ...]


_files: dict[str, CopyFile] = {}


def register_file(file: CopyFile) -> None:
    if file.key in _files:
        raise ValueError(f"The file {file.key} of a copy is registered twice.")
    _files[file.key] = file


def make_parts(copy: CopyRequest, person: Person, *, after: int) -> list[CopyPart]:
    """Those of this person, not saved yet, numbered on from ``after``."""
    made = [(file, file.make(person)) for file in _files.values()]
    found = [(file, text) for file, text in made if text is not None]
    return [
        CopyPart(
            copy=copy,
            position=number,
            table=f"{TABLE}{file.key}",
            heading=str(file.heading),
            rows=[
                [
                    {
                        "key": "file",
                        "label": str(file.heading),
                        "value": text,
                        "text": str(file.words),
                        # To be decided about: it holds what others may be named in.
                        "third_party": True,
                    }
                ]
            ],
        )
        for number, (file, text) in enumerate(found, start=after + 1)
    ]


def is_file(part: CopyPart) -> bool:
    return part.table.startswith(TABLE)


def given_files(copy: CopyRequest) -> dict[str, tuple[CopyFile, str]]:
    """What may be given beside this copy, by its key."""
    parts = list(copy.parts.all())
    cut = {part.table for part in parts if part.left_out}
    return {
        file.key: (file, part.rows[0][0]["value"])
        for part in parts
        if is_file(part)
        and not part.left_out
        and (file := _files.get(part.table.removeprefix(TABLE))) is not None
        and not cut.intersection(file.made_from)
    }
