from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs import kinds_for_tests  # noqa: F401  (importing registers the kinds)


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    """A folder of its own for every test's files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT
