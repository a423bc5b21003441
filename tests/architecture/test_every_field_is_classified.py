"""Every table says of every field what it is and how long it is kept; none that leads to a person is
forgotten when they ask for a copy or to be erased."""

from __future__ import annotations

from django.db import models

from dcsn.privacy import checks
from dcsn.privacy.classification import Kind, declared, fields_of, problems, tables


def test_every_table_and_field_is_classified() -> None:
    # Each sentence names the field and the file to add it to.
    assert "\n".join(problems()) == ""


def test_every_table_that_leads_to_a_person_is_registered() -> None:
    assert [model._meta.label for model in checks.unregistered()] == []


def test_a_field_for_an_e_mail_address_or_a_network_address_is_never_called_safe() -> None:
    known = declared()
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in tables()
        for field in model._meta.local_fields
        if isinstance(field, models.EmailField | models.GenericIPAddressField)
        and known[model._meta.label].fields[field.name] is Kind.SAFE
    ]
    assert wrong == []


def test_the_walk_finds_the_tables_at_all() -> None:
    labels = {model._meta.label for model in tables()}
    assert {"directory.Service", "accounts.User", "sessions.Session"} <= labels
    service = next(model for model in tables() if model._meta.label == "directory.Service")
    assert {"name", "terms"} <= set(fields_of(service))
