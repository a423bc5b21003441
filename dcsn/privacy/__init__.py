"""Whose data: what every field is, and how each app exports, erases, keeps and merges people's rows.

An app declares both in ``<app>/privacy.py``, which is found when Django starts::

    FIELDS = {
        "members.Person": classified(WHILE_KNOWN, personal="name phone", special="…", safe="id …"),
    }
    register(Person, PersonLink(…))

See README.md. What needs the models is looked up when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dcsn.privacy.classification import (
    AS_LONG_AS_THE_PORTAL,
    WHILE_LISTED,
    Basis,
    Kept,
    Kind,
    ModelFields,
    classified,
)
from dcsn.privacy.registry import PersonLink, register

if TYPE_CHECKING:
    from dcsn.privacy.aliases import all_ids_of, current_id_of
    from dcsn.privacy.erasing import erase_person, reapply_erasures
    from dcsn.privacy.exporting import export_person
    from dcsn.privacy.merging import merge_people, undo_merge

_HOMES = {
    "all_ids_of": "dcsn.privacy.aliases",
    "current_id_of": "dcsn.privacy.aliases",
    "erase_person": "dcsn.privacy.erasing",
    "export_person": "dcsn.privacy.exporting",
    "merge_people": "dcsn.privacy.merging",
    "reapply_erasures": "dcsn.privacy.erasing",
    "undo_merge": "dcsn.privacy.merging",
}

__all__ = [
    "AS_LONG_AS_THE_PORTAL",
    "WHILE_LISTED",
    "Basis",
    "Kept",
    "Kind",
    "ModelFields",
    "PersonLink",
    "all_ids_of",
    "classified",
    "current_id_of",
    "erase_person",
    "export_person",
    "merge_people",
    "reapply_erasures",
    "register",
    "undo_merge",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
