"""The file that remembers erasures when the database does not: one line of JSON each, ids only.

It lies outside the database, so a restored database cannot take it back in time. ``DCSN_ERASURE_LOG``
says where; beside the uploaded files when it is not set. Keep it out of what a restore overwrites.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings


class ErasureLogError(RuntimeError):
    """The log cannot be read or written; nothing was erased."""


def path() -> Path:
    return Path(settings.ERASURE_LOG)


def append(*, subjects: list[UUID], at: datetime, by: str, reason: str) -> None:
    """Write one line and wait until the disk has it. Raises :class:`ErasureLogError`."""
    line = json.dumps(
        {
            "subjects": [str(subject) for subject in subjects],
            "at": at.isoformat(),
            "by": by,
            "reason": reason,
        }
    )
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # A line that a power cut broke off must not swallow this one.
            size = os.fstat(descriptor).st_size
            broken = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            os.write(descriptor, (b"\n" if broken else b"") + line.encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ErasureLogError(f"The log of erasures cannot be written: {error}") from error


def read() -> Iterator[dict[str, Any]]:
    """Every line that can be read. Raises :class:`ErasureLogError` for one in the middle that cannot."""
    try:
        lines = path().read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return
    except OSError as error:
        raise ErasureLogError(f"The log of erasures cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            entry["subjects"] = [UUID(subject) for subject in entry["subjects"]]
        except (ValueError, KeyError, TypeError) as error:
            if number >= len(lines) - 1:
                # Broken off while it was written: that erasure was rolled back with it.
                continue
            raise ErasureLogError(f"{path()}, line {number} cannot be read: {error}") from error
        yield entry
