from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.portal import Portal


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """One for all tests here: each leaves it as it found it."""
    # Not pytest's folder: sockets need a short path, and PostgreSQL's user must reach it.
    with tempfile.TemporaryDirectory(prefix="dcsn-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        portal = Portal(folder)
        try:
            portal.start()
            yield portal
        finally:
            portal.stop()
