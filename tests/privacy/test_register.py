"""docs/data-handling.md is what the code says: every table, its basis, how long, what is left."""

from __future__ import annotations

import io

from django.core.management import call_command

from dcsn.privacy.classification import Basis, Kind, declared
from dcsn.privacy.register import data_handling, path, register, retention_table
from dcsn.privacy.retention import classes


def test_the_document_is_up_to_date() -> None:
    assert path().read_text(encoding="utf-8") == data_handling(), (
        "docs/data-handling.md is out of date: run .venv/bin/python manage.py data_register --write"
    )


def test_every_table_that_holds_something_personal_is_in_it_with_every_such_field() -> None:
    text = register()
    for label, fields in declared().items():
        named = fields.of_kind(Kind.PERSONAL, Kind.SPECIAL)
        assert (f"**{label}**" in text) is bool(named)
        entry = text.split(f"**{label}**")[1].split("**")[0] if named else ""
        assert [name for name in named if name not in entry] == []
        if named:
            assert "* kept:" in entry


def test_tables_with_nothing_personal_are_there_when_asked_for() -> None:
    out = io.StringIO()
    call_command("data_register", "--all", stdout=out)
    assert [label for label in declared() if f"**{label}**" not in out.getvalue()] == []


def test_every_basis_is_said_in_words() -> None:
    assert all(basis.personal and basis.special for basis in Basis)


def test_every_class_is_in_the_table_with_its_setting() -> None:
    text = retention_table()
    for one in classes():
        assert str(one.what) in text
        assert one.variable in text
        assert one.days >= 1


def test_what_is_said_to_be_kept_by_a_setting_is_forgotten_by_a_class() -> None:
    """A sentence in the register that no class carries out would be a promise that nobody keeps."""
    applied = {one.setting for one in classes()}
    said = {fields.kept.setting for fields in declared().values() if fields.kept.setting}
    assert said - applied == set()
