"""Every migration applies to tables that have rows in them, and loses none that it does not mean to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

MIGRATIONS = sorted(
    path
    for path in [
        *settings.BASE_DIR.glob("*/migrations/0*.py"),
        *settings.BASE_DIR.glob("dcsn/*/migrations/0*.py"),
    ]
)


@pytest.mark.django_db(transaction=True)
def test_every_migration_walks_back_and_forward_over_filled_tables(tmp_path: Path) -> None:
    name = f"walk_{uuid.uuid4().hex[:10]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.migrations.walk"],
                cwd=settings.BASE_DIR,
                env=os.environ
                | {
                    "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])
                    ._replace(path=f"/{name}")
                    .geturl(),
                    "DJANGO_SETTINGS_MODULE": "dcsn.settings",
                    "DCSN_DEVELOPMENT": "true",
                    "DCSN_DEMONSTRATION": "true",
                    "DCSN_AREA_CODES": "E06000005",
                    "DCSN_FILES_DIR": str(tmp_path / "files"),
                    "DCSN_ERASURE_LOG": str(tmp_path / "erasures.jsonl"),
                },
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            for left in (name, f"{name}_filled"):
                cursor.execute(f"DROP DATABASE IF EXISTS {left} WITH (FORCE)")

    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lost"] == {}
    assert found["services"] >= 60
    later_ones = [path for path in MIGRATIONS if not path.name.startswith("0001")]
    assert len(found["walked"]) == len(later_ones) > 0
