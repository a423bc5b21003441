"""Rows that are only added: every model that says so refuses the rest."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from dcsn.audit.models import AppendOnlyError

UNCHANGING = [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def test_there_are_some() -> None:
    assert len(UNCHANGING) >= 10


@pytest.mark.django_db
@pytest.mark.parametrize("model", UNCHANGING, ids=lambda model: model._meta.label)
def test_a_row_is_neither_changed_nor_deleted(model: type[AppendOnly]) -> None:
    rows = model._default_manager.all()
    assert isinstance(rows, AppendOnlyQuerySet)
    written = model()
    written.pk = written.pk or 1
    written._state.adding = False
    field = next(field for field in model._meta.concrete_fields if not field.primary_key)
    for refused in (
        written.save,
        written.delete,
        rows.delete,
        lambda: rows.update(**{field.name: None}),
        lambda: rows.bulk_update([written], [field.name]),
    ):
        with pytest.raises(AppendOnlyError, match=re.escape(model.instead)):
            refused()
