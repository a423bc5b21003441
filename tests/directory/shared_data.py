"""Where the real data lies that is kept beside the project and never in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parents[2]


def shared_data(*parts: str) -> Path:
    """A file or folder of the shared data; skips the test, saying why, where there is none."""
    root = Path(os.environ.get("DCSN_SHARED_DATA") or _PROJECT.parent / "shared" / "data")
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(
            f"no {'/'.join(parts)} in the data beside the project: set DCSN_SHARED_DATA to its folder"
        )
    return path
