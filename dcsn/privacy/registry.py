"""How each table that leads to a person is exported, erased, kept and merged.

The kernel knows no ``Person``: it passes the person's id (a UUID) to what the apps registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise

Rows = list[dict[str, Any]]


def _holds_nothing(person: UUID) -> None:
    return None


def _moves_nothing(old: UUID, current: UUID) -> list[str]:
    return []


def _moves_nothing_back(current: UUID, old: UUID, moved: list[str]) -> None:
    return None


@dataclass(frozen=True)
class PersonLink:
    """What is to be done with one table's rows about a person. All get the person's id.

    ``heading``: what the rows are called in an export that the person reads.
    ``export(person)``: every row about them, as plain values.
    ``erase(person)``: delete or blank; returns how many rows. It may be called again for a person
    who was erased (after a restore) and must then find nothing to do.
    ``keep``: a sentence that says what stays after an erasure and why; empty when nothing does.
    ``merge(old, current)``: hand rows over to the other record; returns the primary keys moved, so
    that ``unmerge(current, old, keys)`` can move them back. Rows that must not change stay, and are
    found by way of the alias.
    ``hold(person)``: called for every link before the first erases anything: lock here what others lock
    before they add rows about the person, so that none slips in behind the erasing.
    ``order``: erasing goes from low to high; the person's own row comes last.
    ``includes``: tables below this one whose rows are exported and erased with it; a check asks for
    it, so that no table two steps away from a person is forgotten.
    ``third_parties``: keys of the exported rows that name, or may name, somebody else (a relation, an
    emergency contact, what staff wrote). Whoever reviews a copy must decide about each of them.
    ``left_out_of_copy``: never in a copy nor in its review, and nothing says so: a safeguarding concern,
    lest the copy tips off whoever it is about. It is still erased, kept and merged like the rest.
    """

    heading: str | Promise
    export: Callable[[UUID], Rows]
    erase: Callable[[UUID], int]
    keep: str | Promise = ""
    merge: Callable[[UUID, UUID], list[str]] = _moves_nothing
    unmerge: Callable[[UUID, UUID, list[str]], None] = _moves_nothing_back
    hold: Callable[[UUID], None] = _holds_nothing
    order: int = 0
    includes: tuple[type[models.Model], ...] = ()
    third_parties: frozenset[str] | tuple[str, ...] = ()
    left_out_of_copy: bool = False


_links: dict[type[models.Model], PersonLink] = {}


def register(model: type[models.Model], link: PersonLink) -> None:
    """Say how ``model``'s rows about a person are treated; twice for one model is an error."""
    if model in _links:
        raise ValueError(f"{model._meta.label} is registered twice.")
    _links[model] = link


def links() -> list[tuple[type[models.Model], PersonLink]]:
    """All of them, in the order of erasing."""
    return sorted(_links.items(), key=lambda item: (item[1].order, item[0]._meta.label))


def is_registered(model: type[models.Model]) -> bool:
    return model in _links


def covered() -> set[type[models.Model]]:
    """Every table whose rows are dealt with: registered, or included by one that is."""
    return set(_links) | {model for link in _links.values() for model in link.includes}


def lock_person(ids: Iterable[UUID]) -> None:
    """Wait for whoever adds rows about the person, erases them or places a hold; then go first."""
    for _model, link in links():
        for identifier in ids:
            link.hold(identifier)


# --- The usual ways, for most tables ----------------------------------------------------------------


def export_rows(model: type[models.Model], path: str, fields: list[str]) -> Callable[[UUID], Rows]:
    """Export ``fields`` of the rows whose ``path`` is the person; choices in their words."""

    def export(person: UUID) -> Rows:
        return [
            {name: said(row, name) for name in fields}
            for row in model._default_manager.filter(**{path: person})
        ]

    return export


def said(row: models.Model, name: str) -> Any:
    """A field's value as a person would read it: choices by their labels, an id as text."""
    if name in {field.name for field in row._meta.local_fields}:
        field = row._meta.get_field(name)
        if isinstance(field, ArrayField) and field.base_field.choices:
            labels = dict(field.base_field.flatchoices)
            return [str(labels.get(value, value)) for value in getattr(row, name)]
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    value = getattr(row, name)
    if isinstance(value, models.Model | UUID):
        return str(value)
    return value


def delete_rows(model: type[models.Model], path: str) -> Callable[[UUID], int]:
    """Erase by deleting."""

    def erase(person: UUID) -> int:
        return model._default_manager.filter(**{path: person}).delete()[0]

    return erase


def keep_rows(person: UUID) -> int:
    """Erase nothing: for rows that must stay and hold nothing but ids. Say why in ``keep``."""
    return 0


def move_rows(model: type[models.Model], path: str) -> Callable[[UUID, UUID], list[str]]:
    """Merge by pointing rows at the other record."""

    def merge(old: UUID, current: UUID) -> list[str]:
        rows = model._default_manager.filter(**{path: old})
        keys = [str(key) for key in rows.values_list("pk", flat=True)]
        rows.update(**{path: current})
        return keys

    return merge


def move_rows_back(model: type[models.Model], path: str) -> Callable[[UUID, UUID, list[str]], None]:
    """Undo :func:`move_rows`: only what was moved, not what came since."""

    def unmerge(current: UUID, old: UUID, moved: list[str]) -> None:
        model._default_manager.filter(pk__in=moved, **{path: current}).update(**{path: old})

    return unmerge
