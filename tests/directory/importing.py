"""Running an import in a test, and writing small sources for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from dcsn.audit import SystemJob
from directory.actions.imports import ImportReport, import_services


def run(path: Path, **options) -> ImportReport:
    return import_services(
        path=path,
        source=options.pop("source", "a test"),
        by=SystemJob("a test"),
        **options,
    )


@contextmanager
def kept_for_all(django_db_blocker) -> Iterator[None]:
    """What is written within stays for all tests of the fixture's scope, each in its own savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def command(*args: str) -> list[str]:
    out = StringIO()
    call_command("import_services", *args, stdout=out)
    return out.getvalue().strip().splitlines()


def tables(folder: Path, **files: str) -> Path:
    """Write ``services="id,name\\n1,Tea"`` as ``services.csv`` into a folder."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    return folder
